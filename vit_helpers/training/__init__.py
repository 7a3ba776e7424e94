"""Recipes, one training run, and how fast it goes."""
