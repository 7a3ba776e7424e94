"""What notebooks and exercises show a learner."""
