"""Sheets about dues: bases of a year, payments, and to which month somebody has paid."""
