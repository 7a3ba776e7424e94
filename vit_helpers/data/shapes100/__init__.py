"""Shapes-100, the embedded dataset: what is in it, and how it is drawn."""
