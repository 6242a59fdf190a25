"""Headings as people write them, and the one form under which they are looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SPACE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\u00ad]+")
_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_NUMBERED = re.compile(r"^\d{1,2}[.、](?=\D)")
_BRACKETS = str.maketrans("", "", "()[]【】〔〕<>")


def normal(heading: str) -> str:
    """Return the heading without blanks, line breaks, stars and bracketed notes, in half width.

    A heading that is nothing but a bracketed note keeps its words.
    """
    full = _half_width(heading)
    return _NOTE.sub("", full).strip(":.、") or full.translate(_BRACKETS)


def with_note(heading: str) -> str:
    """Return the normal form in which a bracketed note is kept: 学历（在职） as 学历在职."""
    return _half_width(heading).translate(_BRACKETS).strip(":.、")


def _half_width(heading: str) -> str:
    text = unicodedata.normalize("NFKC", _SPACE.sub("", heading))
    text = _SPACE.sub("", text).replace("*", "").replace("★", "").replace("※", "").lower()
    return _NUMBERED.sub("", text)


def look_up(heading: str, synonyms: Mapping[str, str]) -> tuple[str, str]:
    """Return (normal form, field); the form with its note goes first. Unknown: field is empty."""
    for form in (with_note(heading), normal(heading)):
        if form in synonyms:
            return form, synonyms[form]
    return normal(heading), ""
