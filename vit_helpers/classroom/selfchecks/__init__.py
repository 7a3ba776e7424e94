"""The self-checks of the exercises: one module for each notebook, one function for each task."""
