"""Submitted statistics stay as they are; what was corrected since is told person by person."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import DifferenceNote, FiguresReport
from members.models.figures.corrections import corrections_of
from tests.factories import TODAY, a_branch, a_member, a_user

pytestmark = pytest.mark.django_db

YEAR_END = date(2025, 12, 31)


@pytest.fixture
def branch():
    return a_branch()


def told(report: FiguresReport) -> list[tuple[int, str, str, str]]:
    return [(c.member_id, c.label, c.before, c.now) for c in corrections_of(report)]


def test_a_report_keeps_its_numbers_when_the_register_changes(branch):
    member = a_member(branch)
    report = FiguresReport.submit(branch, YEAR_END, TODAY)
    member.leave("died", date(2025, 11, 3))  # entered late
    a_member(branch, since=date(2026, 2, 1))  # and one of the next year
    report = FiguresReport.objects.get(pk=report.pk)
    assert report.numbers["members"]["members"]["total"] == 1
    assert report.numbers["balance"]["died"] == 0
    assert told(report) == [
        (member.pk, "as at the day", "counted", "not counted"),
        (member.pk, "balance", "", "died 2025-11-03"),
    ]


def test_a_report_tells_who_was_entered_afterwards_and_whose_record_was_corrected(branch):
    member = a_member(branch, education="20")
    report = FiguresReport.submit(branch, YEAR_END, TODAY)
    assert told(report) == []
    member.education, member.born_on = "14", None
    member.correct(TODAY)
    late = a_member(branch, since=date(2025, 6, 1))
    assert told(report) == [
        (member.pk, "born", "1980-05-17", ""),
        (member.pk, "education", "大学本科", "硕士研究生"),
        (late.pk, "as at the day", "not counted", "counted"),
        (late.pk, "balance", "", "difference 2025-06-01"),
    ]


def test_a_day_is_submitted_once(branch):
    FiguresReport.submit(branch, YEAR_END, TODAY)
    with pytest.raises(ValidationError) as refused:
        FiguresReport.submit(branch, YEAR_END, TODAY)
    assert " ".join(refused.value.messages) == (
        "The statistics of this day were submitted already. What was corrected since stands "
        "beside them."
    )


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2026, 12, 31), "2026-12-31 is still to come. Choose today or an earlier day."),
        (
            date(1999, 12, 31),
            "处 was founded on 2000-01-01. Choose that day or a later one.",
        ),
    ],
)
def test_a_day_without_figures_cannot_be_submitted(on, sentence):
    with pytest.raises(ValidationError) as refused:
        FiguresReport.submit(a_branch(short_name="处"), on, TODAY)
    assert refused.value.messages == [sentence]
    assert not FiguresReport.objects.exists()


def test_a_submitted_report_is_never_saved_again(branch):
    report = FiguresReport.submit(branch, YEAR_END, TODAY)
    with pytest.raises(TypeError):
        report.save()


def test_a_difference_has_one_explanation_which_may_be_rewritten(branch):
    clerk = a_user("branch_clerk", branch)
    DifferenceNote.write(branch, YEAR_END, "年中建档", TODAY, clerk)
    note = DifferenceNote.write(branch, YEAR_END, "年中建档补录1人", TODAY, clerk)
    assert DifferenceNote.objects.get() == note
    assert (note.text, note.written_by) == ("年中建档补录1人", clerk)
    with pytest.raises(ValidationError):
        DifferenceNote.write(branch, YEAR_END, " ", TODAY, clerk)
