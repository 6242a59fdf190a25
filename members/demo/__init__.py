"""Invented cities with invented people, for demonstrations, tests and benchmarks."""
