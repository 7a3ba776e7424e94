"""The Vision Transformer: its layers, whole models, and what they do inside."""
