"""Lists count no further than they must, and show the columns that their reader has chosen."""

from __future__ import annotations

import pytest
from django.core.paginator import InvalidPage

from members.admin.members import MemberAdmin
from members.models import Member
from registry.admin.paging import CappedPaginator
from registry.models import Preference, User
from tests.factories import PASSWORD, a_branch, a_member, a_user

MEMBERS = "/members/member/"
COLUMNS = "/members/member/columns/"


class SmallPaginator(CappedPaginator):
    cap = 6


def pages(rows: int) -> SmallPaginator:
    return SmallPaginator(list(range(rows)), 2)


@pytest.mark.parametrize(
    ("rows", "said", "has_more"),
    [
        pytest.param(0, "0", False, id="none"),
        pytest.param(5, "5", False, id="fewer than the cap"),
        pytest.param(6, "6", False, id="as many as the cap are counted exactly"),
        pytest.param(7, "more than 6", True, id="one more than the cap"),
        pytest.param(900, "more than 6", True, id="far more"),
    ],
)
def test_a_list_says_how_many_as_far_as_it_counted(rows, said, has_more):
    assert (pages(rows).said, pages(rows).has_more) == (said, has_more)


@pytest.mark.parametrize(
    ("rows", "number", "shown", "goes_on"),
    [
        pytest.param(5, 1, [0, 1], True, id="the first of three pages"),
        pytest.param(5, 3, [4], False, id="the last page"),
        pytest.param(7, 3, [4, 5], True, id="the last counted page has one after it"),
        pytest.param(7, 4, [6], False, id="a page beyond the cap, not full, is the last"),
        pytest.param(9, 4, [6, 7], True, id="a full page beyond the cap may have one after it"),
    ],
)
def test_pages_can_be_turned_beyond_what_was_counted(rows, number, shown, goes_on):
    page = pages(rows).page(number)
    assert list(page.object_list) == shown
    assert pages(rows).has_page_after(number, len(shown)) is goes_on


@pytest.mark.parametrize(
    ("rows", "number"),
    [(5, 4), (5, 0), (7, 5), (7, 10**18), (7, "x")],
)
def test_a_page_that_is_not_there_is_refused(rows, number):
    with pytest.raises(InvalidPage):
        pages(rows).page(number)


def test_rows_are_counted_up_to_one_more_than_the_cap(db, django_assert_num_queries):
    branch = a_branch()
    for _ in range(3):
        a_member(branch)
    paginator = SmallPaginator(Member.objects.order_by("pk"), 2)
    with django_assert_num_queries(1) as asked:
        assert paginator.count == 3
        assert paginator.num_pages == 2
    assert "LIMIT 7" in asked.captured_queries[0]["sql"]


# Through the pages of the site


@pytest.fixture
def branch(db):
    return a_branch(name="First branch")


@pytest.fixture
def clerk(branch) -> User:
    return a_user("branch_clerk", branch)


@pytest.fixture
def page(client, clerk):
    assert client.login(username=clerk.username, password=PASSWORD)

    def fetch(address: str) -> str:
        return str(client.get(address, follow=True).content.decode())

    return fetch


@pytest.mark.parametrize(
    "question",
    [
        "?foo=1",
        "?organization__name__startswith=x",
        "?_to_field=name",
    ],
)
def test_an_address_that_asks_nonsense_gets_a_sentence_and_the_list(page, branch, question):
    a_member(branch, name="李四")
    text = page(MEMBERS + question)
    assert "This address asks something that the list cannot answer. Use the filters." in text
    assert "李四" in text


@pytest.mark.parametrize(
    "question", ["?o=99", "?o=x.-.1", "?e=1", "?o=-", "?all=", "?p=x", "?p=999"]
)
def test_an_order_that_does_not_exist_is_passed_over(page, branch, question):
    a_member(branch, name="李四")
    assert "李四" in page(MEMBERS + question)


@pytest.mark.parametrize("number", ["3", "0", "99999999999999999999"])
def test_a_page_after_the_last_gets_a_sentence(page, branch, number, monkeypatch):
    monkeypatch.setattr(MemberAdmin, "list_per_page", 1)
    a_member(branch)
    a_member(branch)
    assert "This address asks something" in page(f"{MEMBERS}?p={number}")


def test_a_masked_column_cannot_be_sorted(client, branch, page):
    a_member(branch, name="甲", phone="13900000002")
    a_member(branch, name="乙", phone="13900000001")
    client.post(COLUMNS, {"column": ["masked_phone"]})
    text = page(MEMBERS + "?o=2")
    assert '<th scope="col" class="column-masked_phone"><span>' in text, "no link to sort by it"
    assert text.index(">甲<") < text.index(">乙<"), "the order stays that of the roster"


def test_chosen_columns_are_shown_and_remembered_for_this_user_only(client, clerk, branch, page):
    a_member(branch)
    before = page(MEMBERS)
    assert "column-number" not in before

    client.post(COLUMNS, {"column": ["number", "rank", "no_such_column"], "next": MEMBERS})
    after = page(MEMBERS)
    assert "column-number" in after
    assert "column-full_name" in after, "the column that opens the record stays"
    assert "column-job_title" not in after
    [kept] = Preference.objects.filter(user=clerk, key="columns:members.member")
    assert kept.value == ["number", "rank"]

    other = a_user("branch_clerk", branch)
    client.login(username=other.username, password=PASSWORD)
    assert "column-number" not in page(MEMBERS)


def test_the_standard_columns_come_back(client, branch, page):
    a_member(branch)
    client.post(COLUMNS, {"column": ["number"]})
    client.post(COLUMNS, {"column": ["number"], "standard": "1"})
    assert "column-number" not in page(MEMBERS)


def test_only_who_sees_the_list_chooses_its_columns(client, db):
    administrator = a_user("system_administrator")
    client.login(username=administrator.username, password=PASSWORD)
    assert client.post(COLUMNS, {"column": ["number"]}).status_code == 403
    assert not Preference.objects.exists()


def test_an_empty_list_says_what_to_do_first(page):
    text = page(MEMBERS)
    assert "Nobody is on the register yet. Upload the roster as the office has it" in text


def test_a_reader_of_an_empty_list_is_not_told_to_upload(client, db):
    client.force_login(a_user("reader", a_branch()))
    text = client.get(MEMBERS).content.decode()
    assert "There are no members yet." in text
    assert "Upload the roster" not in text


def test_a_search_without_result_says_how_to_go_on(page, branch):
    a_member(branch, name="李四")
    assert "Nothing matches. Remove a filter, or search for fewer letters." in page(
        MEMBERS + "?q=王五"
    )


# What each decides for himself


def test_light_or_dark_is_remembered(client, clerk, page):
    client.post("/preferences/", {"theme": "dark"})
    assert 'data-theme="dark"' in page("/")


def test_an_appearance_that_does_not_exist_is_passed_over(client, clerk, page):
    client.post("/preferences/", {"theme": '"><script>'})
    assert not Preference.objects.exists()


def test_the_language_is_switched_and_kept(client, clerk, page):
    response = client.post("/preferences/", {"language": "zh-hans", "next": "/"})
    assert response.status_code == 302
    assert '<html lang="zh-hans"' in page("/")
    assert Preference.objects.get(user=clerk, key="language").value == "zh-hans"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_a_choice_leads_back_to_this_site_only(client, clerk, page, elsewhere):
    response = client.post("/preferences/", {"theme": "dark", "next": elsewhere})
    assert response.headers["Location"] == "/"


def test_nobody_without_an_account_keeps_anything(client, db):
    client.post("/preferences/", {"theme": "dark"})
    assert not Preference.objects.exists()
