"""What a run looks at, seen from outside: importances, factors, attention, and a check of attributions."""
