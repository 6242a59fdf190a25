"""Printing: the paper made, its missing characters named, the file written and the act logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from registry.models import Action, Entry
from registry.papers.catalogue import Asked, Paper
from registry.papers.glyphs import missing_glyph_warnings
from registry.papers.typefaces import Typefaces
from registry.papers.writing import CONTENT_TYPES, Printable, write
from registry.sentences import Sentence

OFFICE_TYPEFACES = Typefaces(
    text=tuple(settings.LIST_FONTS),
    title=tuple(settings.TITLE_FONTS),
    letter=tuple(settings.LETTER_FONTS),
    folders=(settings.FONTS_FOLDER,),
)


@dataclass(frozen=True)
class Printed:
    """A file that was printed, and what to tell whoever prints it."""

    data: bytes
    title: str
    file_name: str
    plain_file_name: str  # for programs that know no Chinese
    content_type: str
    warnings: tuple[Sentence, ...]


def print_paper(paper: Paper, subject: Any, asked: Asked, form: str) -> Printed:
    """Return ``paper`` of what it is about as a file, and log that it was printed.

    The caller has made sure that the reader may print it, and in full where ``in_full`` is asked.
    Raises ValidationError where there is no such paper, PaperError where it cannot be printed.
    """
    made = paper.make(subject, asked)
    warnings = warnings_of(made)
    data = write(made, form, typefaces=OFFICE_TYPEFACES, printed_at=asked.at)
    Entry.append(
        Action.PRINT,
        subject,
        [
            ["paper", "", paper.title],
            ["form", "", form],
            ["as at", "", f"{asked.day}"],
            ["records", "", made.count],
            ["numbers", "", "full" if asked.in_full else "masked"],
        ],
        reason=asked.reason,
    )
    code = getattr(subject, "code", None) or getattr(subject, "number", subject.pk)
    return Printed(
        data=data,
        title=made.title,
        file_name=f"{made.title}（{asked.day:%Y-%m-%d}）.{form}",
        plain_file_name=f"{paper.key}-{code}-{asked.day:%Y-%m-%d}.{form}",
        content_type=CONTENT_TYPES[form],
        warnings=tuple(warnings),
    )


def warnings_of(made: Printable) -> list[Sentence]:
    """Return what to tell whoever prints a paper."""
    return [
        *getattr(made, "warnings", ()),
        *missing_glyph_warnings(made.texts(), typefaces=OFFICE_TYPEFACES),
    ]
