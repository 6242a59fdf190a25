"""The pages of roster confirmation: opened by a committee, answered by its branches, closed."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Confirmation, ConfirmationRound, Finding, Member
from members.models.reorganizing import move_organization
from registry.calendar import PartialDate
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.test_confirmations import AS_AT, a_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]

ROUNDS = "/confirmations/"


@pytest.fixture
def top():
    return a_work_committee(name="工委")


@pytest.fixture
def branch(top):
    return a_branch(a_committee(top, name="财政局"), name="一支部")


@pytest.fixture
def clerk(client, top):
    clerk = a_user("committee_clerk", top, name="王干事")
    client.force_login(clerk)
    return clerk


def messages(answer) -> list[str]:
    return [f"{each}" for each in answer.context["messages"]]


def desk(client) -> list[tuple[str, str, str]]:
    groups = client.get("/").context["desk_groups"]
    return [
        (line.text, line.when, line.url)
        for group in groups
        for subject, lines in group.subjects
        if subject == "Roster confirmation"
        for line in lines
    ]


def states(answer) -> list[tuple[str, str]]:
    return [(line.then.name, f"{line.label}") for line in answer.context["lines"]]


def roster_of(opened, branch) -> str:
    return f"{ROUNDS}{opened.pk}/roster/?organization={branch.pk}"


def test_a_round_goes_from_its_opening_to_its_close(client, clerk, top, branch):
    second = a_branch(branch.parent, name="二支部")
    member = a_member(branch, name="张三")
    Finding.objects.create(member=member, code="full_too_soon", found_on=TODAY)
    asked = {"name": "2026-2", "as_at": "2026-10-31", "last_day": "2026-12-10"}
    answer = client.post(f"{ROUNDS}new/?organization={top.pk}", asked, follow=True)
    opened = ConfirmationRound.objects.get()
    assert messages(answer) == ["The round is open. Each branch finds it on its desk."]
    assert states(answer) == [("一支部", "not confirmed"), ("二支部", "not confirmed")]
    assert desk(client) == [
        ("2026-2: 2 of 2 branches have not confirmed their rosters", "in 20 days",
         f"{ROUNDS}{opened.pk}/?state=open"),
    ]  # fmt: skip

    client.force_login(a_user("branch_clerk", branch, name="李四"))
    [(text, when, url)] = desk(client)
    assert (text, when) == ("Confirm the roster as at 2026-10-31 for 工委 (2026-2)", "in 20 days")
    page = client.get(url)
    [person] = page.context["people"]
    assert (person.cells[1], person.odd) == ("张三", ["full member within a year"])
    answer = client.post(url, {"deed": "wrong", "remark": ""})
    assert answer.context["form"].errors == {
        "remark": ["Say what is wrong in the roster, so that the committee knows."]
    }
    client.post(url, {"deed": "wrong", "remark": "少一人"})
    answer = client.post(url, {"deed": "right", "remark": ""}, follow=True)
    assert messages(answer)[-1] == "The roster is confirmed."
    assert "Confirmed by 李四 on 2026-11-20: 1 full and 0 probationary members." in (
        answer.content.decode()
    )
    assert desk(client) == []
    answer = client.post(url, {"deed": "right", "remark": ""})
    assert answer.context["form"].non_field_errors() == [
        "李四 confirmed it on 2026-11-20 already. Withdraw that first, if it was wrong."
    ]
    member = Member.objects.get(pk=member.pk)
    member.joined_on = PartialDate(2005, 7, 1)
    member.correct(TODAY)
    assert client.get(url).context["changed"]

    client.force_login(clerk)
    page = f"{ROUNDS}{opened.pk}/"
    assert states(client.get(page)) == [("一支部", "changed since"), ("二支部", "not confirmed")]
    for state, expected in (("open", ["二支部"]), ("right", ["一支部"]), ("wrong", []),
                            ("changed", ["一支部"])):  # fmt: skip
        answer = client.get(page, {"state": state})
        assert [line.then.name for line in answer.context["lines"]] == expected, state
    [line] = client.get(ROUNDS).context["lines"]
    assert (line.asked, line.right, line.wrong, line.state) == (2, 1, 0, "running")
    printed = client.get(f"/papers/unconfirmed/{top.pk}/?on=2026-11-20&form=xlsx")
    assert printed.status_code == 200
    shown = client.get(f"/papers/unconfirmed/?organization={top.pk}").content.decode()
    assert "应核对2个党支部，未确认1个" in shown
    assert second.name in shown
    answer = client.post(f"{page}close/", follow=True)
    assert messages(answer) == ["The round is closed."]
    assert desk(client) == []
    answer = client.post(f"{page}close/")
    assert answer.context["form"].non_field_errors() == [
        "“2026-2” was closed on 2026-11-20 already."
    ]


def test_a_confirmation_is_withdrawn_by_its_branch(client, top, branch):
    opened = a_round(top)
    opened.confirm(branch, TODAY)
    client.force_login(a_user("branch_clerk", branch))
    answer = client.post(roster_of(opened, branch), {"deed": "back"}, follow=True)
    assert messages(answer) == ["It is withdrawn. The branch is asked again."]
    assert not Confirmation.objects.exists()
    opened.close(TODAY)
    answer = client.post(roster_of(opened, branch), {"deed": "right"})
    assert answer.context["form"].non_field_errors() == [
        "“2026-2” was closed on 2026-11-20. Tell 工委 what has changed."
    ]


def test_whose_round_it_is_not_gets_no_page(client, top, branch):
    opened = a_round(top)
    other = a_branch(a_committee(top), name="别家支部")
    client.force_login(a_user("branch_clerk", branch))
    assert states(client.get(f"{ROUNDS}{opened.pk}/")) == [("一支部", "not confirmed")]
    assert client.get(roster_of(opened, other)).status_code == 404
    assert client.post(roster_of(opened, other), {"deed": "right"}).status_code == 404
    assert client.get(f"{ROUNDS}{opened.pk}/close/").status_code == 403
    assert client.get(f"{ROUNDS}new/").status_code == 403
    client.force_login(a_user("committee_clerk", a_committee()))
    for page in ("", "close/", "roster/"):
        assert client.get(f"{ROUNDS}{opened.pk}/{page}").status_code == 404, page
    assert client.get(ROUNDS).context["lines"] == []
    client.force_login(a_user("committee_clerk", branch.parent))  # of a committee in between
    assert client.get(f"{ROUNDS}{opened.pk}/close/").status_code == 404
    assert states(client.get(f"{ROUNDS}{opened.pk}/")) == [("一支部", "not confirmed")]
    [(text, _when, _url)] = desk(client)
    assert text == "2026-2: 1 of 1 branches has not confirmed its roster"
    assert not Confirmation.objects.exists()


def test_a_reader_sees_and_answers_nothing(client, top, branch):
    opened = a_round(top)
    client.force_login(a_user("reader", top))
    [(text, _when, url)] = desk(client)
    assert text == "2026-2: 1 of 1 branches has not confirmed its roster"
    assert client.get(url).status_code == 200
    page = client.get(roster_of(opened, branch))
    assert "Our roster is right" not in page.content.decode()
    assert client.post(roster_of(opened, branch), {"deed": "right"}).status_code == 403
    assert client.post(f"{ROUNDS}{opened.pk}/close/").status_code == 403


def test_a_branch_that_moved_away_answers_where_it_was_asked(client, clerk, top, branch):
    elsewhere = a_committee(a_work_committee(name="另一工委"))
    opened = a_round(top)
    move_organization(branch, elsewhere, on=date(2026, 11, 10))
    [line] = client.get(f"{ROUNDS}{opened.pk}/").context["lines"]
    assert (line.then.name, line.url) == ("一支部", "")
    assert client.get(roster_of(opened, branch)).status_code == 404
    client.force_login(a_user("branch_clerk", branch))
    client.post(roster_of(opened, branch), {"deed": "right"})
    assert Confirmation.objects.get().organization == branch


def test_a_round_that_cannot_be_opened_says_every_reason(client, clerk, top):
    asked = {"name": "", "as_at": "2027-01-01", "last_day": "2026-12-01"}
    answer = client.post(f"{ROUNDS}new/?organization={top.pk}", asked)
    assert set(answer.context["form"].errors) == {"name", "as_at", "last_day"}
    a_round(top)
    asked = {"name": "2026-3", "as_at": f"{AS_AT}", "last_day": "2026-12-01"}
    answer = client.post(f"{ROUNDS}new/?organization={top.pk}", asked)
    assert answer.context["form"].non_field_errors() == [
        "A round is open already. Close that one first."
    ]
    assert ConfirmationRound.objects.count() == 1


def test_a_committee_without_a_round_is_told_how_to_begin(client, clerk, top):
    text = client.get(ROUNDS).content.decode()
    assert "No round was opened yet." in text
    text = client.get(f"/papers/unconfirmed/{top.pk}/?on=2026-11-20&form=html").content.decode()
    assert "（尚未开展名册核对）" in text
