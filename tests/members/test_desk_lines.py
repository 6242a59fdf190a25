"""The desk on the start page: what is to be done, by urgency and subject, and where it is done."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Unit
from members.models import Closing, Finding, Office, UnitHead
from registry.calendar import PartialDate, months_after
from registry.models import ImportJob
from registry.models.jobs import JobState
from tests.factories import (
    TODAY,
    a_branch,
    a_committee,
    a_member,
    a_user,
    a_work_committee,
)
from tests.members.development import a_branch_that_develops
from tests.members.development_doors import a_waiting_file, days, one_of_each_state
from tests.members.dues import an_assessment
from tests.members.ledger import a_payment
from tests.members.terms import a_term, a_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def desk(client):
    """The lines of somebody's desk: (urgency, subject, text, when)."""

    def fetch(user, *subjects):
        client.force_login(user)
        return [
            (group.code, subject, line.text, line.when)
            for group in client.get("/").context["desk_groups"]
            for subject, lines in group.subjects
            for line in lines
            if not subjects or subject in subjects
        ]

    return fetch


def lines(client) -> list:
    groups = client.get("/").context["desk_groups"]
    return [line for group in groups for _subject, each in group.subjects for line in each]


def test_a_branch_clerk_sees_who_waits_for_what_until_when(client, desk):
    branch = a_branch_that_develops(name="第一支部")
    one_of_each_state(branch)
    shown = desk(a_user("branch_clerk", branch), "Development")
    assert [(urgency, when) for urgency, _subject, _text, when in shown] == [
        ("now", "1 day late"),
        ("now", "due today"),
        ("soon", "in 30 days"),
    ]
    assert all(": " in text for _urgency, _subject, text, _when in shown)
    first = next(line for line in lines(client) if line.when == "1 day late")
    assert client.get(first.url).status_code == 200


def test_a_committee_sees_numbers_and_the_worst_and_each_opens_its_list(client, desk, monkeypatch):
    monkeypatch.setattr("members.admin.desk.reach.NAMED", 0)
    branch = a_branch_that_develops(name="第一支部")
    other = a_branch(branch.parent, name="第二支部")
    a_member(other, name="周文")
    one_of_each_state(branch)
    a_waiting_file(other, "己六", first_talk={"due_by": days(-3)})
    shown = desk(a_user("committee_clerk", branch.parent), "Development")
    assert shown == [
        ("now", "Development", "2 steps wait for you", "overdue"),
        ("now", "Development", "1 step waits for you", "due today"),
        ("soon", "Development", "1 step waits for you", "within 30 days"),
    ]
    overdue = next(line for line in lines(client) if line.when == "overdue")
    assert [(place.label, place.number) for place in overdue.places] == [
        ("第一支部", 1),
        ("第二支部", 1),
    ]
    assert len(client.get(overdue.url).context["shown"].rows) == 2
    assert len(client.get(overdue.places[1].url).context["shown"].rows) == 1


def test_elections_are_told_by_how_soon_they_are(client, desk):
    top = a_work_committee(name="工委")
    a_term(a_committee(top, name="甲"), date(2021, 11, 10))
    a_term(a_committee(top, name="乙"), date(2021, 12, 1))
    a_term(a_committee(top, name="丙"), date(2022, 4, 1))
    a_term(a_committee(top, name="丁"), date(2024, 4, 1))
    shown = desk(a_user("reader", top), "Elections")
    over = "The term of “甲” (Committee) is over: hold its election"
    ends = "The term of “%s” (Committee) ends: prepare its election"
    assert [
        (urgency, text.replace("committee", "Committee"), when) for urgency, _s, text, when in shown
    ] == [
        ("now", over, "10 days late"),
        ("soon", ends % "乙", "in 11 days"),
        ("soon", ends % "丙", "in 132 days"),
    ]
    for line in lines(client):
        assert client.get(line.url).status_code == 200, line.text


def test_many_elections_are_counted_where_most_of_them_are(client, desk, monkeypatch):
    monkeypatch.setattr("members.admin.desk.reach.NAMED", -1)
    top = a_work_committee(name="工委")
    heavy, light = a_committee(top, name="甲"), a_committee(top, name="乙")
    for _ in range(3):
        a_term(a_branch(heavy), date(2022, 1, 1), 3)
    a_term(a_branch(light), date(2022, 1, 1), 3)
    assert desk(a_user("committee_clerk", top), "Elections") == [
        ("now", "Elections", "4 bodies are to be elected: urge them", "overdue")
    ]
    line = next(line for line in lines(client) if line.when == "overdue")
    assert [(each.label, each.number) for each in line.places] == [("甲", 3), ("乙", 1)]
    assert len(client.get(line.url).context["lines"]) == 4


def test_what_is_wrong_with_committees_is_counted_and_a_single_one_named(client, desk):
    committee = a_committee(name="财政局")
    branch = a_branch(committee, name="一支部")
    person = a_member(branch, name="局长")
    Office.objects.create(
        organization=branch, member=person, post="secretary", held_from=date(2024, 1, 1)
    )
    unit = Unit.objects.create(name="财政局机关")
    committee.units.add(unit)
    UnitHead.objects.create(unit=unit, member=person)
    shown = desk(a_user("committee_clerk", committee), "Committees")
    assert [text for _urgency, _subject, text, _when in shown] == [
        "“财政局” has no secretary",
        "The secretary of “一支部” has no certificate",
        "In 1 unit the head is not secretary: 财政局机关",
    ]


def test_dues_that_are_not_closed_and_who_has_not_paid_for_months(client, desk):
    committee = a_committee()
    branch = a_branch(committee)
    months = [months_after(NOVEMBER, -back) for back in range(11)]
    people = {"缴清": [], "欠三": months[:3], "欠六": months[:7], "欠二": months[:2]}
    for name, unpaid in people.items():
        member = a_member(branch, name=name)
        an_assessment(member)
        a_payment(member, *sorted(set(months) - set(unpaid)))
    clerk = a_user("committee_clerk", committee)
    assert [(urgency, text) for urgency, _s, text, _w in desk(clerk, "Dues")] == [
        ("now", "1 member has not paid for six months or more: tell the committee: 欠六"),
        ("now", "1 member has not paid for three months: talk to him: 欠三"),
        ("soon", "The dues of 2026-10 are not closed yet"),
    ]
    Closing.close(committee, date(2026, 8, 1), TODAY, clerk)
    assert desk(clerk, "Dues")[0][:3] == (
        "now", "Dues", "The dues of 2026-09 to 2026-10 are not closed yet"
    )  # fmt: skip
    Closing.close(committee, date(2026, 10, 1), TODAY, clerk)
    assert all("closed" not in text for _u, _s, text, _w in desk(clerk, "Dues"))
    assert desk(a_user("reader", committee), "Dues") == []


def test_the_list_behind_arrears_holds_as_many(client, desk, monkeypatch):
    monkeypatch.setattr("members.admin.desk.reach.NAMED", 0)
    branch = a_branch(name="三支部")
    for _ in range(2):
        member = a_member(branch)
        an_assessment(member)
        a_payment(member, *(months_after(NOVEMBER, -back) for back in range(4, 11)))
    desk(a_user("committee_clerk", branch.parent))
    line = next(line for line in lines(client) if "talk to them" in line.text)
    assert [(each.label, each.number) for each in line.places] == [("三支部", 2)]
    assert len(client.get(line.url).context["debtors"]) == 2


def test_records_that_are_to_be_mended_and_uploads_that_wait(client, desk):
    branch = a_branch()
    odd = a_member(branch, name="存疑", phone="13800138000")
    Finding.objects.create(member=odd, code="full_too_soon", found_on=TODAY)
    clerk = a_user("branch_clerk", branch)
    ImportJob.objects.create(
        kind="members", file_name="名册.xlsx", file=b"x", scope_path=branch.path,
        opening_on=TODAY, user=clerk, state=JobState.STAGED,
    )  # fmt: skip
    shown = [text for _u, _s, text, _w in desk(clerk, "Records", "Uploads")]
    assert shown[:2] == [
        "1 record looks odd: correct it or let it stand: 存疑",
        "1 record is incomplete: 存疑",
    ]
    assert shown[2].startswith("The upload “名册.xlsx” of ")
    for line in lines(client):
        assert client.get(line.url).status_code == 200, line.text
    reader = desk(a_user("reader", branch), "Records", "Uploads")
    assert [text for _u, _s, text, _w in reader] == shown[:2]


def test_party_birthdays_of_today_and_those_to_come(client, desk):
    branch = a_branch()
    for name, day in (
        ("今日", (2006, 11, 20)), ("后日", (2006, 11, 22)), ("下月", (2006, 12, 30)),
        ("上月", (2006, 10, 22)), ("新人", (2026, 11, 20)),
    ):  # fmt: skip
        a_member(branch, name=name, joined_on=PartialDate(*day), full_member_on=None)
    assert desk(a_user("branch_clerk", branch), "Party birthdays") == [
        ("now", "Party birthdays", "Party birthday of 今日: 20 years since joining", "today"),
        ("soon", "Party birthdays", "Party birthdays coming up: 后日 11-22", ""),
    ]


@pytest.mark.parametrize(
    ("today", "named"),
    [
        pytest.param(date(2027, 2, 28), ["闰年"], id="the 28th of a common year"),
        pytest.param(date(2028, 2, 28), [], id="the 28th of a leap year"),
        pytest.param(date(2028, 2, 29), ["闰年"], id="the 29th"),
    ],
)
def test_who_joined_on_29_february_has_a_birthday_every_year(desk, monkeypatch, today, named):
    branch = a_branch()
    a_member(branch, name="闰年", joined_on=PartialDate(2004, 2, 29))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today)
    shown = desk(a_user("branch_clerk", branch), "Party birthdays")
    assert [text[18:20] for urgency, _s, text, _w in shown if urgency == "now"] == named


def test_medals_of_fifty_years_are_prepared_from_spring_on(desk, monkeypatch):
    branch = a_branch()
    for name, full, months in (
        ("满五十", (1977, 7, 1), 0), ("差一日", (1977, 7, 2), 0), ("补一月", (1977, 8, 1), 1),
        ("早已满", (1976, 7, 1), 0),
    ):  # fmt: skip
        a_member(
            branch, name=name, born_on=PartialDate(1950), id_number="",
            joined_on=PartialDate(full[0] - 1, full[1], full[2]),
            full_member_on=PartialDate(*full), party_age_correction=months,
        )  # fmt: skip
    clerk = a_user("branch_clerk", branch)
    assert not [each for each in desk(clerk, "Party birthdays") if "fifty" in each[2]]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 5, 10))
    assert desk(clerk, "Party birthdays")[-1][2:] == (
        "2 members reach fifty years in the Party by 1 July: prepare the medals: 满五十、补一月",
        "07-01",
    )


@pytest.mark.parametrize(
    ("role", "label", "url"),
    [
        ("branch_clerk", "Upload the roster that you have", "/registry/importjob/add/"),
        ("reader", "Open the list of members", "/members/member/"),
    ],
)
def test_an_empty_desk_says_so_and_what_to_do_first(client, role, label, url):
    branch = a_branch()
    Office.objects.create(
        organization=branch, name_from_elsewhere="外单位", post="secretary",
        held_from=date(2024, 1, 1),
    )  # fmt: skip
    a_worker(branch, name_from_elsewhere="外单位", certified_on=date(2024, 5, 1))
    a_term(branch, date(2025, 1, 1), 3)
    client.force_login(a_user(role, branch))
    answer = client.get("/")
    assert answer.context["desk_groups"] == []
    assert answer.context["first_step"] == (label, url)
    assert "Nothing is to be done today." in answer.content.decode()


def test_nothing_of_a_neighbour_stands_on_the_desk(client, desk):
    committee = a_committee()
    mine, other = a_branch(committee, name="本支部"), a_branch(committee, name="邻支部")
    a_member(mine, name="李四")
    a_member(other, name="王五")
    a_term(other, date(2020, 1, 1), 3)
    desk(a_user("branch_clerk", mine))
    text = client.get("/").content.decode()
    assert "王五" not in text
    assert "邻支部" not in text


def test_a_clerk_of_two_branches_sees_which_is_meant(desk, client, monkeypatch):
    monkeypatch.setattr("members.admin.desk.reach.NAMED", 0)
    committee = a_committee()
    clerk = a_user("branch_clerk", a_branch(committee, name="东支部"))
    second = a_branch(committee, name="西支部")
    clerk.grants.create(role="branch_clerk", organization=second)
    a_member(second)
    a_member(clerk.grants.first().organization)
    desk(clerk)
    incomplete = [line for line in lines(client) if "incomplete" in line.text]
    assert [(line.of, line.text) for line in incomplete] == [
        ("东支部", "1 record is incomplete"),
        ("西支部", "1 record is incomplete"),
    ]


def test_the_desk_asks_as_often_for_many_lines_as_for_few(client):
    branch = a_branch_that_develops()
    client.force_login(a_user("committee_clerk", branch.parent))
    client.get("/")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    one_of_each_state(branch)
    few = questions()
    one_of_each_state(branch)
    a_term(a_branch(branch.parent), date(2021, 1, 1), 3)
    assert questions() <= few + 1


@pytest.fixture
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("nothing_kept")
def test_numbers_of_a_large_reach_are_kept_and_the_work_is_as_it_is_now(desk, monkeypatch):
    monkeypatch.setattr("members.admin.desk.reach.NAMED", -1)
    monkeypatch.setattr("members.admin.desk.reach.LARGE", -1)
    branch = a_branch_that_develops(name="第一支部")
    clerk = a_user("committee_clerk", branch.parent)
    before = desk(clerk, "Records")
    a_member(branch)
    one_of_each_state(branch)
    assert desk(clerk, "Records") == before
    assert len(desk(clerk, "Development")) == 3
