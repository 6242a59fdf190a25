"""A list as a page of its own, which prints as the PDF does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static

from registry.papers.breaking import parts_of_a_name
from registry.papers.columns import PaperColumn
from registry.papers.lists import ListPaper

STYLE = "registry/paper.css"
SIZES = range(7, 13)  # points for which the style has a class


def write_page(paper: ListPaper) -> bytes:
    """Return the page as the register serves it: its style is a file, as the policy demands."""
    return render_to_string("papers/list.html", _context(paper)).encode()


def standalone(page: bytes) -> bytes:
    """Return a page of ``write_page`` with its style in it, to be kept as a file."""
    css = (Path(__file__).parents[1] / "static" / STYLE).read_text(encoding="utf-8")
    link = f'<link rel="stylesheet" href="{static(STYLE)}">'
    return page.decode().replace(link, f"<style>\n{css}</style>", 1).encode()


def _context(paper: ListPaper) -> dict[str, Any]:
    columns = paper.table.columns
    share = 100 / sum(column.width for column in columns)
    return {
        "paper": paper,
        "page": f"{paper.page.paper}{'-flipped' if paper.page.flipped else ''}",
        "size": f"size-{min(max(round(paper.size), SIZES[0]), SIZES[-1])}",
        "columns": [{"share": f"{column.width * share:.2f}"} for column in columns],
        "headings": [
            [replace(each, words=each.words.replace("\n", "")) for each in row]
            for row in paper.table.headings
        ],
        "sheets": [
            {
                "signoff": sheet.signoff,
                "sections": [
                    {
                        "heading": section.heading,
                        "rows": [_row(row, columns) for row in section.rows],
                        "nobody": sheet.names_nobody(section),
                        "total": section.total,
                    }
                    for section in sheet.sections
                ],
            }
            for sheet in paper.sheets()
        ],
    }


def _row(texts: Sequence[str], columns: Sequence[PaperColumn[Any]]) -> list[dict[str, Any]]:
    return [
        {"kind": _kind(column), "parts": _parts(text, column)}
        for text, column in zip(texts, columns, strict=True)
    ]


def _kind(column: PaperColumn[Any]) -> str:
    """Return the classes of a cell; most lie in the middle and break freely."""
    align = "" if column.align == "center" else column.align
    breaks = "" if column.breaks == "freely" else column.breaks.replace("_", "-")
    return " ".join(filter(None, (align, breaks)))


def _parts(text: str, column: PaperColumn[Any]) -> Sequence[str]:
    """Return the parts of a name, between which a line may end; any other text whole."""
    return parts_of_a_name(text) if column.breaks == "after_dot" else (text,)
