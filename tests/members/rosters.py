"""What tests of rosters share: a paper made as somebody asks for it, and what stands on it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from members.models import Office
from members.papers.kinds import PAPERS
from registry.access import OPERATOR
from registry.papers.catalogue import Asked
from registry.papers.lists import ListPaper
from tests.factories import LONG_AGO, TODAY

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def asked_for(day: date = TODAY, *, reader: Any = OPERATOR, **more: Any) -> Asked:
    return Asked(day, reader, "张干事", NOON, more=more)


def made(key: str, organization: Any, day: date = TODAY, **more: Any) -> ListPaper:
    """The paper of this key, answered to its questions by ``more``."""
    paper: ListPaper = PAPERS[key].make(organization, asked_for(day, **more))
    return paper


def column(paper: ListPaper, key: str) -> list[str]:
    """The texts in one column, from top to bottom."""
    at = [each.key for each in paper.table.columns].index(key)
    return [row[at] for row in paper.table.rows]


def keys(paper: ListPaper) -> list[str]:
    return [each.key for each in paper.table.columns]


def an_office(member: Any, post: str = "secretary", organization: Any = None) -> Office:
    return Office.objects.create(
        member=member,
        organization=organization or member.organization,
        post=post,
        held_from=LONG_AGO,
    )


def text_of(pdf: bytes) -> str:
    program = shutil.which("pdftotext") or pytest.skip("poppler-utils is missing.")
    return subprocess.run(
        [program, "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
