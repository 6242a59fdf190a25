"""Codes from a phone: set up, asked for, accepted once, and reset."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.utils import timezone

from branches.checks import totp_roles
from registry.login import totp
from registry.models import Entry, LoginTries, SecondFactor
from tests.factories import PASSWORD, a_branch, a_user

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def post_login(client, username, **more):
    return client.post("/login/", {"username": username, "password": PASSWORD, **more})


def is_in(client):
    return get_user(client).is_authenticated


@pytest.mark.parametrize(
    ("second", "code"),
    # RFC 6238, appendix B, SHA-1: the last six of its eight digits
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(second, code):
    assert totp.code_at(b"12345678901234567890", second // 30) == code


@pytest.mark.parametrize(
    ("steps_off", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phone_may_be_half_a_minute_early_or_late(steps_off, accepted):
    secret, now = b"12345678901234567890", 1_800_000_000.0
    code = totp.code_at(secret, int(now) // 30 + steps_off)
    assert (totp.matching_step(secret, code, now, after=0) is not None) is accepted


def code_now(user, steps_later=0):
    factor = SecondFactor.objects.get(user=user)
    return totp.code_at(totp.secret_bytes(factor), int(totp.time.time()) // 30 + steps_later)


@pytest.fixture
def phone_user(db):
    """A user whose second factor is in use."""
    user = a_user()
    factor = totp.draft_for(user)
    factor.confirmed_at = NOON
    factor.save()
    return user


def test_a_user_with_a_second_factor_is_asked_for_the_code(client, phone_user):
    answer = post_login(client, phone_user.username, next="/somewhere/")
    assert answer.url == "/login/code/?next=%2Fsomewhere%2F"
    assert not is_in(client), "half-way is not in"
    answer = client.post(answer.url, {"code": code_now(phone_user), "next": "/somewhere/"})
    assert answer.url == "/somewhere/"
    assert is_in(client)


def test_a_code_with_spaces_and_full_width_digits_is_read(client, phone_user):
    post_login(client, phone_user.username)
    code = code_now(phone_user).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    client.post("/login/code/", {"code": f"{code[:3]} {code[3:]}"})
    assert is_in(client)


def test_a_code_is_accepted_once(client, phone_user):
    code = code_now(phone_user)
    post_login(client, phone_user.username)
    client.post("/login/code/", {"code": code})
    client.logout()
    post_login(client, phone_user.username)
    answer = client.post("/login/code/", {"code": code})
    assert not is_in(client)
    assert answer.context["form"].errors["code"] == [
        (
            "The code is not right, or the account is locked. Wait for the next one; after five"
            " failures an account is locked for 30 minutes."
        )
    ]


def test_wrong_codes_lock_the_account_however_often_the_password_was_right(client, phone_user):
    for _time in range(5):
        post_login(client, phone_user.username)
        client.post("/login/code/", {"code": "000000"})
    client.post("/login/code/", {"code": code_now(phone_user)})
    assert not is_in(client)
    assert LoginTries.locked(phone_user.username, timezone.now())


def test_the_code_page_is_for_those_whose_password_was_right(client, phone_user):
    assert client.get("/login/code/?next=//evil.example").url == "/login/?next=%2F"
    answer = client.post("/login/code/", {"code": code_now(phone_user)})
    assert answer.url.startswith("/login/")
    assert not is_in(client)


def test_password_and_code_lie_five_minutes_apart_at_most(client, phone_user):
    post_login(client, phone_user.username)
    session = client.session
    session["half_way"] = [
        session["half_way"][0],
        session["half_way"][1] - 301,
        *session["half_way"][2:],
    ]
    session.save()
    client.post("/login/code/", {"code": code_now(phone_user)})
    assert not is_in(client)


def test_a_new_password_ends_a_login_half_way(client, phone_user):
    post_login(client, phone_user.username)
    phone_user.set_password("another long passphrase")
    phone_user.save()
    client.post("/login/code/", {"code": code_now(phone_user)})
    assert not is_in(client)


@pytest.mark.django_db
def test_a_role_that_needs_a_second_factor_sets_one_up_before_it_enters(client, settings):
    settings.TOTP_ROLES = ["branch_clerk"]
    user = a_user("branch_clerk", a_branch())
    answer = post_login(client, user.username)
    assert answer.url == "/login/second-factor/?next=%2F"
    page = client.get(answer.url)
    secret = SecondFactor.objects.get(user=user).secret
    assert secret[:4] in page.content.decode()
    picture = client.get("/login/second-factor.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"style=" not in picture.content
    assert "no-store" in picture.headers["Cache-Control"]
    client.post(answer.url, {"code": "000000"})
    assert not is_in(client)
    client.post(answer.url, {"code": code_now(user)})
    assert is_in(client)
    assert client.get("/login/second-factor.svg").status_code == 404, "never shown again"


@pytest.mark.django_db
def test_other_roles_enter_with_the_password_alone(client, settings):
    settings.TOTP_ROLES = ["auditor"]
    post_login(client, a_user("branch_clerk", a_branch()).username)
    assert is_in(client)


@pytest.mark.django_db
def test_anyone_may_set_up_a_second_factor(client):
    user = a_user()
    client.force_login(user)
    assert "Set up the second factor" in client.get("/login/second-factor/").content.decode()
    client.post("/login/second-factor/", {"code": code_now(user)})
    assert totp.factor_of(user)
    assert "asks for a code" in client.get("/login/second-factor/").content.decode()


def test_a_reset_factor_asks_no_more_and_is_logged(client, phone_user):
    assert totp.reset(phone_user)
    assert not totp.reset(phone_user)
    post_login(client, phone_user.username)
    assert is_in(client)
    entry = Entry.objects.filter(model="registry.secondfactor").latest("id")
    assert (entry.action, entry.label) == ("delete", str(phone_user))


def test_the_secret_is_neither_in_the_database_nor_in_the_log(phone_user):
    secret = SecondFactor.objects.get().secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM registry_secondfactor")
        [(kept,)] = cursor.fetchall()
    assert kept.startswith("k1:")
    assert secret not in kept
    assert secret not in str(list(Entry.objects.values()))


def test_the_picture_says_what_authenticators_read(phone_user):
    factor = SecondFactor.objects.get()
    assert totp.address(factor) == (
        f"otpauth://totp/Party%20member%20registry:{phone_user.username}"
        f"?secret={factor.secret}&issuer=Party%20member%20registry"
    )


def test_a_misspelt_role_would_ask_nobody_so_it_stops_the_start(settings):
    settings.TOTP_ROLES = ["auditor", "branch clerk"]
    [finding] = totp_roles()
    assert finding.id == "branches.E001"
    assert finding.msg == "REGISTRY_TOTP_ROLES names “branch clerk”, which is not a role."
