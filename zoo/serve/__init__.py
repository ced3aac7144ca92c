"""A built model → its fastest way to predictions: engines, dense scoring, streams, exports."""
