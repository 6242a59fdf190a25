"""Deadlines: rows that say what the rules say, each in one state on each day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Deadline, DevelopmentFile, LocalStep, StepTaken
from members.models.development.deadlines import STATES
from members.models.development.following import rebuild
from members.rules import development
from tests.members.development import TODAY, a_branch_that_develops, a_file, the_way

pytestmark = pytest.mark.django_db

SIGNS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏余"


def a_file_at_each_step(branch) -> list[DevelopmentFile]:
    """One file for every step of the way, that step being the last one taken."""
    steps = zip(SIGNS, the_way(branch), strict=True)
    return [a_file(branch, name=f"李{sign}", until=step) for sign, step in steps]


def rows_of(file) -> list[tuple]:
    return list(
        Deadline.objects.filter(file=file).order_by("position").values_list(
            "step", "acts", "possible_from", "due_by", "blocked", "provisional", "sent_back"
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2022, 3, 1), "soon"),
        (date(2022, 3, 31), "soon"),
        (date(2022, 4, 1), "due"),
        (date(2022, 4, 2), "overdue"),
    ],
)
def test_the_first_talk_is_due_within_a_month(on, state):
    a_file()
    talk = Deadline.objects.in_state(state, on, 31).get(step="first_talk")
    assert (talk.due_by, talk.acts, talk.state(on, 31)) == (date(2022, 4, 1), "branch", state)


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2023, 8, 31), "blocked"), (date(2023, 9, 1), "possible")],
)
def test_an_activist_may_become_an_object_after_a_year(on, state):
    file = a_file(until="cultivation")
    row = Deadline.objects.get(file=file, step="object")
    assert row.possible_from == date(2023, 9, 1)
    assert row.state(on) == state
    assert Deadline.objects.in_state(state, on).filter(pk=row.pk).exists()
    assert any("Possible from 2023-09-01" in said for said in row.said)


def test_every_row_is_in_one_state_on_every_day_and_in_that_of_the_rules():
    branch = a_branch_that_develops()
    files = [file for file in a_file_at_each_step(branch) if file.is_open]
    for on in (date(2022, 3, 20), date(2023, 9, 1), date(2024, 9, 20), date(2025, 6, 20), TODAY):
        told = {
            (file.pk, planned.step): development.desk_state(planned, on, 30)
            for file in files
            for planned in development.open_steps(file.plan(on))
        }
        asked = [
            ((row.file_id, row.step), state)
            for state in STATES
            for row in Deadline.objects.in_state(state, on, 30)
        ]
        assert len(asked) == len(dict(asked)) == Deadline.objects.count()
        assert dict(asked) == told
        assert {
            (row.file_id, row.step): row.state(on, 30) for row in Deadline.objects.all()
        } == told


def test_rows_come_by_their_last_day_and_those_without_one_last():
    branch = a_branch_that_develops()
    for name, step in (("甲", "application"), ("乙", "cultivation"), ("丙", "approval")):
        a_file(branch, name=name, until=step)
    days = [row.due_by for row in Deadline.objects.in_order()]
    known = [day for day in days if day]
    assert known == sorted(known)
    assert days == known + [None] * (len(days) - len(known))


def test_what_is_rebuilt_set_by_set_is_what_the_verbs_have_written():
    branch = a_branch_that_develops()
    files = a_file_at_each_step(branch)
    files[3].send_back("mentors", "A name is missing.", by=None, on=TODAY)
    files[4].stop("withdrawn", "", TODAY, by=None)
    columns = ("pk", "standing", "standing_since", "stage", "probation_ends_on", "version")
    kept = list(DevelopmentFile.objects.order_by("pk").values_list(*columns))
    rows = [rows_of(file) for file in files]
    Deadline.objects.all().delete()
    DevelopmentFile.objects.update(standing="applicant", stage="application", standing_since=None)
    StepTaken.objects.update(decision="")
    assert rebuild(DevelopmentFile.objects.all()) == len(files)
    assert list(DevelopmentFile.objects.order_by("pk").values_list(*columns)) == kept
    assert [rows_of(file) for file in files] == rows
    assert StepTaken.objects.filter(decision="on_time").count() == 2


def test_rebuilding_asks_no_more_for_more_files():
    branch = a_branch_that_develops()

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rebuild(DevelopmentFile.objects.all())
        return len(asked)

    a_file(branch, name="甲", until="cultivation")
    few = questions()
    for name in "乙丙丁戊":
        a_file(branch, name=name, until="cultivation")
    assert questions() == few


def test_an_office_adds_a_step_of_its_own():
    branch = a_branch_that_develops()
    local = LocalStep(
        organization=branch.parent, code="local_quiz", number="11-1", name="闭卷考试",
        after="training", acts="committee", latest_months=1, valid_from=date(2020, 1, 1),
        source="县委组织部 2020 12",
    )  # fmt: skip
    local.full_clean()
    local.save()
    file = a_file(branch, until="training")
    row = Deadline.objects.get(file=file, step="local_quiz")
    assert (row.acts, row.due_by) == ("committee", date(2024, 4, 5))
    taken = file.record("local_quiz", date(2024, 3, 8), {}, by=None, today=TODAY)
    assert taken.label == "闭卷考试"
    assert not Deadline.objects.filter(file=file, step="local_quiz").exists()
    elsewhere = a_file(until="training")
    assert not Deadline.objects.filter(file=elsewhere, step="local_quiz").exists()


def test_within_is_counted_in_days():
    file = a_file()
    due = Deadline.objects.get(file=file, step="first_talk").due_by
    on = due - timedelta(days=30)
    assert Deadline.objects.soon(on, 30).filter(step="first_talk").exists()
    assert not Deadline.objects.soon(on, 29).filter(step="first_talk").exists()
