"""The lists of standing: one file for each."""

from __future__ import annotations

from members.admin.standing import contact, discipline, floating, second

__all__ = ["contact", "discipline", "floating", "second"]
