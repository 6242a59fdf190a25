"""The pages of dues: one file for each."""
