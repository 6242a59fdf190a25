from members.admin.development import board, desk, policies, together

__all__ = ["board", "desk", "policies", "together"]
