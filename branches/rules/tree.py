"""Paths in the tree of organisations: four signs of 0-9 A-Z for each level, compared as bytes.

Everything below an organisation is one half-open range of paths, from its own path up to, not
including, ``end_of`` it. On PostgreSQL the column needs the collation "C", which compares bytes.
"""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDTH = 4
LEVELS = 16
CHILDREN = len(SIGNS) ** WIDTH  # at most so many beside each other, 1,679,616
LONGEST = WIDTH * LEVELS


def root_path(number: int) -> str:
    """Return the path of the organisation that is ``number``, from 0, on top of the register."""
    return child_path("", number)


def child_path(parent_path: str, number: int) -> str:
    """Return the path of the child that is ``number``, from 0; raise ValueError for no room."""
    if not 0 <= number < CHILDREN:
        raise ValueError(f"{number} is no place among children; they run from 0 to {CHILDREN - 1}.")
    if level_of(parent_path) >= LEVELS:
        raise ValueError(f"The tree has {LEVELS} levels and no more. Stand it higher.")
    step = ""
    for _ in range(WIDTH):
        number, sign = divmod(number, len(SIGNS))
        step = SIGNS[sign] + step
    return parent_path + step


def step_after(last_sibling_path: str) -> str:
    """Return the path beside ``last_sibling_path``; raise ValueError where no place is left."""
    parent, step = last_sibling_path[:-WIDTH], last_sibling_path[-WIDTH:]
    return child_path(parent, int(step, len(SIGNS)) + 1)


def end_of(path: str) -> str:
    """Return the first text in byte order that is greater than ``path`` and everything below it.

    The end of the empty path is greater than every path: the range of the whole register.
    """
    return path[:-1] + chr(ord(path[-1]) + 1) if path else chr(ord(SIGNS[-1]) + 1)


def level_of(path: str) -> int:
    """Return the level: 1 on top, 0 for the empty path of the whole register."""
    return len(path) // WIDTH


def parent_of(path: str) -> str:
    """Return the path one level up; the empty path for an organisation on top."""
    return path[:-WIDTH]


def common_to(path: str, other: str) -> str:
    """Return the path of the nearest organisation under which both stand; empty for none."""
    above = [each for each in ("", *ancestors_of(path), path) if stands_under(other, each)]
    return above[-1]


def ancestors_of(path: str) -> list[str]:
    """Return the paths above ``path``, the top one first, without ``path`` itself."""
    return [path[:end] for end in range(WIDTH, len(path), WIDTH)]


def stands_under(path: str, top: str) -> bool:
    """Return whether ``path`` is ``top`` itself or below it."""
    return path.startswith(top)


def moved(path: str, top: str, new_top: str) -> str:
    """Return where ``path``, at or below ``top``, stands once ``top`` has become ``new_top``.

    Raises ValueError where it would stand too deep, or does not stand under ``top``.
    """
    if not stands_under(path, top):
        raise ValueError(f"{path} does not stand under {top}.")
    there = new_top + path[len(top) :]
    if len(there) > LONGEST:
        raise ValueError(f"The tree has {LEVELS} levels and no more. Stand it higher.")
    return there
