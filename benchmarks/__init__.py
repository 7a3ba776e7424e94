"""Speed, memory and accuracy beside the reference recipe and PyTorch: what `make bench` runs."""
