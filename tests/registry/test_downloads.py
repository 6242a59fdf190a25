"""Files that are handed out under a name that clerks have chosen."""

from __future__ import annotations

import pytest

from registry.downloads import attachment, file_name


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("roster.pdf", 'attachment; filename="roster.pdf"'),
        (
            "花名册.pdf",
            "attachment; filename*=utf-8''%E8%8A%B1%E5%90%8D%E5%86%8C.pdf",
        ),
        ('a"b.pdf', 'attachment; filename="a_b.pdf"'),
        ("a\r\nSet-Cookie: x=1.pdf", 'attachment; filename="aSet-Cookie_ x=1.pdf"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
    ],
)
def test_a_download_is_named_as_rfc_6266_says(name, header):
    response = attachment(name, b"content", "application/pdf")
    assert response.headers["Content-Disposition"] == header
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content == b"content"


def test_a_paper_may_be_shown_and_a_long_sheet_streamed():
    response = attachment("roster.pdf", iter([b"a", b"b"]), "application/pdf", inline=True)
    assert response.headers["Content-Disposition"] == 'inline; filename="roster.pdf"'
    assert b"".join(response.streaming_content) == b"ab"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("fdp\u202eexe.pdf", "fdpexe.pdf"),
        ("", "file"),
        ("...", "file"),
        ("名" * 300 + ".xlsx", "名" * 150 + ".xlsx"),
        ("买买提·名册.xlsx", "买买提·名册.xlsx"),
    ],
)
def test_a_file_name_holds_nothing_that_deceives(name, kept):
    assert file_name(name) == kept
