"""System administrators keep accounts and grants: within their rows, never for themselves."""

from __future__ import annotations

import pytest
from django.urls import reverse

from branches.models import Account, Grant
from branches.models.grants import EVERYTHING
from registry.models import Entry, User
from registry.models.login import LoginTries, SecondFactor
from tests.factories import PASSWORD, a_branch, a_committee, a_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:branches_account_changelist")
ADD = reverse("admin:branches_account_add")
OTHER_PASSWORD = "another long passphrase"


def change_of(user):
    return reverse("admin:branches_account_change", args=[user.pk])


def text_of(response):
    return response.content.decode()


def with_grants(*rows, kept=(), removed=()):
    """The fields of the grants' table: existing ones first, then new (role, organisation)."""
    data = {
        "grants-TOTAL_FORMS": str(len(rows) + len(kept)),
        "grants-INITIAL_FORMS": str(len(kept)),
    }
    for number, grant in enumerate(kept):
        data |= {
            f"grants-{number}-id": grant.pk,
            f"grants-{number}-role": grant.role,
            f"grants-{number}-organization": grant.organization_id or "",
        }
        if grant in removed:
            data[f"grants-{number}-DELETE"] = "on"
    for number, (role, organization) in enumerate(rows, len(kept)):
        data |= {
            f"grants-{number}-role": role,
            f"grants-{number}-organization": organization.pk if organization else "",
        }
    return data


def a_new_account(**fields):
    return {
        "username": "newcomer",
        "name": "新人",
        "is_active": "on",
        "new_password": OTHER_PASSWORD,
        "new_password_again": OTHER_PASSWORD,
    } | fields


@pytest.fixture
def chief(client):
    """The system administrator of the whole register, logged in."""
    user = a_user("system_administrator", name="总管理员")
    client.force_login(user)
    return user


@pytest.fixture
def branch():
    return a_branch(a_committee())


def test_a_first_account_is_made_with_its_password_and_grant(client, chief, branch):
    answer = client.post(ADD, a_new_account() | with_grants(("branch_clerk", branch)))
    assert answer.status_code == 302
    account = Account.objects.get(username="newcomer")
    assert account.check_password(OTHER_PASSWORD)
    assert account.grants.get().organization == branch
    assert {entry.user_id for entry in Entry.objects.about(account)} == {chief.pk}
    assert OTHER_PASSWORD not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"new_password": "", "new_password_again": ""}, "This field is required."),
        ({"new_password_again": "other"}, "The two passwords differ. Type both again."),
        ({"new_password": "short", "new_password_again": "short"}, "This password is too short"),
        ({"username": "a b"}, "Enter a valid username."),
        ({"username": "taken"}, "There is already an account of this name. Choose another."),
    ],
)
def test_what_cannot_be_an_account_gets_a_sentence(client, chief, fields, sentence):
    a_user(username="taken")
    answer = client.post(ADD, a_new_account(**fields) | with_grants())
    assert sentence in text_of(answer)
    assert not Account.objects.filter(username="newcomer").exists()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("branch_clerk", None)], "This role sees members. Name the organisation it is for."),
        ([("branch_clerk", "committee")], "A branch clerk works for one branch."),
        ([("king", "branch")], "Select a valid choice."),
        ([("reader", "branch"), ("reader", "branch")], "Please correct the duplicate data"),
        (
            [("system_administrator", None), ("reader", "branch")],
            "A system administrator sees no member, so this account cannot hold",
        ),
    ],
    ids=["no organisation", "not a branch", "no role", "twice", "both"],
)
def test_grants_that_cannot_be_get_a_sentence(client, chief, branch, rows, sentence):
    places = {"branch": branch, "committee": branch.parent, None: None}
    rows = [(role, places[place]) for role, place in rows]
    answer = client.post(ADD, a_new_account() | with_grants(*rows))
    assert sentence in text_of(answer)
    assert not Account.objects.filter(username="newcomer").exists()


# Never for oneself


def test_his_own_account_is_a_page_to_read(client, chief, branch):
    page = client.get(change_of(chief))
    assert page.status_code == 200
    assert "new_password" not in text_of(page)
    assert 'name="grants-0-role"' not in text_of(page)


def test_nobody_grants_himself_anything(client, chief, branch):
    own = chief.grants.get()
    posted = {"name": "x", "is_active": "on"} | with_grants(("branch_clerk", branch), kept=[own])
    assert client.post(change_of(chief), posted).status_code == 403
    assert [grant.role for grant in Grant.objects.filter(user=chief)] == ["system_administrator"]


def test_nor_through_the_form_of_another_account(client, chief, branch):
    other = a_user("reader", branch)
    data = {"name": "x", "is_active": "on"} | with_grants(
        ("branch_clerk", branch), kept=[other.grants.get()]
    )
    data |= {"grants-1-user": chief.pk, "user": chief.pk, "id": chief.pk}
    assert client.post(change_of(other), data).status_code == 200
    assert [grant.role for grant in Grant.objects.filter(user=chief)] == ["system_administrator"]


def test_nor_by_taking_another_s_grant_into_a_form(client, chief, branch):
    own, other = chief.grants.get(), a_user("reader", branch)
    data = {"name": "x", "is_active": "on"} | with_grants(kept=[own])
    data["grants-0-role"] = "auditor"
    before = list(Grant.objects.values())
    client.post(change_of(other), data)
    assert list(Grant.objects.values()) == before


def test_an_administrator_sees_no_member_and_no_tree(client, chief, branch):
    for name in ("members_member_changelist", "branches_organization_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert "Organisation" in str(branch)
    assert branch.name not in text_of(client.get(LIST))


# Within one's rows


@pytest.fixture
def local(client):
    """A system administrator of one committee, logged in."""
    committee = a_committee()
    user = a_user("system_administrator", committee)
    client.force_login(user)
    user.committee, user.branch = committee, a_branch(committee)
    return user


def test_a_local_administrator_sees_accounts_that_lie_within_only(client, local):
    inside = a_user("branch_clerk", local.branch, name="内部干事")
    elsewhere = a_user("branch_clerk", a_branch(), name="外部干事")
    both = a_user("branch_clerk", local.branch, name="两处干事")
    Grant.objects.create(user=both, organization=elsewhere.grants.get().organization, role="reader")
    nowhere = a_user(name="无处干事")
    everywhere = a_user("auditor", name="总审计员")
    rows = set(Account.objects.visible_to(local).values_list("pk", flat=True))
    assert rows == {inside.pk, local.pk}
    text = text_of(client.get(LIST))
    assert "内部干事" in text
    for foreign in (elsewhere, both, nowhere, everywhere):
        assert foreign.name not in text
        assert client.get(change_of(foreign)).status_code == 404
        assert client.post(change_of(foreign), {"name": "x"}).status_code == 404


@pytest.mark.parametrize("place", ["elsewhere", "above", None])
def test_a_local_administrator_grants_nothing_beyond_his_rows(client, local, place):
    places = {"elsewhere": a_branch(), "above": local.committee.parent, None: None}
    role = "reader" if place else "auditor"
    answer = client.post(ADD, a_new_account() | with_grants((role, places[place])))
    assert answer.status_code == 200
    assert not Account.objects.filter(username="newcomer").exists()
    client.post(ADD, a_new_account() | with_grants(("reader", local.branch)))
    assert Account.objects.filter(username="newcomer").exists()


def test_a_local_administrator_leaves_at_least_one_grant(client, local):
    clerk = a_user("branch_clerk", local.branch)
    grant = clerk.grants.get()
    data = {"name": "x", "is_active": "on"} | with_grants(kept=[grant], removed=[grant])
    assert "At least one grant stays" in text_of(client.post(change_of(clerk), data))
    assert clerk.grants.exists()


def test_choices_for_grants_lie_within_his_rows(client, local):
    found = client.get(reverse("admin:organizations_for_grant")).json()["results"]
    assert {each["id"] for each in found} == {str(local.committee.pk), str(local.branch.pk)}


# Closing, and coming in again


def test_a_closed_account_is_out_at_once_and_keeps_its_rows(
    client, chief, branch, django_user_model
):
    clerk = a_user("branch_clerk", branch)
    his = type(client)()
    his.login(username=clerk.username, password=PASSWORD)
    assert his.get(reverse("admin:index")).status_code == 200
    grant = clerk.grants.get()
    client.post(change_of(clerk), {"name": clerk.name} | with_grants(kept=[grant]))
    assert his.get(reverse("admin:index")).status_code == 302
    assert not his.login(username=clerk.username, password=PASSWORD)
    assert not django_user_model.objects.get(pk=clerk.pk).is_active
    assert Grant.objects.filter(pk=grant.pk).exists()


def test_a_new_password_ends_every_session(client, chief, branch):
    clerk = a_user("branch_clerk", branch)
    his = type(client)()
    his.login(username=clerk.username, password=PASSWORD)
    words = {"new_password": OTHER_PASSWORD, "new_password_again": OTHER_PASSWORD}
    data = {"name": clerk.name, "is_active": "on"} | words
    client.post(change_of(clerk), data | with_grants(kept=[clerk.grants.get()]))
    assert his.get(reverse("admin:index")).status_code == 302
    assert his.login(username=clerk.username, password=OTHER_PASSWORD)


def test_a_locked_account_is_unlocked_and_a_lost_phone_forgotten(client, chief, branch):
    clerk = a_user("branch_clerk", branch)
    for _ in range(6):
        type(client)().post(
            reverse("admin:login"), {"username": clerk.username, "password": "wrong"}
        )
    SecondFactor.objects.create(user=clerk, secret="ABC", confirmed_at=clerk.created_at)
    assert LoginTries.objects.exists()
    page = text_of(client.get(change_of(clerk)))
    assert 'name="unlock"' in page
    assert 'name="forget_factor"' in page
    data = {"name": clerk.name, "is_active": "on", "unlock": "on", "forget_factor": "on"}
    client.post(change_of(clerk), data | with_grants(kept=[clerk.grants.get()]))
    assert not LoginTries.objects.exists()
    assert not SecondFactor.objects.exists()


def test_no_account_is_ever_deleted(client, chief, branch):
    clerk = a_user("branch_clerk", branch)
    answer = client.post(f"{LIST}{clerk.pk}/delete/", {"post": "yes"}, follow=True)
    assert answer.status_code == 404
    client.post(LIST, {"action": "delete_selected", "_selected_action": [clerk.pk], "post": "yes"})
    assert User.objects.filter(pk=clerk.pk).exists()


# Who else looks


def test_an_auditor_looks_on(client, branch):
    clerk = a_user("branch_clerk", branch)
    client.force_login(a_user("auditor"))
    assert client.get(LIST).status_code == 200
    assert client.get(change_of(clerk)).status_code == 200
    assert client.post(change_of(clerk), {"name": "x"}).status_code == 403
    assert client.get(ADD).status_code == 403


def test_a_clerk_finds_no_accounts(client, branch):
    clerk = a_user("committee_clerk", branch.parent)
    client.force_login(clerk)
    assert client.get(LIST).status_code == 403
    assert client.get(change_of(clerk)).status_code == 403


def test_the_whole_register_is_one_scope(chief):
    assert chief.grants.get().scope == EVERYTHING
    assert set(Account.objects.visible_to(chief)) == set(Account.objects.all())
