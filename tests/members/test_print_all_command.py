"""``manage.py print_roster CODE --all``: every branch below, into a folder, a ZIP or one PDF."""

from __future__ import annotations

import errno
import stat
from dataclasses import replace
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from members.management.commands import print_roster
from members.papers.roster import ROSTER
from registry.models import Entry
from registry.models.log import Action
from registry.papers import binding
from tests.factories import a_branch, a_committee, a_member, a_user, an_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    """One with two branches, the second of them below a general branch whose name has a slash."""
    made = a_committee(code="020", short_name="机关党委")
    first = a_branch(made, code="020001", short_name="一支部")
    general = an_organization("general_branch", made, code="020002", short_name="甲/乙党总支")
    a_branch(general, code="020002001", short_name="一支部")
    a_member(first)
    return made


FILES = ["020001 一支部党员花名册.pdf", "020002 甲_乙党总支/020002001 一支部党员花名册.pdf"]


def printed(output, **options):
    call_command("print_roster", "020", every_branch=True, output=output, **options)


def refused(output, **options) -> CommandError:
    with pytest.raises(CommandError) as error:
        printed(output, **options)
    return error.value


def logged() -> int:
    return Entry.objects.filter(action=Action.PRINT).count()


def files_in(folder) -> list[str]:
    return sorted(f"{each.relative_to(folder)}" for each in folder.rglob("*") if each.is_file())


@pytest.mark.usefixtures("committee")
def test_into_a_folder_each_branch_gets_a_file_where_it_stands_in_the_tree(tmp_path, capsys):
    folder = tmp_path / "papers"
    printed(folder, on="2026-11-20")
    assert files_in(folder) == FILES
    assert all(stat.S_IMODE((folder / name).stat().st_mode) == 0o600 for name in FILES)
    said = capsys.readouterr().out
    assert said == f"{folder}: 机关党委各支部党员花名册（2026-11-20）, 共2份\n"
    assert logged() == 1
    printed(folder)
    assert files_in(tmp_path) == [f"papers/{name}" for name in FILES], "nothing else is left"


@pytest.mark.usefixtures("committee")
def test_a_zip_and_a_pdf_hold_the_same_papers(tmp_path):
    printed(tmp_path / "all.zip")
    printed(tmp_path / "all.pdf")
    with ZipFile(tmp_path / "all.zip") as bound:
        assert bound.namelist() == FILES
    with pikepdf.open(tmp_path / "all.pdf") as bound, bound.open_outline() as outline:
        assert len(bound.pages) == 2
        assert [item.title for item in outline.root] == [
            "020001 一支部党员花名册",
            "020002 甲/乙党总支",
        ]
        assert [item.title for item in outline.root[1].children] == ["020002001 一支部党员花名册"]


@pytest.mark.usefixtures("committee")
def test_a_branch_that_fails_is_named_on_stderr_and_the_command_ends_with_1(
    tmp_path, capsys, monkeypatch
):
    def make(organization, asked):
        if organization.code == "020001":
            raise KeyError("x")
        return ROSTER.make(organization, asked)

    monkeypatch.setattr(print_roster, "ROSTER", replace(ROSTER, make=make))
    error = refused(tmp_path)
    assert error.returncode == 1
    assert str(error) == "1 branch has no paper; it is named above."
    assert capsys.readouterr().err.startswith("一支部: A fault of the program (KeyError).")
    assert files_in(tmp_path) == FILES[1:]


@pytest.mark.usefixtures("committee")
@pytest.mark.parametrize("name", ["all.zip", "all.pdf", "papers"])
def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path, name, monkeypatch):
    missing = tmp_path / "missing" / name
    error = refused(missing)
    assert error.returncode == 2
    assert str(error) == (
        f"“{missing}” could not be written: No such file or directory. Choose another file."
    )

    def full(self, place, paper):
        raise OSError(errno.ENOSPC, "No space left on device")

    for kind in ("ZipBinding", "PdfBinding", "FolderBinding"):
        monkeypatch.setattr(getattr(binding, kind), "add", full)
    file = tmp_path / name
    error = refused(file)
    assert error.returncode == 2
    assert str(error) == (
        f"“{file}” could not be written: No space left on device. Choose another file."
    )
    assert not list(tmp_path.iterdir())
    assert not logged()


@pytest.mark.usefixtures("committee")
def test_an_unknown_code_day_or_account_ends_with_2(tmp_path):
    unknown = "There is no organisation of code “99”. Check it, leading zeros included."
    with pytest.raises(CommandError, match=unknown):
        call_command("print_roster", "99", every_branch=True, output=tmp_path)
    assert refused(tmp_path, on="1999-01-01").returncode == 2
    foreign = a_user("committee_clerk", a_committee())
    assert "no organisation of code “020”" in str(refused(tmp_path, username=foreign.username))
    assert not files_in(tmp_path)


def test_as_an_account_only_its_branches_are_printed(committee, tmp_path):
    clerk = a_user("committee_clerk", committee)
    printed(tmp_path, username=clerk.username)
    assert Entry.objects.get(action=Action.PRINT).user == clerk
    assert files_in(tmp_path) == FILES
