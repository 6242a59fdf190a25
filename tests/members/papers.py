"""What the tests of papers ask: a paper as at a day, its rows by their headings, its text."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from members.models import Office
from members.papers.kinds import PAPERS
from members.papers.printing import print_paper
from registry.access import OPERATOR
from registry.papers.catalogue import Asked
from registry.papers.lists import ListPaper
from registry.papers.writing import PDF
from tests.factories import LONG_AGO, TODAY

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def asked(day: date = TODAY, reader: Any = OPERATOR, **options: Any) -> Asked:
    return Asked(day, reader, "张干事", NOON, **options)


def made(key: str, organization: Any, day: date = TODAY, reader: Any = OPERATOR, **options: Any):
    paper = PAPERS[key].make(organization, asked(day, reader, **options))
    assert isinstance(paper, ListPaper)
    return paper


def rows(paper: ListPaper) -> list[dict[str, str]]:
    """The rows of all sections, by the keys of the columns."""
    keys = [column.key for column in paper.table.columns]
    return [dict(zip(keys, row, strict=True)) for row in paper.table.rows]


def column(paper: ListPaper, key: str) -> list[str]:
    return [row[key] for row in rows(paper)]


def names(key: str, organization: Any, day: date = TODAY, reader: Any = OPERATOR, **options: Any):
    return column(made(key, organization, day, reader, **options), "name")


def headings(paper: ListPaper) -> Iterator[str]:
    return (section.heading for section in paper.table.sections)


def text_of(key: str, organization: Any, day: date = TODAY, **options: Any) -> str:
    """The text of the PDF, less its line breaks and blanks."""
    program = shutil.which("pdftotext") or pytest.skip("poppler-utils is missing.")
    pdf = print_paper(PAPERS[key], organization, asked(day, **options), PDF).data
    found = subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(found.stdout.decode().split())


def office(member: Any, post: str = "secretary", organization: Any = None, **fields: Any) -> Office:
    return Office.objects.create(
        **{
            "member": member,
            "organization": organization or member.organization,
            "post": post,
            "held_from": LONG_AGO,
        }
        | fields
    )
