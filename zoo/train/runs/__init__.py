"""A run's folder: who may write there, what was run, the state after each epoch, new or resumed."""
