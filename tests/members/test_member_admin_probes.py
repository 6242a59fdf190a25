"""What a clerk tries at the rows of somebody else, and what he must get: as if they never were."""

from __future__ import annotations

import pytest
from django.test import Client

from members.models import Member
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_member, a_user

pytestmark = pytest.mark.django_db
LIST = "/members/member/"
PAGES = ("change", "history", "move", "leave", "suspend", "restore", "mark_wrong", "reveal")
SECRETS = ("外人甲", "Foreign branch", "13912345678")


@pytest.fixture
def stranger():
    """A person who must not show through anywhere."""
    return a_member(
        a_branch(name="Foreign branch"), name="外人甲", phone="13912345678", job_title="处长"
    )


@pytest.fixture
def mine(branch):
    return a_member(branch, name="张三")


def gone(response):
    """What a page says when the record has never been."""
    assert response.status_code == 404
    return response.content


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post", "head", "put", "options", "delete"])
def test_a_foreign_record_and_a_missing_one_get_the_same_answer(
    client, clerk, stranger, page, method
):
    missing = stranger.pk + 1000
    foreign = getattr(client, method)(f"{LIST}{stranger.pk}/{page}/")
    never = getattr(client, method)(f"{LIST}{missing}/{page}/")
    assert gone(foreign).replace(b"/%d/" % stranger.pk, b"") == gone(never).replace(
        b"/%d/" % missing, b""
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("pk", ["0", "x", "%2F", "_3A", "9" * 30, "-1", "1.5", "%00"])
def test_an_id_that_is_none_is_no_record(client, clerk, page, pk):
    assert client.get(f"{LIST}{pk}/{page}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_the_record_of_somebody_who_has_moved_away_is_gone(client, branch, page):
    member = a_member(branch)
    client.force_login(a_user("branch_clerk", branch))
    member.move_to(a_branch(), TODAY)
    gone(client.get(f"{LIST}{member.pk}/{page}/"))


@pytest.mark.parametrize("page", ["", "add/", "1/change/", "1/history/", "1/move/", "1/reveal/"])
def test_who_has_not_logged_in_is_sent_to_the_login(page):
    response = Client().get(f"{LIST}{page}")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_members_are_not_deleted_by_anybody(client, clerk, mine):
    for url in (f"{LIST}{mine.pk}/delete/", f"{LIST}{mine.pk}/"):
        assert client.post(url, {"post": "yes"}).status_code in {302, 404}
    data = {"action": "delete_selected", "_selected_action": [mine.pk], "post": "yes"}
    client.post(LIST, data)
    assert Member.objects.filter(pk=mine.pk).exists()


@pytest.mark.parametrize("action", ["move_many", "change_field"])
@pytest.mark.parametrize("across", ["0", "1"])
def test_a_forged_selection_takes_no_foreign_row(client, clerk, mine, stranger, action, across):
    chosen = [mine.pk, stranger.pk, "x", "9" * 30]
    data = {"action": action, "_selected_action": chosen, "select_across": across}
    page = client.post(LIST, data)
    assert page.context["members"] == [mine]
    assert not any(secret in page.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(
    "question",
    [
        "phone__startswith=139",
        "phone=13912345678",
        "id_digest__startswith=0",
        "id_number__regex=1",
        "organization__name__startswith=F",
        "organization__path__gte=0",
        "name__startswith=外",
        "pk__in=1,2,3",
        "_popup=1&_to_field=id_digest",
        "_to_field=phone",
        "organization__grants__user__password__startswith=a",
        "finding__code=x",
        "x=y",
    ],
)
def test_a_question_that_is_no_filter_narrows_nothing(client, clerk, mine, stranger, question):
    """Whether it is true or not, the answer is the same."""
    page = client.get(f"{LIST}?{question}", follow=True)
    if page.status_code == 200:
        assert [member.pk for member in page.context["cl"].result_list] == [mine.pk]
    else:
        assert page.status_code == 400
    assert not any(secret in page.content.decode() for secret in SECRETS)


@pytest.mark.parametrize("text", ["外人甲", "wrj", "wairenjia", "13912345678", "{number}", "{id}"])
def test_the_search_finds_no_foreign_person_by_anything(client, clerk, mine, stranger, text):
    text = text.format(number=stranger.number, id=stranger.id_number)
    page = client.get(LIST, {"q": text})
    assert list(page.context["cl"].result_list) == []
    assert page.context["cl"].result_count == 0


def test_the_list_offers_no_foreign_choice(client, clerk, mine, stranger):
    page = client.get(LIST)
    assert not any(secret in page.content.decode() for secret in SECRETS)


@pytest.mark.parametrize("url", [f"{LIST}add/", LIST + "{pk}/change/", LIST + "{pk}/move/"])
def test_a_form_offers_no_foreign_choice_also_when_a_foreign_id_is_posted(
    client, clerk, mine, stranger, url
):
    url = url.format(pk=mine.pk)
    typed = {"organization": stranger.organization_id, "unit": "9" * 20, "party_group": "x"}
    for response in (client.get(url), client.post(url, typed)):
        assert response.status_code == 200
        assert not any(secret in response.content.decode() for secret in SECRETS)


def test_the_address_fills_in_no_foreign_value(client, clerk, stranger):
    page = client.get(f"{LIST}add/", {"organization": stranger.organization_id, "name": "x"})
    assert not any(secret in page.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(
    "field",
    [("members", "member", "organization"), ("members", "office", "organization"),
     ("members", "member", "party_group"), ("members", "placement", "member"),
     ("members", "member", "id_number"), ("registry", "user", "password"), ("x", "y", "z")],
)  # fmt: skip
def test_autocomplete_completes_nothing_foreign(client, clerk, mine, stranger, field):
    app, model, name = field
    data = {"app_label": app, "model_name": model, "field_name": name, "term": "Foreign"}
    response = client.get("/autocomplete/", data)
    assert response.status_code in {200, 403, 404}
    assert not any(secret in response.content.decode() for secret in SECRETS)


def test_a_formset_with_the_rows_of_somebody_else_changes_none(client, clerk, mine, stranger):
    office = stranger.offices.create(
        organization=stranger.organization, post="secretary", held_from=TODAY
    )
    rows = {
        "offices-TOTAL_FORMS": 1,
        "offices-INITIAL_FORMS": 1,
        "offices-0-id": office.pk,
        "offices-0-member": stranger.pk,
        "offices-0-organization": mine.organization_id,
        "offices-0-post": "member",
        "offices-0-body": "committee",
        "offices-0-held_from": "2020-01-01",
        "placements-TOTAL_FORMS": 0,
        "placements-INITIAL_FORMS": 0,
    }
    client.post(f"{LIST}{mine.pk}/change/", rows | {"name": "张三"})
    office.refresh_from_db()
    assert (office.member, office.post) == (stranger, "secretary")


def test_save_as_new_copies_nobody(client, clerk, mine, stranger):
    for member in (mine, stranger):
        client.post(f"{LIST}{member.pk}/change/", {"_saveasnew": "1", "name": "李四"})
    assert not Member.objects.filter(name="李四").exists()


def test_pages_of_people_are_kept_by_no_browser(client, clerk, mine):
    for page in ("", f"{mine.pk}/change/", f"{mine.pk}/history/", f"{mine.pk}/reveal/"):
        assert "no-store" in client.get(f"{LIST}{page}")["Cache-Control"]


def test_a_closed_account_sees_nothing_at_once(client, clerk, mine):
    clerk.is_active = False
    clerk.save()
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("role", ["auditor", "system_administrator"])
def test_who_keeps_no_people_has_no_list_of_them(client, mine, role):
    client.force_login(a_user(role))
    for page in ("", "add/", "columns/"):
        assert client.get(f"{LIST}{page}").status_code in {403, 405}
    for page in PAGES:
        assert client.get(f"{LIST}{mine.pk}/{page}/").status_code in {403, 404}


def test_nothing_of_all_this_was_written_into_the_log_of_the_foreign_record(
    client, clerk, stranger
):
    before = Entry.objects.about(stranger).count()
    for page in PAGES:
        client.post(f"{LIST}{stranger.pk}/{page}/", {"reason": "x", "on": "2024-01-01"})
    assert Entry.objects.about(stranger).count() == before
