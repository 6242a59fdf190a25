"""Text that a spreadsheet would compute when it opens a text file, and the sign that stops it.

A .csv cannot say what is text: ``=1+1`` in it becomes 2 on the clerk's screen, and worse things
happen. One apostrophe before it keeps it text, and our own reader takes that apostrophe away
again, so that what went out comes back unchanged.
"""

from __future__ import annotations

import re

GUARD = "'"
# Blanks before the sign do not stop every program; a text that only looks guarded is guarded, too.
_COMPUTED = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def guarded(text: str) -> str:
    """Return ``text`` as no program computes it; most text comes back as it is."""
    return GUARD + text if _COMPUTED.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` was given."""
    return text[1:] if text.startswith(GUARD) and _COMPUTED.match(text, 1) else text
