"""What every page of the site sends along: the security policy and who may keep it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from tests.factories import a_branch, a_committee, a_member, a_user

POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json[\"'])|<style\b|<[^>]*\sstyle\s*="
    r"|<[^>]*\son[a-z]+\s*=|javascript:|<base\b|<iframe\b|<object\b|<embed\b",
    re.IGNORECASE,
)
LINK = re.compile(r"""(?:href|src)=["']([^"'#]+)""")
MOST = 150  # pages looked at for each user: every kind of page comes early


def pages_of(client) -> Iterator:
    """Follow every link from the start page, each address of one kind a few times."""
    waiting, seen, kinds = ["/", "/password_change/", "/login/second-factor/"], set(), {}
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        path = urlsplit(address).path
        kind = re.sub(r"\d+", "N", path)
        if address in seen or kinds.get(kind, 0) >= 3 or path.startswith(("/static/", "/logout/")):
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(address)
        yield address, answer
        if is_html(answer) and answer.status_code == 200:
            found = LINK.findall(answer.content.decode())
            waiting += [urljoin(address, unescape(link)) for link in found if is_ours(link)]
        elif answer.status_code in {301, 302}:
            waiting.append(urljoin(address, answer.url))


def is_ours(link):
    return not urlsplit(link).netloc and not urlsplit(link).scheme


def is_html(answer):
    return answer.headers.get("Content-Type", "").startswith("text/html")


@pytest.fixture
def city(db):
    committee = a_committee()
    branch = a_branch(committee)
    a_member(branch)
    return {"branch_clerk": branch, "committee_clerk": committee, "reader": committee}


@pytest.mark.parametrize(
    "role", ["branch_clerk", "committee_clerk", "reader", "auditor", "system_administrator"]
)
def test_every_page_keeps_the_policy(client, city, role):
    client.force_login(a_user(role, city.get(role)))
    looked_at = 0
    for address, answer in pages_of(client):
        assert answer.status_code < 500, address
        headers = answer.headers
        assert set(headers["Content-Security-Policy"].split("; ")) == POLICY, address
        assert "no-store" in headers["Cache-Control"], address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["Referrer-Policy"] == "same-origin", address
        assert headers["X-Frame-Options"] == "DENY", address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert "camera=()" in headers["Permissions-Policy"], address
        if is_html(answer):
            assert not INLINE.findall(answer.content.decode()), address
            looked_at += 1
    assert looked_at >= 3, "nothing was walked"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/login/", "/login/?next=/x", "/no-such-page/"])
def test_strangers_get_the_same_policy(client, address):
    answer = client.get(address)
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "no-store" in answer.headers["Cache-Control"]
    assert not INLINE.findall(answer.content.decode())


@pytest.mark.django_db
def test_the_policy_has_no_exception_for_anybody(settings):
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert "unsafe" not in str(directives)
    assert "*" not in str(directives)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        '<a class="x" onclick="go()">',
        '<base href="/x">',
        '<iframe src="/x">',
    ],
)
def test_the_walk_finds_what_the_policy_forbids(markup):
    assert INLINE.search(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="/static/x.js" defer></script>',
        '<script id="ages" type="application/json">{"style=": 1}</script>',
        "<p>style = 1, onclick = 2</p>",
    ],
)
def test_the_walk_lets_the_rest_be(markup):
    assert not INLINE.search(markup)
