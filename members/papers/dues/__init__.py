"""The papers of dues: what branches have signed, committees add up, and offices publish."""
