"""Searches and sweeps: many trainings of one spec with other parameters, ranked."""
