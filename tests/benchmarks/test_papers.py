"""A roster from the register to the file, beside the same roster by openpyxl cell by cell."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from branches.models import Organization
from members.demo import words
from members.models import Member, Placement
from members.papers.printing import OFFICE_TYPEFACES, print_paper
from members.papers.roster import ROSTER
from registry.access import OPERATOR
from registry.papers.catalogue import Asked
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX, write
from tests.benchmarks.registers import report
from tests.factories import LONG_AGO, TODAY, a_branch, a_committee, a_member

BRANCHES, PEOPLE, MANY = 12, 60, 3_000
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ASKED = Asked(TODAY, OPERATOR, "测量", NOON, in_full=True, reason="测量")


def a_branch_of(people: int, committee: Organization, rng: random.Random) -> Organization:
    """A branch with so many invented people, each another one."""
    model = a_member(a_branch(committee))
    alike = {name: getattr(model, name) for name in ("sex", "born_on", "joined_on")}
    made = Member.objects.bulk_create(
        Member(
            **alike,
            organization=model.organization,
            number=f"D{rng.randrange(10**9):09}",
            name=rng.choice(words.SURNAMES)[0] + rng.choice(words.GIVEN) + rng.choice(words.GIVEN),
            ethnicity=rng.choice(["01", "01", "01", "05"]),
            native_place=rng.choice(words.NATIVE_PLACES),
            education=rng.choice(["20", "10", "30"]),
            full_member_on=model.full_member_on,
            job_title=rng.choice(words.OFFICES_OF_WORK) + rng.choice(words.POSTS_OF_WORK),
            id_number=f"{rng.randrange(10**17, 10**18)}",
            phone=f"139{rng.randrange(10**8):08}",
            note=rng.choice(["", "", "", "借调到市委办公室工作"]),
        )
        for _ in range(people - 1)
    )
    Placement.objects.bulk_create(
        Placement(
            member=member, organization=model.organization, placed_from=LONG_AGO, began="opening"
        )
        for member in made
    )
    return model.organization


def seconds(action: Callable[[], Any]) -> float:
    """Return the time of the processor: what it takes where nothing else runs."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def scripted(paper: ListPaper) -> bytes:
    """The roster as people script it today: every cell written and styled on its own."""
    book = Workbook()
    sheet = book.active
    columns = paper.table.columns
    thin = Side(style="thin")
    sheet.append([paper.title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet["A1"].font = Font(name="宋体", size=20, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append([paper.unit_line, paper.day, paper.count_line])
    rows = [tuple(column.heading.replace("\n", "") for column in columns), *paper.table.rows]
    for number, row in enumerate(rows, start=3):
        for at, text in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=at, value=text)
            cell.font = Font(name="宋体", size=paper.size, bold=number == 3)
            cell.alignment = Alignment(
                horizontal=columns[at - 1].align, vertical="center", wrap_text=True
            )
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    sheet.append(paper.signoff)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "3:3"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.django_db
def test_rosters_of_sixty_people_and_one_of_three_thousand():
    committee, rng = a_committee(), random.Random(1)
    branches = [a_branch_of(PEOPLE, committee, rng) for _ in range(BRANCHES)]
    large = a_branch_of(MANY, committee, rng)
    first, *later = (
        seconds(lambda branch=branch: print_paper(ROSTER, branch, ASKED, PDF))
        for branch in branches
    )
    report(
        f"a roster of {PEOPLE} people from register to PDF: {median(later) * 1000:.0f} ms"
        f" (at most {max(later) * 1000:.0f} ms, the first {first * 1000:.0f} ms)"
    )
    many = seconds(lambda: print_paper(ROSTER, large, ASKED, PDF))
    report(f"a roster of {MANY:,} people from register to PDF: {many:.1f} s")
    for organization in (branches[0], large):
        paper = ROSTER.make(organization, ASKED)
        theirs = seconds(lambda paper=paper: scripted(paper))
        ours = {
            form: seconds(lambda p=paper, f=form: write(p, f, typefaces=OFFICE_TYPEFACES))
            for form in (PDF, XLSX, HTML)
        }
        report(
            f"{paper.count:,} people by openpyxl cell by cell {theirs * 1000:,.0f} ms; "
            + ", ".join(
                f"{form} {took * 1000:,.0f} ms ({theirs / took:.1f} × as fast)"
                for form, took in ours.items()
            )
        )
    assert median(later) <= 0.090
    assert many <= 3
