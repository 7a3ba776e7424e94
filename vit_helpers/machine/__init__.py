"""What the machine gives: the start of Keras and JAX, the cache folder, memory."""
