"""The page of rosters: what it asks, what it shows, what it prints, and whom it turns away."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.admin import rosters
from members.models import Member
from registry.models import Entry
from registry.models.log import Action
from tests.factories import a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
PAGE, PDF = "/rosters/", "/rosters/pdf/"


@pytest.fixture
def branch():
    return a_branch(a_committee(), short_name="一支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


def shown(client, **asked) -> str:
    response = client.get(PAGE, asked)
    assert response.status_code == 200
    return response.content.decode()


def complaints(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.usefixtures("clerk")
def test_without_a_question_the_clerk_sees_his_own_branch_today(client, branch):
    member = a_member(branch, name="李伟", phone="13800001234")
    page = shown(client)

    assert "一支部党员花名册" in page
    assert "李伟" in page
    assert member.id_number not in page
    assert "138****1234" in page
    assert f'href="{PDF}?organization={branch.pk}&amp;on=' in page


def test_a_committee_is_led_to_the_papers_of_all_its_branches_a_branch_is_not(client, branch):
    client.force_login(a_user("committee_clerk", branch.parent))

    page = shown(client, order="pinyin", on="2026-11-20")

    address = page.split('href="/print-jobs/?')[1].split('"')[0]
    assert {f"organization={branch.parent.pk}", "on=2026-11-20", "order=pinyin"} <= set(
        address.split("&amp;")
    )
    assert "/print-jobs/" not in shown(client, organization=branch.pk)


@pytest.mark.usefixtures("clerk")
def test_as_at_a_past_day_those_stand_there_who_belonged_then(client, branch):
    a_member(branch, name="李伟").leave("transferred_out", date(2024, 6, 1))

    assert "李伟" in shown(client, on="2024-05-31")
    assert "李伟" not in shown(client, on="2024-06-01")


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("address", [PAGE, PDF])
def test_a_foreign_organisation_and_one_that_never_was_are_not_found(client, address):
    foreign = a_branch()
    a_member(foreign, name="外人")

    for pk in (foreign.pk, foreign.parent_id, 987654, 10**30):
        assert client.get(address, {"organization": pk}).status_code == 404
        assert client.post(address, {"organization": pk}).status_code in {404, 405}
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"on": "2024-13-01"}, "“2024-13-01” is not a day. Write it as 2026-11-20."),
        ({"on": ""}, "Choose the day."),
        ({"on": "<b>"}, "“&lt;b&gt;” is not a day. Write it as 2026-11-20."),
        ({"on": "1999-12-31"}, "一支部 was founded on 2000-01-01. Choose that day or a later one."),
        ({"organization": ""}, "Choose the organisation."),
        ({"organization": "abc"}, "“abc” is no organisation of yours. Choose one of the list."),
    ],
)
def test_a_question_that_cannot_be_read_lists_nobody_and_prints_nothing(
    client, branch, asked, sentence
):
    a_member(branch, name="李伟")
    page = shown(client, **asked)

    assert sentence in page
    assert "李伟" not in page
    answer = client.get(PDF, asked, follow=True)
    assert answer.redirect_chain[0][0].startswith(PAGE)
    assert "李伟" not in answer.content.decode()
    assert not Entry.objects.filter(action=Action.PRINT).exists()


def test_the_pdf_opens_under_a_chinese_name_and_stays_in_no_cache(client, branch, clerk):
    a_member(branch)
    answer = client.get(PDF, {"organization": branch.pk, "on": "2024-05-31"})

    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    name = quote("一支部党员花名册（2024-05-31）.pdf")
    assert answer["Content-Disposition"] == (
        f"inline; filename=\"roster-{branch.code}-2024-05-31.pdf\"; filename*=UTF-8''{name}"
    )
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert entry.user == clerk
    assert ["numbers", "", "masked"] in entry.changes


def test_full_numbers_need_a_reason_which_the_log_keeps(client, branch, clerk):
    a_member(branch)
    asked = {"organization": branch.pk, "on": "2024-05-31"}

    refused = client.post(PDF, asked | {"reason": " "}, follow=True)
    assert complaints(refused) == ["Say what the full numbers are needed for."]
    assert refused.redirect_chain[0][0] == f"{PAGE}?organization={branch.pk}&on=2024-05-31"
    assert not Entry.objects.filter(action=Action.PRINT).exists()

    assert client.post(PDF, asked | {"reason": "inspection"}).content.startswith(b"%PDF")
    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert (entry.user, entry.reason) == (clerk, "inspection")
    assert ["numbers", "", "full"] in entry.changes


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_who_may_not_see_full_numbers_gets_neither_the_button_nor_the_paper(client, branch, role):
    a_member(branch)
    client.force_login(a_user(role, branch))
    assert "With full numbers" not in shown(client)

    refused = client.post(
        PDF, {"organization": branch.pk, "on": "2024-05-31", "reason": "curious"}, follow=True
    )

    assert complaints(refused) == ["You may print this roster with masked numbers only."]
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.parametrize("role", ["auditor", "system_administrator"])
def test_who_sees_no_people_has_no_page_of_rosters(client, role):
    client.force_login(a_user(role))

    assert client.get(PAGE).status_code == 403
    assert client.get(PDF).status_code == 403
    assert PAGE not in client.get("/").content.decode()


def test_who_has_not_logged_in_is_asked_to(client):
    assert client.get(PDF).status_code == 302


@pytest.mark.usefixtures("clerk")
def test_a_character_that_no_font_has_is_told_and_the_paper_prints(client, branch):
    a_member(branch, note="\ue000")

    assert "No font here has \ue000 (U+E000)" in shown(client)
    assert client.get(PDF).content.startswith(b"%PDF")


@pytest.mark.usefixtures("clerk")
def test_a_branch_of_nobody_says_so(client):
    assert "Nobody belonged to it on that day; the paper says so." in shown(client)


@pytest.mark.usefixtures("clerk")
def test_what_does_not_fit_on_the_screen_is_counted(client, branch, monkeypatch):
    for number in range(3):
        a_member(branch, name=f"李伟{'一二三'[number]}")
    monkeypatch.setattr(rosters, "SHOWN", 1)

    page = shown(client)

    assert "李伟一" in page
    assert "李伟二" not in page
    assert "共3人" in page
    assert "2 more people are on the paper." in page


@pytest.mark.usefixtures("clerk")
def test_markup_in_a_name_is_shown_as_it_is_written(client, branch):
    member = a_member(branch)
    Member.objects.filter(pk=member.pk).update(name="<b>李</b>")

    assert "&lt;b&gt;李&lt;/b&gt;" in shown(client)


@pytest.mark.usefixtures("clerk")
def test_the_page_asks_the_database_as_often_for_many_people_as_for_one(client, branch):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(client)
        return len(captured)

    a_member(branch)
    queries()  # the first visit also remembers the session
    few = queries()
    for _ in range(5):
        a_member(branch)

    assert queries() == few


@pytest.mark.usefixtures("clerk", "zh")
def test_the_page_comes_in_chinese(client, branch):
    a_member(branch)
    assert "一支部党员花名册" in client.get(PAGE).content.decode()
