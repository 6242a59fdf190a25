"""Papers of terms and elections: one file for each."""
