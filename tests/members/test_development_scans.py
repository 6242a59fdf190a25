"""Scans of a file: attached, refused with a sentence, handed out for a reason, taken away."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from members.models import Attachment
from members.models.development.attachments import LARGEST
from registry.models import Entry
from registry.models.log import Action
from tests.factories import a_user
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_pages import errors, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]
PDF = b"%PDF-1.7\n..."


@pytest.fixture
def branch():
    return a_branch_that_develops()


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch, name="Clerk Li")
    client.force_login(user)
    return user


@pytest.fixture
def file(branch):
    return a_file(branch, until="first_talk")


def attach(client, file, content=PDF, name="申请书.pdf", **typed):
    scan = SimpleUploadedFile(name, content)
    return client.post(
        f"/development/files/{file.pk}/attachments/", {"content": scan, "step": ""} | typed
    )


def address_of(scan, page: str = "") -> str:
    return f"/development/attachments/{scan.pk}/{page}"


def test_a_scan_is_attached_to_a_step_encrypted_and_handed_out_again(client, clerk, file):
    answer = attach(client, file, step="first_talk")
    assert (answer.status_code, answer.url) == (302, f"{page_of(file)}#scans")
    scan = Attachment.objects.get()
    assert (scan.name, scan.step, scan.added_by) == ("申请书.pdf", "first_talk", clerk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM members_attachment")
        assert PDF not in bytes(cursor.fetchone()[0])
    assert "申请书.pdf" in client.get(page_of(file)).content.decode()

    asked = client.get(address_of(scan))
    assert asked.status_code == 200
    assert "What do you need it for?" in asked.content.decode()
    out = client.post(address_of(scan), {"reason": "核对"})
    assert out.getvalue() == PDF
    assert out["Content-Type"] == "application/pdf"
    assert out["Content-Disposition"].startswith("attachment")
    assert "no-store" in out["Cache-Control"]
    assert client.get(address_of(scan)).getvalue() == PDF  # asked once until the logout
    revealed = Entry.objects.about(file).filter(action=Action.REVEAL)
    assert [(each.changes, each.reason) for each in revealed][-1] == (
        [["attachments", "", "申请书.pdf"]],
        "核对",
    )


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        pytest.param(
            b"MZ\x90\x00", "申请书.pdf",
            "“申请书.pdf” is a program, not a scan. Attach a PDF, JPEG or PNG file.",
            id="an executable",
        ),
        pytest.param(
            b"PK\x03\x04", "a.pdf",
            "“a.pdf” is neither PDF nor JPEG nor PNG, whatever its name says. "
            "Scan the paper into one of these.",
            id="an archive",
        ),
        pytest.param(b"", "a.pdf", "“a.pdf” is empty. Scan the paper again.", id="empty"),
        pytest.param(
            PDF + b"x" * LARGEST, "a.pdf",
            "“a.pdf” has 10.0 MB; at most 10 MB can be kept. "
            "Scan it in black and white, or in parts.",
            id="too large",
        ),
    ],
)  # fmt: skip
def test_what_is_no_scan_is_refused_with_a_sentence(client, clerk, file, content, name, sentence):
    assert errors(attach(client, file, content, name)) == {"content": [sentence]}
    assert not Attachment.objects.exists()


def test_without_a_file_nothing_is_attached(client, clerk, file):
    answer = client.post(f"/development/files/{file.pk}/attachments/", {"step": ""})
    assert errors(answer) == {"content": ["Choose the scan."]}


def test_a_scan_is_taken_away_for_a_reason(client, clerk, file):
    attach(client, file)
    scan = Attachment.objects.get()
    url = address_of(scan, "take-away/")
    assert errors(client.post(url, {"reason": ""})) == {
        "reason": ["Say why the scan is taken away."]
    }
    assert client.post(url, {"reason": "扫错了"}).status_code == 302
    assert not Attachment.objects.exists()
    assert Entry.objects.filter(action=Action.DELETE, reason="扫错了").exists()


@pytest.mark.parametrize(
    ("role", "opens"), [("reader", 403), ("approver", 200), ("committee_clerk", 200)]
)
def test_who_only_looks_sees_that_a_scan_is_there_and_opens_none(
    client, clerk, branch, file, role, opens
):
    attach(client, file)
    scan = Attachment.objects.get()
    client.force_login(a_user(role, branch.parent))
    assert "申请书.pdf" in client.get(page_of(file)).content.decode()
    assert client.get(address_of(scan)).status_code == opens
    may_change = role == "committee_clerk"
    assert (client.get(address_of(scan, "take-away/")).status_code == 200) is may_change
    assert (attach(client, file).status_code == 302) is may_change
