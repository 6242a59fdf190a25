"""Who comes in: passwords, and the lock after five failures."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate, get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from registry.login.addresses import client_address
from registry.models import Entry, LoginTries
from tests.factories import PASSWORD, a_user

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def post_login(client, username, password=PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def is_in(client):
    return get_user(client).is_authenticated


def logged():
    return list(
        Entry.objects.filter(action__in=["login", "login_failed", "locked"])
        .order_by("id")
        .values_list("action", "reason")
    )


def fail(client, username, times):
    for _time in range(times):
        post_login(client, username, "not the password")


# Passwords


@pytest.mark.django_db
def test_the_right_password_lets_in_and_is_logged_with_the_address(client):
    user = a_user()
    answer = post_login(client, user.username)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(client)
    entry = Entry.objects.get(action="login")
    assert entry.user == user
    assert entry.changes == [["address", "", "127.0.0.1"]]


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["wrong password", "unknown", "closed", "locked"])
def test_every_refusal_says_the_same_sentence(client, case):
    user = a_user(is_active=case != "closed")
    if case == "locked":
        fail(client, user.username, 5)
    answer = post_login(
        client,
        "nobody" if case == "unknown" else user.username,
        "not the password" if case == "wrong password" else PASSWORD,
    )
    assert answer.context["form"].non_field_errors() == [
        (
            "User name and password do not go together, or the account is locked. Check both; after"
            " five failures an account is locked for 30 minutes."
        )
    ]
    assert not is_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_every_refusal_costs_the_hashing_of_one_password(monkeypatch, username):
    hashed = []
    a_user(username="clerk")
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *parts: hashed.append(1) or encode(*parts)
    )
    for _time in range(7):  # wrong five times, then locked
        hashed.clear()
        assert authenticate(username=username, password="not the password") is None
        assert len(hashed) == 1


@pytest.mark.django_db
def test_the_fifth_failure_locks_the_account_and_the_log_says_so(client):
    user = a_user()
    fail(client, user.username, 4)
    assert not LoginTries.locked(user.username, timezone.now())
    fail(client, user.username, 1)
    assert LoginTries.locked(user.username, timezone.now())
    post_login(client, user.username)
    assert not is_in(client)
    assert logged() == [("login_failed", "")] * 5 + [("locked", ""), ("login_failed", "locked")]


@pytest.mark.django_db
def test_the_fifth_try_may_still_be_the_right_one(client):
    user = a_user()
    fail(client, user.username, 4)
    post_login(client, user.username)
    assert is_in(client)
    assert not LoginTries.objects.exists()


@pytest.mark.django_db
def test_what_was_typed_as_an_unknown_name_does_not_stand_in_the_log(client):
    post_login(client, "my secret password", "x")
    entry = Entry.objects.get(action="login_failed")
    assert (entry.label, entry.user) == ("my…", None)
    assert "secret" not in str(LoginTries.objects.values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes_of_failures", "asked_at", "locked"),
    [
        pytest.param([0, 1, 2, 3, 4], 5, True, id="five within five minutes"),
        pytest.param([0, 1, 2, 3, 4], 33.9, True, id="for half an hour"),
        pytest.param([0, 1, 2, 3, 4], 34, False, id="and no longer"),
        pytest.param([0, 1, 2, 3, 14.9], 14.9, True, id="the first just within 15 minutes"),
        pytest.param([0, 1, 2, 3, 15], 15, False, id="the first just out of them"),
        pytest.param([0, 1, 2, 3], 4, False, id="four are not five"),
    ],
)
def test_five_failures_within_15_minutes_lock_for_30(minutes_of_failures, asked_at, locked):
    for minute in minutes_of_failures:
        assert LoginTries.begin("clerk", NOON + timedelta(minutes=minute))
    assert LoginTries.locked("clerk", NOON + timedelta(minutes=asked_at)) is locked
    assert (LoginTries.begin("clerk", NOON + timedelta(minutes=asked_at)) is None) is locked


@pytest.mark.django_db
def test_tries_on_a_locked_account_do_not_prolong_the_lock():
    for minute in range(5):
        LoginTries.begin("clerk", NOON + timedelta(minutes=minute))
    assert LoginTries.begin("clerk", NOON + timedelta(minutes=30)) is None
    assert LoginTries.begin("clerk", NOON + timedelta(minutes=34)) is not None


@pytest.mark.django_db
def test_one_account_is_locked_and_not_its_neighbour_behind_the_same_proxy(client):
    user, neighbour = a_user(), a_user()
    fail(client, user.username, 5)
    post_login(client, neighbour.username)
    assert is_in(client)


@pytest.mark.django_db
def test_the_system_administrator_unlocks_an_account(client):
    user = a_user()
    fail(client, user.username, 5)
    LoginTries.forget(user.username)
    post_login(client, user.username)
    assert is_in(client)


@pytest.mark.django_db
def test_tries_of_yesterday_are_swept_away():
    LoginTries.begin("long ago", NOON - timedelta(days=2))
    LoginTries.begin("today", NOON)
    assert LoginTries.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_wrong_passwords_at_once_are_five_tries_and_no_more(monkeypatch):
    user = a_user()
    looked_at = []
    monkeypatch.setattr(
        "registry.models.User.check_password",
        lambda self, password: bool(looked_at.append(password)),
    )
    together = threading.Barrier(20)

    def guess(number: int) -> None:
        together.wait()
        authenticate(username=user.username, password=f"guess {number}")
        connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked_at) == 5
    assert Entry.objects.filter(action="login_failed").count() == 20


# Where one comes from, and where one goes to


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        pytest.param("10.1.1.7", "", "10.1.1.7", id="no proxy"),
        pytest.param("10.1.1.7", "1.2.3.4", "10.1.1.7", id="a clerk who says he is a proxy"),
        pytest.param("10.0.0.1", "10.1.1.7", "10.1.1.7", id="our proxy"),
        pytest.param("10.0.0.1", "1.2.3.4, 10.1.1.7", "10.1.1.7", id="a forged beginning"),
        pytest.param("10.0.0.1", "10.1.1.7, 10.0.9.3", "10.1.1.7", id="two proxies of ours"),
        pytest.param("10.0.0.1", "<script>", "10.0.0.1", id="no address at all"),
        pytest.param("", "10.1.1.7", "", id="a socket file"),
    ],
)
def test_only_our_proxies_are_believed(settings, remote, forwarded, address):
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.9.0/24"]
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/somewhere/?page=2", "/somewhere/?page=2"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("\\\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_the_login_leads_to_pages_of_ours_only(client, asked, led_to):
    assert post_login(client, a_user().username, next=asked).url == led_to


def test_a_foreign_host_name_is_refused(client):
    assert client.get("/login/", headers={"Host": "evil.example"}).status_code == 400
