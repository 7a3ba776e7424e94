"""The study: which recipe, how many images, what to enlarge first; with error bars."""
