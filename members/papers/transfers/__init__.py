"""Papers of transfers: the letter in its three parts, and the register of a period."""
