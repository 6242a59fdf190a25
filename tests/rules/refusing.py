"""What a rule says against what it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def refusal(rule: Callable[..., Any], *given: Any) -> str:
    """Return the sentence with which ``rule`` refuses what it is given; "" where it takes it."""
    try:
        rule(*given)
    except ValueError as error:
        return str(error)
    return ""
