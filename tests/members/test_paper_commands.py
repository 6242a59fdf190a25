"""``manage.py print_paper`` and ``list_papers``: the same papers from the command line."""

from __future__ import annotations

import json
import stat
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from members.models import Certificate
from members.papers.kinds import PAPERS
from registry.models import Entry
from registry.models.log import Action
from registry.papers.catalogue import About
from tests.factories import a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return a_branch(code="020100", short_name="一支部", founded_on=date(2010, 3, 1))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "paper.pdf"


def refused(*arguments, **options) -> str:
    """The sentence with which the command ends with 2, having written nothing."""
    with pytest.raises(CommandError) as error:
        call_command("print_paper", *arguments, **options)
    assert error.value.returncode == 2
    assert not Entry.objects.filter(action=Action.PRINT).exists()
    assert not options["output"].exists()
    return str(error.value)


def test_the_papers_are_listed_as_one_json_list(capsys):
    call_command("list_papers", "--json")

    assert json.loads(capsys.readouterr().out) == [
        {"paper": key, "title": paper.title, "formats": list(paper.forms)}
        for key, paper in PAPERS.items()
    ]


def test_the_papers_are_listed_for_people(capsys):
    call_command("list_papers")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PAPERS)
    assert "organizations: 党组织一览表 (pdf, xlsx, html)" in lines


@pytest.mark.parametrize(
    "key", [key for key, paper in PAPERS.items() if paper.about == About.ORGANIZATION]
)
def test_every_paper_prints_without_being_asked_anything_more(branch, file, key, capsys):
    a_member(branch, since=date(2010, 3, 1))

    call_command("print_paper", key, "020100", "--on", "2024-05-31", "-o", file)

    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert capsys.readouterr().out.startswith(f"{file}: 一支部")
    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert entry.user is None
    assert ["paper", "", PAPERS[key].title] in entry.changes
    assert ["as at", "", "2024-05-31"] in entry.changes
    assert ["numbers", "", "masked"] in entry.changes


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            ["hardship", "20100"],
            "There is no organisation of code “20100”. Check it, leading zeros included.",
        ),
        (
            ["hardships", "020100"],
            f"There is no paper “hardships”. Choose of these: {', '.join(PAPERS)}.",
        ),
        (
            ["hardship", "020100", "--format", "docx"],
            "困难党员名册 has no format “docx”. Choose of these: pdf, xlsx, html.",
        ),
        (
            ["hardship", "020100", "--on", "2024-02-30"],
            "“2024-02-30” is not a day. Write it as 2026-11-20.",
        ),
        (
            ["hardship", "020100", "--on", "2010-02-28"],
            "一支部 was founded on 2010-03-01. Choose that day or a later one.",
        ),
        (
            ["hardship", "020100", "--full"],
            "Say what the full numbers are needed for: --reason TEXT.",
        ),
        (
            ["organizations", "020100", "--full", "--reason", "inspection"],
            "党组织一览表 holds no number that is masked. Leave out --full.",
        ),
        (
            ["hardship", "020100", "--as", "nobody"],
            "There is no account “nobody” that may log in. Check --as.",
        ),
    ],
)
def test_what_cannot_be_done_ends_with_a_sentence(file, asked, sentence):
    assert refused(*asked, output=file) == sentence


def test_a_paper_about_a_member_is_asked_for_by_his_number(branch, file):
    member = a_member(branch, since=date(2010, 3, 1))
    foreign = a_member()
    clerk = a_user("branch_clerk", branch)

    for number in (foreign.number, "D99999999"):
        assert refused("member_form", number, username=clerk.username, output=file) == (
            f"There is no member of number “{number}”. Write it as D00000017."
        )
    call_command("print_paper", "member_form", member.number, username=clerk.username, output=file)
    assert Entry.objects.about(member).get(action=Action.PRINT).user == clerk


def test_a_certificate_is_issued_once_and_not_where_its_file_cannot_be_written(file, tmp_path):
    member = a_member(a_branch(a_committee(approves_members=True)))
    asked = ["certificate", member.number, "--on", "2024-05-31"]

    refused(*asked, output=tmp_path / "missing" / "paper.pdf")
    assert not Certificate.objects.exists()
    for _ in range(2):
        call_command("print_paper", *asked, "-o", file)

    assert Certificate.objects.get().number == 1


@pytest.mark.usefixtures("branch")
def test_a_file_that_cannot_be_written_is_named_and_nothing_is_logged(tmp_path):
    file = tmp_path / "missing" / "paper.pdf"

    assert refused("hardship", "020100", output=file) == (
        f"“{file}” could not be written: No such file or directory. Choose another file."
    )


def test_an_account_prints_its_own_rows_and_masked_unless_it_may(branch, file):
    clerk, reader = a_user("branch_clerk", a_branch()), a_user("reader", branch)

    assert refused("hardship", "020100", username=clerk.username, output=file) == (
        "There is no organisation of code “020100”. Check it, leading zeros included."
    )
    assert refused(
        "hardship", "020100", full=True, reason="curious", username=reader.username, output=file
    ) == ("You may print this paper with masked numbers only.")

    call_command("print_paper", "hardship", "020100", username=reader.username, output=file)
    assert Entry.objects.about(branch).get(action=Action.PRINT).user == reader


def test_full_numbers_are_logged_with_their_reason(branch, file):
    call_command("print_paper", "hardship", "020100", full=True, reason="慰问", output=file)

    entry = Entry.objects.about(branch).get(action=Action.PRINT)
    assert entry.reason == "慰问"
    assert ["numbers", "", "full"] in entry.changes


def test_a_character_that_no_font_has_is_told_and_the_paper_prints(branch, file, capsys):
    a_member(branch, since=date(2010, 3, 1), hardship=True, note="\ue000")

    call_command("print_paper", "hardship", "020100", output=file)

    assert "U+E000" in capsys.readouterr().err
    assert file.exists()
