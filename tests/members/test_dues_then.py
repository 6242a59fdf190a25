"""After a whole move, a merger and a split the dues of last year are what they were,
byte for byte; those of this year follow the new tree, and no fen is lost between them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Organization, Subtree
from members.models import Remittance
from members.models.dues.arrears import arrears_of
from members.models.dues.checking import faults
from members.models.dues.statements import closing_of, statement_of, summary_of, sums_of
from members.models.reorganizing import (
    merge_organizations,
    move_organization,
    split_organization,
)
from members.models.reorganizing.parts import Part
from members.papers.kinds import PAPERS
from registry.access import OPERATOR
from registry.papers.writing import HTML, write
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.dues import an_assessment
from tests.members.ledger import a_payment, a_policy, an_entry, month
from tests.members.papers import NOON, asked, headings, rows

pytestmark = pytest.mark.django_db
LAST_DAY, MARCH, MAY = date(2025, 12, 31), date(2026, 3, 10), date(2026, 5, 10)
FIRST, NEW_YEAR, YEAR_END = month(1, 2025), month(1), month(1, 2027)
DECEMBER = {"year": 2025, "month": 12}
MADE = (("dues_summary", DECEMBER), ("dues_publication", {"year": 2025}),
        ("dues_arrears", DECEMBER), ("dues_remittances", {"year": 2025}))  # fmt: skip


@pytest.fixture
def office():
    """Two committees: the old one with a branch that moves, one that is merged, one that stays and
    one that had ended before; the new one with the branch that takes in."""
    top = a_work_committee(name="某机关工委")
    old, new = (a_committee(top, name=f"{name}机关党委") for name in ("甲", "乙"))
    a_policy(top)
    moving, merged, staying, ended = (a_branch(old, name=f"甲{n}支部") for n in "一二三四")
    taking = a_branch(new, name="乙一支部")
    people = []
    for branch, name in zip((moving, merged, staying, ended, taking), "赵钱孙李周", strict=True):
        member = a_member(branch, name=f"{name}一")
        an_assessment(member, "10.00", 2025)
        an_assessment(member, "20.00", 2026)
        a_payment(member, month(1, 2025), month(2, 2025), paid_on=date(2025, 2, 3))
        people.append(member)
    a_payment(people[0], amount="7.00", kind="extra", paid_on=date(2025, 12, 5))
    an_entry(moving, "interest", "0.31", day=date(2025, 12, 21))
    remittance = Remittance.compute(moving, FIRST, NEW_YEAR)
    remittance.send(date(2025, 12, 28), Decimal(9), TODAY)
    remittance.confirm(date(2025, 12, 30), Decimal(9), TODAY)
    people[3].move_to(staying, date(2025, 6, 5))
    ended.dissolve(on=date(2025, 6, 10))
    return SimpleNamespace(**locals())


def reorganized(office):
    move_organization(office.moving, office.new, MARCH, "1")
    merge_organizations([office.merged], office.taking, MAY, "2")
    for member in office.people:
        member.refresh_from_db()


def fresh(organization):
    return Organization.objects.get(pk=organization.pk)


def papers_of(organization, day):
    organization = fresh(organization)
    made = [PAPERS[key].make(organization, asked(day, OPERATOR, more=more)) for key, more in MADE]
    return [write(paper, HTML, printed_at=NOON).decode() for paper in made]


def told_of(organization, first=FIRST, until=NEW_YEAR):
    """All sums of some months: the statement, and those of each branch."""
    organization = fresh(organization)
    return (
        statement_of(organization, first, until),
        sums_of(organization, first, until),
        summary_of(organization, month(12, 2025)),
        sorted(arrears_of(organization, month(12, 2025))),
    )


def test_the_papers_of_last_year_are_byte_for_byte_what_they_were(office):
    everybody = (office.top, office.old, office.new, office.moving)
    before = [(papers_of(each, LAST_DAY), papers_of(each, TODAY)) for each in everybody]
    told = [told_of(each) for each in everybody]
    reorganized(office)
    part = Part("丙机关党委", children=[fresh(office.staying)])
    split_organization(fresh(office.old), [part], date(2026, 6, 10), "3")
    assert [told_of(each) for each in everybody] == told
    assert [(papers_of(each, LAST_DAY), papers_of(each, TODAY)) for each in everybody] == before
    summary = before[1][0][0]
    assert "甲一支部" in summary
    assert "乙一支部" not in summary
    founded = Organization.objects.get(name="丙机关党委")
    assert statement_of(founded, FIRST, NEW_YEAR).closing == 0
    assert statement_of(founded, NEW_YEAR, YEAR_END).opening == 20


def test_this_year_follows_the_new_tree_and_no_fen_is_lost(office):
    def together(until):
        return sum(closing_of(fresh(each), until) for each in (office.old, office.new))

    before = [together(until) for until in (NEW_YEAR, YEAR_END)]
    whole = statement_of(office.top, NEW_YEAR, YEAR_END)
    assert before == [Decimal("107.31")] * 2
    reorganized(office)
    assert [together(until) for until in (NEW_YEAR, YEAR_END)] == before
    assert statement_of(office.top, NEW_YEAR, YEAR_END) == whole
    a_payment(office.people[0], month(2), amount="20.00", paid_on=date(2026, 2, 3))  # before it
    a_payment(office.people[1], month(6), amount="20.00", paid_on=date(2026, 6, 3))
    old, new = fresh(office.old), fresh(office.new)
    # What was merged ended below the old committee, with all that was its own until then.
    assert {pk: sums.paid for pk, sums in sums_of(old, NEW_YEAR, YEAR_END).items()} == {
        office.staying.pk: 0, office.merged.pk: 0,
    }  # fmt: skip
    assert {pk: sums.paid for pk, sums in sums_of(new, NEW_YEAR, YEAR_END).items()} == {
        office.moving.pk: 20, office.taking.pk: 20,
    }  # fmt: skip
    # February ends before the move: what was booked in it was the old committee's.
    assert statement_of(old, month(2), MARCH.replace(day=1)).paid == 20
    assert statement_of(new, month(2), MARCH.replace(day=1)).paid == 0
    assert statement_of(new, MARCH.replace(day=1), month(4)).opening == Decimal("58.31")
    assert list(faults()) == []


def test_what_had_ended_before_goes_along_with_its_superior(office):
    told = told_of(office.old)
    closing = closing_of(office.old, YEAR_END)
    elsewhere = a_work_committee()
    move_organization(office.old, elsewhere, MARCH, "1")
    old = fresh(office.old)
    assert told_of(old) == told
    assert office.ended.pk in told[1]
    assert statement_of(old, NEW_YEAR, YEAR_END).opening == told[0].closing == closing
    assert closing_of(elsewhere, NEW_YEAR) == 0
    assert closing_of(elsewhere, YEAR_END) == closing
    assert closing_of(office.top, NEW_YEAR) == closing_of(office.top, YEAR_END) + closing


def test_money_of_days_before_a_founding_counts_where_the_branch_was_founded(office):
    founded = a_branch(office.old, founded_on=date(2026, 2, 20))
    member = office.people[2]
    member.move_to(founded, MARCH)
    member.refresh_from_db()
    a_payment(member, month(1), amount="20.00", paid_on=date(2026, 1, 15))
    move_organization(founded, office.new, MAY, "1")
    assert statement_of(office.old, NEW_YEAR, month(2)).paid == 20
    assert statement_of(office.new, NEW_YEAR, month(2)).paid == 0


def test_one_range_of_paths_answers_where_nobody_has_come_or_gone(office):
    a_branch(office.old, founded_on=MARCH)
    office.staying.rename("新名称党支部", on=MARCH)
    below = Subtree(office.old, LAST_DAY)
    with CaptureQueriesContext(connection) as captured:
        found = below.holds()
    assert len(captured) == 1
    assert found == Subtree.now(office.old).holds()
    office.moving.move_under(office.new, on=MARCH)
    for each in (office.old, office.new):
        assert Subtree(each, LAST_DAY).holds() != Subtree.now(each).holds()
        assert Subtree(each, MARCH).holds() == Subtree.now(each).holds()


def test_what_has_left_the_rows_of_a_reader_is_told_without_a_door_to_it(office, client):
    user = a_user("committee_clerk", office.old)
    reorganized(office)
    client.force_login(user)
    desk = client.get("/dues/", {"month": "2025-12"})
    doors = {line.name: bool(line.people and line.behind) for line in desk.context["lines"]}
    assert doors == {"甲一支部": False, "甲二支部": True, "甲三支部": True}
    assert "乙机关党委" not in desk.content.decode()
    page = client.get("/dues/arrears/", {"month": "2025-12"})
    members = {each.name: each.member for each in page.context["debtors"]}
    assert {name for name, member in members.items() if member} == {"孙一", "李一"}
    assert set(members) == {"赵一", "钱一", "孙一", "李一"}
    assert f"/members/{office.people[0].pk}/" not in page.content.decode()
    paper = PAPERS["dues_remittances"].make(
        fresh(office.old), asked(TODAY, user, more={"year": 2025})
    )
    assert [row["name"] for row in rows(paper)] == ["甲一支部", "合计"]
    now = client.get("/dues/", {"month": "2026-06"})
    assert [line.name for line in now.context["lines"]] == ["甲三支部"]
    paper = PAPERS["dues_arrears"].make(fresh(office.new), asked(TODAY, OPERATOR, more=DECEMBER))
    assert not any("甲" in heading for heading in headings(paper))
