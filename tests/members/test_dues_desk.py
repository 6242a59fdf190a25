"""The desk of dues and the list of arrears: whose numbers, and what stands behind them."""

from __future__ import annotations

from datetime import date

import pytest

from members.admin.dues import arrears
from members.models import Closing
from tests.factories import a_branch, a_member, a_user
from tests.members.dues import an_assessment
from tests.members.ledger import MARCH, a_payment, month

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch):
    member = a_member(branch, name="王小明")
    an_assessment(member, "10.00")
    return member


def sums(answer) -> list[str]:
    """The cells of the first branch."""
    [line] = answer.context["lines"]
    return [str(getattr(line.sums, name)) for name in line.sums.__dataclass_fields__]


def test_the_desk_adds_up_the_month_of_each_branch(client, clerk, committee, branch, member):
    a_payment(member, month(1), month(2), MARCH)
    answer = client.get("/dues/", {"organization": committee.pk, "month": "2026-03"})
    # members, owed, on time, late, people and yuan in arrears, cash, online, of it bank
    assert sums(answer) == ["1", "10.00", "10.00", "20.00", "0", "0.00", "30.00", "0.00", "0.00"]
    assert "2026-03 is open" in answer.content.decode()
    Closing.close(committee, MARCH, date(2026, 4, 2), clerk)
    answer = client.get("/dues/", {"month": "2026年3月"})
    assert "2026-03 is closed" in answer.content.decode()


def test_every_number_of_a_branch_leads_to_the_list_behind_it(client, clerk, branch, member):
    answer = client.get("/dues/", {"month": "2026-03"})
    [line] = answer.context["lines"]
    assert line.people == f"/dues/collection/?organization={branch.pk}&year=2026"
    assert line.behind == f"/dues/arrears/?organization={branch.pk}&month=2026-03"
    assert "王小明" in client.get(line.behind).content.decode()


def test_a_reader_sees_sums_and_no_people(client, committee, member):
    client.force_login(a_user("reader", committee))
    answer = client.get("/dues/", {"month": "2026-03"})
    assert sums(answer)[:2] == ["1", "10.00"]
    text = answer.content.decode()
    assert "/dues/arrears/" not in text
    assert "王小明" not in text
    assert client.get("/dues/arrears/").status_code == 403


@pytest.mark.parametrize(
    "page", ["", "arrears/", "months/", "accounts/", "accounts/book/", "remittances/", "returns/"]
)
def test_a_foreign_organisation_is_as_good_as_none(client, clerk, page):
    stranger = a_branch()
    for asked in (stranger.pk, 987_654_321, "10²", "abc", "9" * 40):
        assert client.get(f"/dues/{page}", {"organization": asked}).status_code == 404, asked
    assert client.get(f"/dues/{page}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-13", "“2026-13” is not a month. Write it as 2026-01."),
        ("2008-03", "No dues scale is recorded for 2008-03; the first is of 2008-04."),
    ],
)
def test_a_month_that_is_none_is_quoted(client, clerk, typed, sentence):
    answer = client.get("/dues/", {"month": typed})
    assert answer.status_code == 200
    assert answer.context["asking"].errors["month"] == [sentence]


@pytest.mark.parametrize(
    ("at", "level"), [(2, "remind"), (3, "talk"), (5, "talk"), (6, "for the committee")]
)
def test_arrears_say_what_is_to_be_done(client, clerk, member, at, level):
    answer = client.get("/dues/arrears/", {"month": f"2026-{at:02}"})
    [debtor] = answer.context["debtors"]
    assert (debtor.member, debtor.line.open.months, debtor.level) == (member, at, level)
    assert debtor.line.open.amount == at * 10


def test_arrears_are_narrowed_to_what_is_to_be_done(client, clerk, branch, member):
    other = a_member(branch, name="李四")
    an_assessment(other, "10.00")
    a_payment(other, *(month(n) for n in range(1, 6)))
    answer = client.get("/dues/arrears/", {"month": "2026-06", "level": "flag"})
    assert [each.member.name for each in answer.context["debtors"]] == ["王小明"]
    answer = client.get("/dues/arrears/", {"month": "2026-06", "level": "remind"})
    assert [each.member.name for each in answer.context["debtors"]] == ["李四"]


def test_what_was_paid_too_much_stands_beside_the_arrears(client, clerk, member):
    a_payment(member, month(1), amount="25.00")
    answer = client.get("/dues/arrears/", {"month": "2026-03"})
    assert [each.line.open.months for each in answer.context["debtors"]] == [2]
    [standing] = answer.context["overpaid"]
    assert (standing.member, str(standing.over)) == (member, "15.00")


def test_the_branches_of_the_arrears_open_their_lists(client, clerk, committee, branch, member):
    other = a_member(a_branch(committee), name="赵六")
    an_assessment(other, "10.00")
    a_payment(other, month(1))
    answer = client.get("/dues/arrears/", {"month": "2026-03"})
    first, second = answer.context["branches"]
    assert (str(first.amount), str(second.amount)) == ("30.00", "20.00")
    assert str(answer.context["total"].amount) == "50.00"
    text = client.get(second.url).content.decode()
    assert "赵六" in text
    assert "王小明" not in text


def test_what_was_paid_too_much_comes_in_pages_and_is_added_up_whole(
    client, clerk, branch, member, monkeypatch
):
    monkeypatch.setattr(arrears, "SHOWN", 2)
    people = [member, *(a_member(branch, name=name) for name in ("李芳", "赵军"))]
    for each in people:
        if each != member:
            an_assessment(each, "10.00")
        a_payment(each, MARCH, amount="14.00")
    first = client.get("/dues/arrears/", {"month": "2026-03"})
    assert [each.member for each in first.context["overpaid"]] == people[:2]
    assert "&amp;over=2" in first.content.decode()
    assert str(first.context["total"].over) == "12.00"
    second = client.get("/dues/arrears/", {"month": "2026-03", "over": "2"})
    assert [each.member for each in second.context["overpaid"]] == people[2:]
