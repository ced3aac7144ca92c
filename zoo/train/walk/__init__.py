"""Walk-forward: train on the past, predict the next, go on."""
