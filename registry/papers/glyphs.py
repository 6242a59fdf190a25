"""Characters that no font can print, named before printing.

Typst prints an empty box for a character that no font has, and says nothing. A roster with a box
in a name must not go out under a seal, so a door asks here first and tells the clerk.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from registry.papers import cmaps
from registry.papers.typefaces import VENDORED, Typefaces, faces
from registry.sentences import Sentence, warning

# Controls, formats (joiners, direction marks) and spaces print nothing, so no font need have them.
INKLESS = {"Cc", "Cf", "Zl", "Zp", "Zs"}


def missing_glyphs(texts: Iterable[str], *, typefaces: Typefaces = VENDORED) -> list[str]:
    """Return the characters of ``texts`` that no font has, each once, in order of appearance."""
    wanted = dict.fromkeys(sign for text in texts for sign in text)
    lacking = [sign for sign in wanted if not _has(_own(typefaces), sign)]
    return [sign for sign in lacking if _needs_ink(sign) and not _has(_any(typefaces), sign)]


def missing_glyph_warnings(
    texts: Iterable[str], *, typefaces: Typefaces = VENDORED
) -> list[Sentence]:
    """Return one sentence that names every character that would print as a box, or none."""
    missing = missing_glyphs(texts, typefaces=typefaces)
    if not missing:
        return []
    named = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing)
    return [
        warning(
            "No font here has %(signs)s; an empty box would be printed."
            " Install a font that has it, or put its file into the font folder.",
            signs=named,
            code="glyph_missing",
        )
    ]


def _needs_ink(sign: str) -> bool:
    return unicodedata.category(sign) not in INKLESS and not _selects_a_variant(sign)


def _selects_a_variant(sign: str) -> bool:
    """Variation selectors choose among shapes of the character before them."""
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def _has(spans: tuple[list[int], list[int]], sign: str) -> bool:
    firsts, lasts = spans
    at = bisect_right(firsts, ord(sign)) - 1
    return at >= 0 and ord(sign) <= lasts[at]


@cache
def _own(typefaces: Typefaces) -> tuple[list[int], list[int]]:
    """The vendored and configured fonts: enough for nearly every paper, and quick to read."""
    folders = typefaces.searched()
    return _read(
        {
            (Path(face.path), face.index)
            for face in faces(typefaces)
            if face.path and any(Path(face.path).is_relative_to(folder) for folder in folders)
        }
    )


@cache
def _any(typefaces: Typefaces) -> tuple[list[int], list[int]]:
    """Every font that Typst may fall back to."""
    return _read({(Path(face.path), face.index) for face in faces(typefaces) if face.path})


def _read(files: Iterable[tuple[Path, int]]) -> tuple[list[int], list[int]]:
    found: list[cmaps.Span] = []
    for path, index in files:
        try:
            found += cmaps.spans(path, index)
        except (OSError, ValueError):
            continue  # Typst cannot use it either
    spans = cmaps.joined(found)
    return [first for first, _ in spans], [last for _, last in spans]
