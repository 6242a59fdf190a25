"""The pages of papers: what they ask, what they show and print, and whom they turn away."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest

from members.models import Member
from members.papers.kinds import PAPERS, ROSTERS
from registry.models import Entry
from registry.models.log import Action
from registry.papers.catalogue import About
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.members.papers import office

pytestmark = pytest.mark.django_db
OF_ORGANIZATIONS = [
    key for key, paper in PAPERS.items() if paper.about == About.ORGANIZATION and key not in ROSTERS
]
BIRTHDAYS, TABLE = "/papers/birthdays/", "/papers/organizations/"
MAY = "2024-05-31"


@pytest.fixture
def branch():
    return a_branch(a_committee(), short_name="一支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


def shown(client, address, **asked) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200
    return response.content.decode()


def complaints(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def printed() -> bool:
    return Entry.objects.filter(action=Action.PRINT).exists()


# What the page asks and shows


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("key", OF_ORGANIZATIONS)
def test_without_a_question_every_paper_is_that_of_the_own_organisation_today(client, branch, key):
    page = shown(client, f"/papers/{key}/")

    assert "一支部" in page
    assert f'href="/papers/{key}/{branch.pk}/?' in page
    for other in OF_ORGANIZATIONS:
        assert f'href="/papers/{other}/?organization={branch.pk}&amp;on=' in page
    for other in ROSTERS:
        assert f'href="/rosters/?paper={other}&amp;organization={branch.pk}&amp;on=' in page
    assert not printed()


@pytest.mark.usefixtures("clerk")
def test_the_first_paper_opens_for_the_organisation_one_comes_from(client, branch):
    answer = client.get("/papers/", {"organization": branch.pk})

    assert answer.url == f"/papers/{OF_ORGANIZATIONS[0]}/?organization={branch.pk}"
    assert f'"/papers/?organization={branch.pk}"' in shown(client, f"/organizations/{branch.pk}/")


@pytest.mark.usefixtures("clerk")
def test_the_page_shows_who_will_print_masked_as_at_the_day(client, branch):
    member = a_member(branch, name="李伟", phone="13800001234")
    member.leave("transferred_out", date(2024, 6, 1))

    page = shown(client, BIRTHDAYS, on=MAY, month=6)

    assert "一支部2024年6月政治生日名单" in page
    assert "李伟" in page
    assert "138****1234" in page
    assert member.id_number not in page
    assert f'href="/papers/birthdays/{branch.pk}/?organization={branch.pk}&amp;on={MAY}' in page
    assert "李伟" not in shown(client, BIRTHDAYS, on="2024-06-01", month=6)


@pytest.mark.usefixtures("clerk")
def test_the_month_is_that_of_the_day_until_another_is_chosen(client, branch):
    a_member(branch, name="李伟")  # joined in June

    assert "李伟" not in shown(client, BIRTHDAYS, on=MAY)
    assert '<option value="5" selected>' in shown(client, BIRTHDAYS, on=MAY)
    assert "李伟" in shown(client, BIRTHDAYS, on="2024-06-30")


@pytest.mark.usefixtures("clerk")
def test_what_does_not_fit_on_the_screen_is_counted(client, branch, monkeypatch):
    for name in ("李一", "李二", "李三"):
        a_member(branch, name=name, hardship=True)
    monkeypatch.setattr("members.admin.papers.SHOWN", 1)

    page = shown(client, "/papers/hardship/")

    assert "李一" in page
    assert "李二" not in page
    assert "2 more rows are on the paper." in page


@pytest.mark.usefixtures("clerk")
def test_a_list_of_nobody_says_so(client):
    page = shown(client, "/papers/floating/")

    assert "Nobody is on it as at that day; the paper says so." in page


@pytest.mark.usefixtures("clerk")
def test_a_character_that_no_font_has_is_told_before_printing(client, branch):
    a_member(branch, hardship=True, note="\ue000")

    assert "No font here has \ue000 (U+E000)" in shown(client, "/papers/hardship/")
    assert client.get(f"/papers/hardship/{branch.pk}/").content.startswith(b"%PDF")


@pytest.mark.usefixtures("clerk")
def test_markup_in_a_name_is_shown_as_it_is_written(client, branch):
    member = a_member(branch, hardship=True)
    Member.objects.filter(pk=member.pk).update(name="<b>李</b>")

    assert "&lt;b&gt;李&lt;/b&gt;" in shown(client, "/papers/hardship/")


# What cannot be read


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"on": "2024-13-01"}, "“2024-13-01” is not a day. Write it as 2026-11-20."),
        ({"on": ""}, "Choose the day."),
        ({"on": "1999-12-31"}, "一支部 was founded on 2000-01-01. Choose that day or a later one."),
        ({"month": "13"}, "“13” is not a month. Choose one from 1 to 12."),
        ({"month": "<b>"}, "“&lt;b&gt;” is not a month. Choose one from 1 to 12."),
        ({"organization": ""}, "Choose the organisation."),
        ({"organization": "abc"}, "“abc” is no organisation of yours. Choose one of the list."),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_is_printed(client, branch, asked, sentence):
    a_member(branch, name="李伟")
    asked = {"on": "2024-06-30"} | asked

    page = client.get(BIRTHDAYS, asked)

    told = [
        (name, f"{error}")
        for form in page.context["question"].forms
        for name, errors in form.errors.items()
        for error in errors
    ]
    [field] = [name for name in asked if name != "on"] or ["on"]
    assert told == [(field, sentence.replace("&lt;", "<").replace("&gt;", ">"))]
    assert sentence in page.content.decode()
    assert "李伟" not in page.content.decode()
    if "organization" not in asked:
        answer = client.get(f"{BIRTHDAYS}{branch.pk}/", asked, follow=True)
        assert answer.redirect_chain[0][0].startswith(f"{BIRTHDAYS}?organization={branch.pk}&on=")
        assert sentence in answer.content.decode()
    assert not printed()


# The file


def test_the_file_opens_under_a_chinese_name_and_the_log_says_so(client, branch, clerk):
    a_member(branch)
    answer = client.get(f"{BIRTHDAYS}{branch.pk}/", {"on": MAY, "month": 6})

    assert answer.content.startswith(b"%PDF")
    name = quote("一支部2024年6月政治生日名单（2024-05-31）.pdf")
    assert f"filename*=UTF-8''{name}" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert (entry.user, entry.changes) == (
        clerk,
        [
            ["paper", "", "政治生日名单"],
            ["form", "", "pdf"],
            ["as at", "", MAY],
            ["records", "", 1],
            ["numbers", "", "masked"],
        ],
    )


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("key", OF_ORGANIZATIONS)
def test_every_paper_prints_in_every_format_it_names(client, branch, key):
    office(a_member(branch, floating=True, hardship=True))

    for form in PAPERS[key].forms:
        answer = client.get(f"/papers/{key}/{branch.pk}/", {"form": form})
        assert answer.status_code == 200
        assert answer.content
    assert client.get(f"/papers/{key}/{branch.pk}/", {"form": "exe"}).status_code == 404


def test_full_numbers_need_a_reason_which_the_log_keeps(client, branch, clerk):
    a_member(branch, hardship=True)
    address, asked = f"/papers/hardship/{branch.pk}/", {"on": "2024-05-31"}

    refused = client.post(address, asked | {"reason": " "}, follow=True)
    assert complaints(refused) == ["Say what the full numbers are needed for."]
    assert not printed()

    assert client.post(address, asked | {"reason": "慰问"}).content.startswith(b"%PDF")
    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert (entry.user, entry.reason) == (clerk, "慰问")
    assert ["numbers", "", "full"] in entry.changes


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_who_may_not_see_full_numbers_gets_neither_the_button_nor_the_paper(client, branch, role):
    client.force_login(a_user(role, branch))
    assert "With full numbers" not in shown(client, "/papers/hardship/")

    refused = client.post(f"/papers/hardship/{branch.pk}/", {"reason": "x"}, follow=True)

    assert complaints(refused) == ["You may print this paper with masked numbers only."]
    assert not printed()


@pytest.mark.usefixtures("clerk")
def test_a_paper_without_numbers_offers_no_full_ones(client, branch):
    assert "With full numbers" in shown(client, "/papers/hardship/")
    assert "With full numbers" not in shown(client, TABLE)

    refused = client.post(f"{TABLE}{branch.pk}/", {"reason": "x"}, follow=True)
    assert complaints(refused) == ["You may print this paper with masked numbers only."]


# Whom it turns away


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("key", OF_ORGANIZATIONS)
def test_a_foreign_organisation_and_one_that_never_was_get_the_same_answer(client, key):
    foreign = a_branch(name="外支部")
    answers = set()
    for pk in (foreign.pk, foreign.parent_id, 987654, 10**30):
        for answer in (
            client.get(f"/papers/{key}/", {"organization": pk}),
            client.get(f"/papers/{key}/{pk}/"),
            client.post(f"/papers/{key}/{pk}/", {"reason": "x"}),
        ):
            assert answer.status_code == 404
            answers.add(answer.content.decode().replace(str(pk), ""))

    assert not printed()
    assert not [answer for answer in answers if "外支部" in answer]


@pytest.mark.parametrize("role", ["auditor", "system_administrator"])
def test_who_sees_no_people_has_no_papers(client, branch, role):
    client.force_login(a_user(role))

    for address in ("/papers/", BIRTHDAYS, f"{BIRTHDAYS}{branch.pk}/"):
        assert client.get(address).status_code == 403
    assert "/papers/" not in client.get("/").content.decode()


def test_who_has_not_logged_in_is_asked_to(client, branch):
    assert client.get(f"{BIRTHDAYS}{branch.pk}/").status_code == 302


@pytest.mark.usefixtures("clerk", "zh")
def test_the_page_comes_in_chinese(client, branch):
    a_member(branch, hardship=True)
    assert "一支部困难党员名册" in client.get("/papers/hardship/").content.decode()
