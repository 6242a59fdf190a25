"""Sheets about dues as tired clerks send them, staged and applied in one line."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl

from members.sheets.kinds import KINDS
from registry.access import OPERATOR
from registry.sheets import staging, undoing
from registry.sheets.answering import Answering
from registry.sheets.staging import Scope
from tests.factories import TODAY

MARCH_15 = date(2026, 3, 15)


def a_sheet(
    headings: tuple[Any, ...], *rows: tuple[Any, ...], title: str = "", name: str = "Sheet1"
) -> bytes:
    """A merged title and a unit line, headings, rows, an empty line, a total, who signs."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
        sheet.append(["单位：元"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    sheet.append([None])
    sheet.append(["合  计", None, 123.45])
    sheet.append(["制表人：          审核人："])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def staged(kind, data, organization=None, *, user=OPERATOR, day=MARCH_15):
    scope = Scope(organization.path, str(organization)) if organization else Scope()
    return staging.stage(
        KINDS[kind], data, "党费.xlsx", user=user, scope=scope, opening_on=day, today=TODAY
    )


def applied(job, user=OPERATOR, *, good_rows=False):
    outcome = staging.apply(KINDS[job.kind], job, user, today=TODAY, good_rows=good_rows)
    job.refresh_from_db()
    return outcome


def undone(job, user=OPERATOR):
    """Take it back; how many rows were restored, kept and failed."""
    result = undoing.undo(KINDS[job.kind], job, user, today=TODAY)
    job.refresh_from_db()
    return result.restored, result.kept, result.failed


def said_of(job):
    """Each finding about a row or the file as its cell, its code and its level."""
    return [(each.cell, each.code, each.level) for each in job.findings.order_by("id")]


def codes_of(job):
    return [each.code for each in job.findings.order_by("id")]


def states(job):
    return [row.state for row in job.rows.order_by("id")]


def answered(job, code, choice, place=0, user=OPERATOR):
    """Answer a question of the row in this place, as its page does."""
    row = job.rows.order_by("id")[place]
    Answering(KINDS[job.kind], job, user, TODAY).answer(row.pk, code, choice)
    job.refresh_from_db()
