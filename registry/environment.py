"""How a setting is read from the environment, and the sentence where it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str) -> str:
    """Return the setting without outer spaces; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def env_flag(name: str, *, default: bool) -> bool:
    """Read a yes/no setting; anything but "1" or "0" stops the start-up."""
    value = env_text(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 (yes) or 0 (no).")
    return value == "1"


def env_number(name: str, default: int, *, at_least: int = 0, at_most: int) -> int:
    """Read a whole number; one out of range stops the start-up."""
    value = env_text(name, str(default))
    if not (value.isascii() and value.isdigit()) or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Set it to a whole number from {at_least} to {at_most}."
        )
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    """Read a list whose entries are parted by commas."""
    return [part.strip() for part in env_text(name, ",".join(default)).split(",") if part.strip()]


def env_folder(name: str, default: Path) -> Path:
    """Read a folder; a relative one is taken from the working folder. It need not exist yet."""
    return Path(env_text(name, str(default))).expanduser().absolute()
