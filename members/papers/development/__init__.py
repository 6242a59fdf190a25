"""The papers of development: lists of a year, and the letters and forms of one person's file."""
