"""``manage.py print_roster``: the same paper from the command line."""

from __future__ import annotations

import stat
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from members.models import Layout
from registry.models import Entry
from registry.models.log import Action
from tests.factories import a_branch, a_member, a_user
from tests.members.rosters import text_of

pytestmark = pytest.mark.django_db


def refused(*arguments, **options) -> str:
    """The sentence with which the command ends with 2, having written nothing."""
    with pytest.raises(CommandError) as error:
        call_command("print_roster", *arguments, **options)
    assert error.value.returncode == 2
    assert not Entry.objects.filter(action=Action.PRINT).exists()
    return str(error.value)


@pytest.fixture
def branch():
    return a_branch(code="020100", short_name="一支部", founded_on=date(2010, 3, 1))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "roster.pdf"


def test_the_operator_prints_and_the_log_says_so(branch, file, capsys):
    a_member(branch, since=date(2010, 3, 1)).leave("died", date(2024, 6, 1))

    call_command("print_roster", "020100", "--on", "2024-05-31", "-o", file)

    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert capsys.readouterr().out == f"{file}: 一支部党员花名册, 共1人\n"
    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert entry.user is None
    assert ["as at", "", "2024-05-31"] in entry.changes
    assert ["numbers", "", "masked"] in entry.changes


@pytest.mark.usefixtures("branch")
def test_an_unknown_code_or_day_ends_with_a_sentence(file):
    assert refused("20100", output=file) == (
        "There is no organisation of code “20100”. Check it, leading zeros included."
    )
    assert refused("020100", on="2024-02-30", output=file) == (
        "“2024-02-30” is not a day. Write it as 2026-11-20."
    )
    assert refused("020100", on="2010-02-28", output=file) == (
        "一支部 was founded on 2010-03-01. Choose that day or a later one."
    )
    assert not file.exists()


@pytest.mark.usefixtures("branch")
def test_an_unknown_layout_ends_with_a_sentence(file):
    assert refused("020100", layout="没有", output=file) == (
        "There is no layout “没有” for 一支部. Choose one of these: 标准."
    )
    assert not file.exists()


@pytest.mark.parametrize(
    ("option", "value"), [("--order", "age"), ("--format", "docx"), ("--format", "")]
)
def test_an_order_or_a_format_that_there_is_not_ends_with_a_sentence(branch, file, option, value):
    with pytest.raises(CommandError) as error:
        call_command("print_roster", branch.code, f"{option}={value}", "-o", file)
    assert f"argument {option}: invalid choice: '{value}'" in str(error.value)


def test_layout_and_order_are_those_of_the_command(branch, file):
    for name in ("王二", "丁一"):
        a_member(branch, name=name, since=date(2010, 3, 1))
    Layout.objects.create(organization=branch, name="简表", columns=[["name", 50]], title="名单")

    call_command("print_roster", "020100", layout="简表", order="strokes", output=file)

    text = text_of(file.read_bytes())
    assert "一支部名单" in text
    assert text.index("丁一") < text.index("王二")
    assert "身份证号码" not in text


def test_full_numbers_need_a_reason_and_the_verb(branch, file):
    reader = a_user("reader", branch)

    assert refused("020100", full=True, output=file) == (
        "Say what the full numbers are needed for: --reason TEXT."
    )
    assert refused(
        "020100", full=True, reason="curious", username=reader.username, output=file
    ) == ("You may print this roster with masked numbers only.")

    call_command("print_roster", "020100", full=True, reason="inspection", output=file)
    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert entry.reason == "inspection"
    assert ["numbers", "", "full"] in entry.changes


def test_an_account_prints_its_own_rows_only(branch, file):
    clerk = a_user("branch_clerk", a_branch())

    assert refused("020100", username=clerk.username, output=file) == (
        "There is no organisation of code “020100”. Check it, leading zeros included."
    )
    assert refused("020100", username="nobody", output=file) == (
        "There is no account “nobody” that may log in. Check --as."
    )

    own = a_user("branch_clerk", branch)
    call_command("print_roster", "020100", username=own.username, output=file)
    assert Entry.objects.about(branch).get(action=Action.PRINT).user == own


@pytest.mark.usefixtures("branch")
def test_a_file_that_cannot_be_written_is_named_and_nothing_is_logged(tmp_path):
    file = tmp_path / "missing" / "roster.pdf"

    assert refused("020100", output=file) == (
        f"“{file}” could not be written: No such file or directory. Choose another file."
    )


def test_a_character_that_no_font_has_is_told_and_the_paper_prints(branch, file, capsys):
    a_member(branch, since=date(2010, 3, 1), note="\ue000")

    call_command("print_roster", "020100", output=file)

    assert "U+E000" in capsys.readouterr().err
    assert file.exists()
