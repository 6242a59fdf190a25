"""Scans of a file: what is kept, encrypted, and what is refused by what it is."""

from __future__ import annotations

import pytest
from django.db import connection

from members.models import Attachment
from members.models.development.attachments import LARGEST
from registry.models import Entry
from tests.factories import a_branch, a_user
from tests.members.development import TODAY, a_file
from tests.members.test_development_files import objections_to

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n..."


def attach(file, name: str, content: bytes) -> Attachment:
    return Attachment.attach(file, name, content, by=None, on=TODAY, step="application")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("申请书.pdf", PDF, "application/pdf"),
        ("scan.jpg", b"\xff\xd8\xff\xe0....", "image/jpeg"),
        ("scan", b"\x89PNG\r\n\x1a\n....", "image/png"),
        (r"C:\scans\申请书.pdf", PDF, "application/pdf"),
    ],
)
def test_the_first_bytes_tell_what_a_scan_is(name, content, kind):
    scan = attach(a_file(), name, content)
    scan.refresh_from_db()
    assert (scan.content_type, scan.size, scan.content) == (kind, len(content), content)
    assert "\\" not in scan.name


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "申请书.pdf",
            b"MZ\x90\x00",
            "“申请书.pdf” is a program, not a scan. Attach a PDF, JPEG or PNG file.",
        ),
        (
            "a.png",
            b"\x7fELF....",
            "“a.png” is a program, not a scan. Attach a PDF, JPEG or PNG file.",
        ),
        (
            "a.pdf",
            b"<html>",
            (
                "“a.pdf” is neither PDF nor JPEG nor PNG, whatever its name says. Scan the paper "
                "into one of these."
            ),
        ),
        ("a.pdf", b"", "“a.pdf” is empty. Scan the paper again."),
        (
            "a.pdf",
            PDF + b"0" * LARGEST,
            (
                "“a.pdf” has 10.0 MB; at most 10 MB can be kept. Scan it in black and white, or in "
                "parts."
            ),
        ),
    ],
)
def test_what_is_no_scan_is_refused(name, content, sentence):
    file = a_file()
    assert objections_to(lambda: attach(file, name, content)) == [sentence]
    assert not Attachment.objects.exists()


def test_a_scan_is_kept_encrypted_and_the_log_does_not_hold_it():
    scan = attach(a_file(), "申请书.pdf", PDF)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM members_attachment")
        assert PDF not in bytes(cursor.fetchone()[0])
    said = {field for field, _old, _new in Entry.objects.about(scan)[0].changes}
    assert {"name", "size"} <= said
    assert "content" not in said


def test_a_scan_is_seen_with_its_file_and_taken_away_for_a_reason():
    scan = attach(a_file(), "申请书.pdf", PDF)
    assert Attachment.objects.visible_to(a_user("reader", scan.file.organization)).listed().get()
    assert not Attachment.objects.visible_to(a_user("reader", a_branch())).exists()
    assert objections_to(lambda: scan.take_away(" ")) == ["Say why the scan is taken away."]
    scan.take_away("the wrong person")
    assert not Attachment.objects.exists()
    assert Entry.objects.filter(model="members.attachment").last().reason == "the wrong person"
