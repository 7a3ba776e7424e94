"""Datasets: drawn, downloaded or read from a folder; split three ways, augmented."""
