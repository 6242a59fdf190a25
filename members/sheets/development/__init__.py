"""Registers of people on their way to membership: into files of development, and out of them."""
