"""Every picture of the series; these modules know no model and no training."""
