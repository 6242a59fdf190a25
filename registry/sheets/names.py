"""Names of people as sheets write them: blanks for width, marks behind, many middle dots."""

from __future__ import annotations

import re

from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import Read, is_blank_word, quoted, text_of, too_long
from registry.sheets.workbook import Value

_HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff\u2e80-\u2fdf\ue000-\uf8ff\u25a1"
)
_DOT = re.compile(rf"(?<=[{_HAN}])\s*[·•・‧．.⋅∙･᛫]\s*(?=[{_HAN}])")
_MARKS = re.compile(r"[★☆●○◆◇■△▲▽▼*＊※#＃√✓]+")
_NOTE = re.compile(r"[(（【\[](?:[^()（）【】\[\]]*)[)）】\]]$")
_HAN_BLANK = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
_DOUBTFUL = re.compile("[\ue000-\uf8ff□?？�\u2ff0-\u2fff]")


def read_name(value: Value, *, max_length: int = 60) -> Read[str]:
    """Return the name of a person; None where the cell is empty or says 无.

    Blanks between Han signs fall away (quietly in a name of two signs, where they are set for
    width), the middle dot becomes ·, and marks and notes behind the name, such as （女） or ★, fall
    away with a warning. Signs that stand in for a rare one (□, ?, private use) are pointed out.
    """
    text, found = text_of(value)
    findings = list(found)
    if not text or is_blank_word(text):
        return Read(None, found)
    name = _MARKS.sub("", text).strip()
    while (shorter := _NOTE.sub("", name).strip()) and shorter != name:
        name = shorter
    remarkable = name != text
    name = _DOT.sub("·", name)
    joined = _HAN_BLANK.sub("", name)
    remarkable = remarkable or (joined != name and len(joined) != 2)
    if len(joined) > max_length:
        raise too_long(joined, max_length)
    if remarkable:
        findings.append(
            warning(
                "“%(text)s” is read as the name “%(name)s”.",
                code=codes.NAME_CLEANED,
                text=quoted(text),
                name=quoted(joined),
            )
        )
    if _DOUBTFUL.search(joined):
        findings.append(_doubtful(joined))
    return Read(joined or None, tuple(findings))


def _doubtful(name: str) -> Sentence:
    return warning(
        "“%(name)s” holds a sign that seems to stand for another. Type the rare sign itself.",
        code=codes.NAME_DOUBTFUL,
        name=quoted(name),
    )
