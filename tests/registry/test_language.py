"""Chinese for everybody who has not chosen; the switch is remembered by a cookie."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chinese_by_default")]


@pytest.fixture
def chinese_by_default(settings):
    settings.LANGUAGE_CODE = "zh-hans"


def test_an_english_browser_is_answered_in_chinese(client):
    answer = client.get("/login/", headers={"Accept-Language": "en-US,en"})
    assert answer.headers["Content-Language"] == "zh-hans"
    assert "登录" in answer.content.decode()


def test_the_switch_is_remembered(client):
    client.post("/language/setlang/", {"language": "en", "next": "/login/"})
    answer = client.get("/login/")
    assert answer.headers["Content-Language"] == "en"
    assert "Log in" in answer.content.decode()


def test_an_unknown_language_is_nobodys_choice(client):
    client.cookies["django_language"] = "../../xx"
    assert client.get("/login/").headers["Content-Language"] == "zh-hans"
