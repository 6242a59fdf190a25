from branches.admin import accounts, areas, log

__all__ = ["accounts", "areas", "log"]
