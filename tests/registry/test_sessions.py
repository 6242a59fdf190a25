"""When a session ends, and how a form that was half filled in comes back."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone

from branches.models import Area
from registry.admin import RegistryAdminSite, ScopedModelAdmin
from registry.login.kept_forms import keeps_form, typed_before
from registry.models import Entry, KeptForm
from tests.factories import PASSWORD, a_user

MINUTE, HOUR = 60, 3600


@pytest.fixture
def user(db):
    return a_user()


@pytest.fixture
def inside(client, user):
    """A browser in which the user has logged in."""
    enter(client, user)
    return client


def enter(client, user):
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    assert is_in(client)


def is_in(client):
    return get_user(client).is_authenticated


def later(client, **seconds):
    """Let the session's times lie further back: {"active": 900} is 15 minutes without work."""
    session = client.session
    for name, ago in seconds.items():
        session[name] = int(time.time()) - ago
    session.save()


# The end


@pytest.mark.parametrize(
    ("idle", "lasted", "lives"),
    [
        pytest.param(14 * MINUTE, 1 * HOUR, True, id="14 minutes without work"),
        pytest.param(15 * MINUTE, 1 * HOUR, False, id="15 minutes without work"),
        pytest.param(1 * MINUTE, 8 * HOUR - 30, True, id="almost 8 hours"),
        pytest.param(1 * MINUTE, 8 * HOUR, False, id="8 hours, however busy"),
    ],
)
def test_a_session_ends_after_15_idle_minutes_or_8_hours(inside, idle, lasted, lives):
    later(inside, active=idle, began=lasted)
    answer = inside.get("/password_change/")
    assert (answer.status_code == 200) is lives
    assert is_in(inside) is lives


def test_who_was_logged_out_reads_why_on_the_login_page(inside):
    later(inside, active=15 * MINUTE)
    page = inside.get("/password_change/", follow=True)
    assert page.redirect_chain == [("/login/?next=/password_change/", 302)]
    assert "Your session has ended. Log in again." in page.content.decode()


def test_work_keeps_a_session_alive(inside):
    later(inside, active=14 * MINUTE)
    inside.get("/password_change/")
    assert time.time() - inside.session["active"] < MINUTE


def test_typing_is_work(inside):
    later(inside, active=14 * MINUTE)
    assert inside.post("/login/alive/").status_code == 204
    assert time.time() - inside.session["active"] < MINUTE


def test_typing_after_the_end_is_told_so(inside):
    later(inside, active=15 * MINUTE)
    answer = inside.post("/login/alive/")
    assert answer.status_code == 401
    assert answer.content.decode() == (
        "Your session has ended. Save to log in again: what you typed comes back."
    )


def test_a_page_that_asks_by_itself_is_no_work(inside):
    later(inside, active=14 * MINUTE)
    inside.get("/password_change/", headers={"X-Polling": "1"})
    assert time.time() - inside.session["active"] >= 14 * MINUTE


@pytest.mark.parametrize(("idle", "written"), [(50, 0), (70, 1)])
def test_work_is_written_down_once_a_minute_and_not_with_every_page(inside, idle, written):
    later(inside, active=idle)
    with CaptureQueriesContext(connection) as queries:
        inside.get("/password_change/")
    assert sum(query["sql"].startswith("UPDATE") for query in queries) == written


def test_a_closed_account_is_out_at_once(inside, user):
    user.is_active = False
    user.save()
    assert inside.get("/password_change/").url == "/login/?next=/password_change/"
    user.is_active = True
    user.save()
    assert not is_in(inside), "the session is gone, not asleep"


def test_a_new_password_ends_the_sessions_in_other_browsers(inside, user):
    user.set_password("another long passphrase")
    user.save()
    assert inside.get("/password_change/").status_code == 302
    assert not is_in(inside)


def test_ones_own_new_password_is_logged_and_ends_the_other_sessions_only(inside, user):
    elsewhere = Client()
    enter(elsewhere, user)
    new = "another long passphrase"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert inside.post("/password_change/", form).status_code == 302
    assert is_in(inside)
    assert not is_in(elsewhere)
    entry = Entry.objects.get(action="change")
    assert (entry.user, entry.object_id, entry.changes) == (
        user,
        user.pk,
        [["password", "••••", "••••"]],
    )


def test_the_session_cookie_is_not_for_scripts_and_ends_with_the_browser(inside):
    cookie = inside.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


def test_a_login_gets_a_new_session_key(client, user):
    client.get("/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    enter(client, user)
    assert client.session.session_key != session.session_key


# Forms come back


class AreaAdmin(ScopedModelAdmin):
    """A form for these tests, on which everybody may write."""

    model = Area

    def has_add_permission(self, request, obj=None):
        return request.user.is_authenticated

    has_change_permission = has_view_permission = has_add_permission

    def get_queryset(self, request):
        return Area.objects.all()


test_site = RegistryAdminSite("test_forms")
test_site._registry[Area] = AreaAdmin(Area, test_site)


@keeps_form
def own_form(request):
    return HttpResponse(json.dumps(dict(typed_before(request) or {})))


urlpatterns = [
    path("own/", own_form),
    path("only-posts/", lambda request: HttpResponse("done")),
    path("forms/", test_site.urls),
    path("", include("registry.urls")),
]
forms = pytest.mark.urls(__name__)
ADD = "/forms/branches/area/add/"


def too_late(client, path=ADD, **fields):
    later(client, active=15 * MINUTE)
    return client.post(path, fields)


@forms
def test_a_form_that_came_too_late_is_back_after_the_login_and_not_saved(inside, user):
    answer = too_late(inside, name="河东片区", _save="Save")
    assert answer.url == f"/login/?next={ADD}"
    login = inside.get(answer.url).content.decode()
    assert "What you typed is kept for 30 minutes. Log in again to get it back, unsaved." in login

    enter(inside, user)
    page = inside.get(ADD).content.decode()
    assert 'value="河东片区"' in page
    assert (
        "What you had typed before your session ended is back. It is not saved: check and save."
    ) in page
    assert not Area.objects.exists()

    assert "河东片区" not in inside.get(ADD).content.decode(), "it comes back once"
    inside.post(ADD, {"name": "河东片区", "display_order": "0"})
    assert Area.objects.get().name == "河东片区"
    assert Entry.objects.filter(action="add", model="branches.area").get().user == user


@forms
def test_the_form_of_a_record_comes_back_with_what_was_typed_over_it(inside, user):
    area = Area.objects.create(name="河西片区")
    change = f"/forms/branches/area/{area.pk}/change/"
    too_late(inside, change, name="河西新区")
    enter(inside, user)
    assert 'value="河西新区"' in inside.get(change).content.decode()
    area.refresh_from_db()
    assert area.name == "河西片区"


@forms
def test_what_was_typed_is_encrypted_while_it_waits(inside):
    too_late(inside, name="河东片区", new_password="typed again", csrfmiddlewaretoken="x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM registry_keptform")
        [(data,)] = cursor.fetchall()
    assert data.startswith("k1:")
    kept = json.loads(KeptForm.objects.get().data)
    assert kept == {"name": ["河东片区"]}, "passwords are not kept at all"


@forms
def test_what_one_typed_never_comes_to_another(inside):
    too_late(inside, name="河东片区")
    enter(inside, a_user())
    assert "河东片区" not in inside.get(ADD).content.decode()


@forms
def test_after_half_an_hour_nothing_is_left(inside, user):
    too_late(inside, name="河东片区")
    KeptForm.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    enter(inside, user)
    assert "河东片区" not in inside.get(ADD).content.decode()


@forms
@pytest.mark.django_db
def test_a_stranger_leaves_nothing_behind(client):
    client.post(ADD, {"name": "河东片区"})
    assert not KeptForm.objects.exists()


@forms
def test_a_form_from_a_foreign_page_is_not_kept(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    later(browser, active=15 * MINUTE, began=15 * MINUTE)
    assert browser.post(ADD, {"name": "河东片区"}).status_code == 403
    assert not KeptForm.objects.exists()


@forms
def test_who_logged_in_again_in_another_tab_finds_the_old_form_filled_in(user):
    browser = Client(enforce_csrf_checks=True)
    enter_with_token(browser, user)
    old_token = token_of(browser.get(ADD))
    later(browser, active=15 * MINUTE)
    browser.get("/password_change/")  # ends
    enter_with_token(browser, user)

    form = {"name": "河东片区", "csrfmiddlewaretoken": old_token}
    assert browser.post(ADD, form).status_code == 403, "nobody says that the page was ours"
    answer = browser.post(ADD, form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.url == ADD
    assert 'value="河东片区"' in browser.get(ADD).content.decode()
    assert not Area.objects.exists()


def token_of(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def enter_with_token(browser, user):
    token = token_of(browser.get("/login/"))
    browser.post(
        "/login/",
        {"username": user.username, "password": PASSWORD, "csrfmiddlewaretoken": token},
    )
    assert is_in(browser)


@forms
def test_a_view_of_ones_own_gets_the_form_back(inside, user):
    too_late(inside, "/own/?step=2", name="河东片区")
    enter(inside, user)
    assert json.loads(inside.get("/own/?step=2").content) == {"name": ["河东片区"]}


@forms
@pytest.mark.parametrize(
    ("referer", "led_to"),
    [
        ("http://testserver/own/?step=2", "/login/?next=/own/%3Fstep%3D2"),
        ("https://evil.example/own/", "/login/?next=/"),
        ("", "/login/?next=/"),
    ],
)
def test_a_page_that_only_takes_posts_leads_back_to_the_page_before_it(inside, referer, led_to):
    later(inside, active=15 * MINUTE)
    answer = inside.post("/only-posts/", {"name": "河东片区"}, headers={"Referer": referer})
    assert answer.url == led_to
    assert not KeptForm.objects.exists()


def test_a_very_long_form_is_not_kept(user):
    assert not KeptForm.keep(user.pk, "/", {"note": ["x" * 500_001]})
    assert not KeptForm.keep(user.pk, "/" + "x" * 500, {"note": ["x"]})
    assert KeptForm.keep(user.pk, "/", {"note": ["x" * 32_767]})
