"""The filters of the page “Rosters”: what they leave, on the screen and on the paper alike."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from members.admin import rosters
from members.models import Office
from registry.calendar import PartialDate
from registry.models import Entry
from registry.models.log import Action
from tests.factories import LONG_AGO, a_branch, a_committee, a_member, a_user
from tests.members.rosters import text_of

pytestmark = pytest.mark.django_db
PAGE = "/rosters/"
DAY = "2024-06-01"


@pytest.fixture
def branch():
    return a_branch(a_committee(), short_name="一支部")


@pytest.fixture(autouse=True)
def clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


@pytest.fixture
def people(branch):
    """Three whom each filter tells apart, as at DAY."""
    old = a_member(
        branch,
        name="老张",
        born_on=PartialDate(1950, 6, 2),
        joined_on=PartialDate(1975, 7),
        full_member_on=PartialDate(1976, 7),
        category="retired",
        display_order=1,
    )
    young = a_member(
        branch,
        name="小李",
        sex="F",
        born_on=PartialDate(1994, 6, 1),
        joined_on=PartialDate(2023, 6, 5),
        full_member_on=PartialDate(2024, 6, 5),  # a full member today, but not on DAY
        display_order=2,
    )
    plain = a_member(branch, name="老王", born_on=PartialDate(1980), display_order=3)
    Office.objects.create(
        member=plain,
        organization=branch,
        post="secretary",
        held_from=LONG_AGO,
        held_until=date(2024, 6, 2),
    )
    return old, young, plain


def names(response) -> list[str]:
    assert response.status_code == 200
    at = response.context["headings"].index("姓名")
    return [line["cells"][at][0] for line in response.context["lines"] if "cells" in line]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, ["老张", "小李", "老王"]),
        ({"sex": "F"}, ["小李"]),
        ({"category": "retired"}, ["老张"]),
        ({"kind": "probationary"}, ["小李"]),
        ({"kind": "full"}, ["老张", "老王"]),
        ({"kind": "probationary", "on": "2024-06-05"}, []),
        ({"age_from": "30"}, ["老张", "小李", "老王"]),
        ({"age_from": "30", "on": "2024-05-31"}, ["老张", "老王"]),
        ({"age_to": "73"}, ["老张", "小李", "老王"]),
        ({"age_to": "73", "on": "2024-06-02"}, ["小李", "老王"]),
        ({"age_from": "44", "age_to": "44"}, ["老王"]),
        ({"joined_from": "2005"}, ["小李", "老王"]),
        ({"joined_to": "1975.07"}, ["老张"]),
        ({"joined_from": "2005-06-02"}, ["小李"]),
        ({"office": "any"}, ["老王"]),
        ({"office": "secretary"}, ["老王"]),
        ({"office": "any", "on": "2024-06-02"}, []),
        ({"sex": "M", "age_from": "70"}, ["老张"]),
        ({"order": "strokes", "sex": "M"}, ["老王", "老张"]),
    ],
)
def test_a_filter_leaves_those_who_were_so_on_the_day(client, asked, left):
    assert names(client.get(PAGE, {"on": DAY} | asked)) == left


@pytest.mark.usefixtures("people")
def test_what_is_on_the_screen_is_what_prints_in_that_order(client):
    page = client.get(PAGE, {"on": DAY, "sex": "M", "order": "strokes"})
    assert page.context["paper"].count_line == "共2人"

    [pdf, _xlsx, _html] = [url for _label, url in page.context["files"]]
    text = text_of(client.get(pdf).content)

    assert pdf in page.content.decode().replace("&amp;", "&")
    assert [name for name in ("老王", "老张", "小李") if name in text] == ["老王", "老张"]
    assert text.index("老王") < text.index("老张")
    assert "共2人" in text
    assert "筛选" in text  # nobody takes a part for the whole
    assert page.context["paper"].footer.endswith("　筛选：性别：男")


def test_the_address_carries_everything_and_every_link_the_same_question(client, branch):
    asked = {
        "organization": f"{branch.pk}",
        "on": DAY,
        "paper": "checking_sheet",
        "order": "pinyin",
        "layout": "标准",
        "page_per_branch": "on",
        "sex": "F",
        "age_from": "30",
        "joined_to": "2020",
    }
    page = client.get(PAGE, asked)
    links = [urlsplit(url) for _label, url in page.context["files"]]

    assert [link.path for link in links] == ["/rosters/pdf/", "/rosters/xlsx/", "/rosters/html/"]
    assert all(dict(parse_qsl(link.query)) == asked for link in links)
    assert page.context["question"].parameters == asked
    chips = {chip.value: chip.url for chip in page.context["question"].chips}
    assert list(chips) == ["female", "30", "2020"]
    without = {name: value for name, value in asked.items() if name != "sex"}
    assert dict(parse_qsl(urlsplit(chips["female"]).query)) == without


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"age_from": "abc"}, "Enter a number."),
        ({"age_to": "151"}, "less than or equal to 150"),
        ({"sex": "X"}, "X is not one of the available choices."),
        ({"kind": "<b>"}, "&lt;b&gt; is not one of the available choices."),
        ({"category": "x" * 300}, "is not one of the available choices."),
        ({"joined_from": "soon"}, "“soon” is not a date. Write it as 1985-06-12"),
        ({"joined_to": "2023-02-30"}, "“2023-02-30” is not a date."),
        ({"office": "king"}, "king is not one of the available choices."),
        ({"order": "age"}, "age is not one of the available choices."),
        ({"paper": "letter"}, "letter is not one of the available choices."),
        ({"layout": "没有"}, "There is no layout “没有” for 一支部."),
        ({"layout": "'; --"}, "There is no layout “&#x27;; --” for 一支部."),
        ({"sex": "F", "age_from": "abc"}, "Enter a number."),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_and_lists_and_prints_nobody(client, asked, sentence):
    page = client.get(PAGE, asked)
    text = page.content.decode()

    assert page.status_code == 200
    assert sentence in text
    assert "lines" not in page.context
    assert "老张" not in text
    answer = client.get("/rosters/pdf/", asked, follow=True)
    assert answer.redirect_chain[0][0].startswith(PAGE)
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.usefixtures("people")
def test_a_filter_that_nobody_fits_says_so(client):
    page = client.get(PAGE, {"on": DAY, "age_from": "100"})

    assert "None of those who belonged to it on that day matches" in page.content.decode()


def test_a_filter_is_no_way_to_people_of_others(client, branch):
    foreign = a_branch()
    a_member(foreign, name="外人", sex="F")

    assert names(client.get(PAGE, {"sex": "M"})) == []
    assert names(client.get(PAGE, {"organization": branch.pk, "on": DAY})) == []
    assert client.get(PAGE, {"organization": foreign.pk, "sex": "F"}).status_code == 404


@pytest.mark.parametrize("paper", list(rosters.ROSTERS))
def test_each_paper_is_on_the_page_as_it_prints(client, branch, paper):
    a_member(branch, name="李伟")
    page = client.get(PAGE, {"paper": paper, "meeting": "党员大会"})

    assert names(page) == ["李伟"]
    assert page.context["paper"].title in page.content.decode()
    assert ("党员大会" in page.content.decode()) == (paper == "sign_in_sheet")


@pytest.mark.usefixtures("people")
def test_full_numbers_are_asked_for_of_the_same_people(client):
    page = client.get(PAGE, {"on": DAY, "sex": "F"})
    answer = client.post(
        "/rosters/pdf/", page.context["question"].parameters | {"reason": "inspection"}
    )

    assert answer.content.startswith(b"%PDF")
    entry = Entry.objects.get(action=Action.PRINT)
    assert ["records", "", 1] in entry.changes
    assert "With full numbers" not in (
        client.get(PAGE, {"paper": "sign_in_sheet"}).content.decode()
    )


def test_a_committee_may_be_shown_by_branch(client, branch):
    client.force_login(a_user("committee_clerk", branch.parent))
    a_member(branch, name="李伟")
    page = client.get(PAGE, {"paper": "roster_by_branch"})

    assert [line.get("band", "") for line in page.context["lines"]] == ["一支部", "", "小计：1人"]
    assert "小计：1人" in page.content.decode()
