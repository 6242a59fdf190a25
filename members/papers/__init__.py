"""Papers about people: for each its column table and the question that fills it."""
