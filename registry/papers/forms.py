"""A form of boxes: labels, what is known beside them, and room where somebody writes and signs.

One form becomes a PDF (``templates/papers/form.typ``) and a file to edit
(``registry/papers/word_forms.py``), with the same texts in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from registry.papers.typefaces import VENDORED, Typefaces

LEAST = 9.0  # mm: a row that somebody can write in
WIDTH = 180.0  # mm: an upright A4 page less its margins


@dataclass(frozen=True)
class Box:
    """A box ``span`` columns wide; ``sign`` stands at its right foot (签名：　年　月　日)."""

    text: str
    span: int = 1
    label: bool = False
    sign: str = ""


@dataclass(frozen=True)
class Row:
    """Boxes beside each other, at least ``height`` mm high; a band is one heading across."""

    boxes: tuple[Box, ...]
    height: float = LEAST
    band: bool = False


@dataclass(frozen=True)
class Form:
    """A form: its heading, a line above the boxes, the boxes, lines to sign below them.

    ``title`` names the file and says whose form it is; ``heading`` is what is printed. ``widths``
    are those of the columns in mm, together WIDTH.
    """

    title: str
    heading: str
    above: tuple[str, str]  # at the left and at the right
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    day: date
    below: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    footer: str = ""

    template: ClassVar[str] = "form"
    count: ClassVar[int] = 1

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (self.title, self.heading, *self.above, *self.below, *self.notes, self.footer)
        for row in self.rows:
            for box in row.boxes:
                yield from (box.text, box.sign)

    def data(self, typefaces: Typefaces = VENDORED) -> dict[str, Any]:
        """Return what ``templates/papers/form.typ`` reads; Typst measures it itself."""
        return {
            "title": self.title,
            "heading": self.heading,
            "above": self.above,
            "widths": self.widths,
            "rows": [
                {"height": row.height, "band": row.band, "boxes": list(self._boxes(row))}
                for row in self.rows
            ],
            "below": self.below,
            "notes": self.notes,
            "footer": self.footer,
        }

    def _boxes(self, row: Row) -> Iterator[dict[str, Any]]:
        at = 0
        for box in row.boxes:
            yield {
                "text": box.text,
                "span": box.span,
                "label": box.label,
                "sign": box.sign,
                "width": sum(self.widths[at : at + box.span]),
            }
            at += box.span


def label(text: str, span: int = 1) -> Box:
    return Box(text, span, label=True)


def pairs(*texts: tuple[str, str]) -> Row:
    """Return a row of labels, each with a box of one column beside it."""
    return Row(tuple(box for name, text in texts for box in (label(name), Box(text))))
