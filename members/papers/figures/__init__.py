"""The papers of the statistics and the work report."""
