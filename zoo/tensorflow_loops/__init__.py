"""Recurrent loops compiled by XLA, and how they stand in for those of Keras's layers."""
