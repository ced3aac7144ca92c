"""The report on a model: its scores beside the baselines."""
