"""``manage.py import_sheet`` and ``undo_import``, and what all these commands have in common."""

from __future__ import annotations

import json
from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from branches.models import Organization
from members.models import Member
from registry.models import Entry, ImportJob, acting
from registry.models.log import Action
from tests.factories import a_branch, a_user, a_work_committee
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row

pytestmark = pytest.mark.django_db
WRONG_ID = "110101198005170041"


def run(command, *arguments, **options):
    """Return the exit code, the JSON on stdout (None for nothing) and what stderr said."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return code, json.loads(out.getvalue()) if out.getvalue() else None, err.getvalue()


@pytest.fixture
def branch():
    return a_branch(code="020100", short_name="机关第一党支部")


@pytest.fixture
def roster(tmp_path):
    def write(*rows):
        path = tmp_path / "roster.xlsx"
        path.write_bytes(a_roster(*rows))
        return path

    return write


# A sheet of any kind


def test_a_sheet_of_any_kind_is_read_as_by_its_own_command(branch, roster, tmp_path):
    options = ("--organization", "020100", "--opening", "2026-01-01", "--json")
    code, report, _ = run("import_sheet", "members", roster(a_row(身份证号码=ID_1)), *options)
    assert (code, report["counts"]["new"]) == (0, 1)
    assert str(Member.objects.get().placements.get().placed_from) == "2026-01-01"

    tree = tmp_path / "tree.csv"
    tree.write_text("组织代码,组织全称,组织类别\n100,某机关工作委员会,机关工委\n", encoding="utf-8")
    code, report, _ = run("import_sheet", "organizations", tree, "--json")
    assert (code, report["counts"]["new"]) == (0, 1)
    assert Organization.objects.filter(code="100").exists()


def test_an_unknown_kind_ends_with_2_and_names_those_that_there_are(roster):
    code, report, said = run("import_sheet", "dues", roster(a_row()), "--json")
    assert (code, report) == (2, None)
    assert said == (
        "There is no kind of sheet “dues”. Choose one of these: members, organizations, "
        "dues_bases, dues_payments, dues_paid_to, development."
    )
    assert not ImportJob.objects.exists()


# What they have in common


def test_organizations_are_looked_up_below_the_one_named_and_good_rows_are_taken(tmp_path):
    a_work_committee(code="100")
    tree = tmp_path / "tree.csv"
    tree.write_text(
        "组织代码,组织全称,组织类别,上级组织代码\n101,甲委员会,机关党委,100\n102,,机关党委,100\n",
        encoding="utf-8",
    )
    options = ("--organization", "100", "--json")
    code, report, said = run("import_organizations", tree, *options)
    assert (code, report["counts"]["error"]) == (1, 1)
    assert "Nothing was written." in said
    assert run("import_organizations", tree, *options, "--good-rows")[0] == 1
    assert Organization.objects.filter(code="101").exists()
    assert run("import_organizations", tree, "--organization", "999")[0] == 2


@pytest.mark.parametrize("command", ["import_members", "import_organizations"])
def test_who_may_not_upload_ends_with_2(branch, roster, command):
    a_user("reader", branch, username="chayue")
    a_user(username="nobody")
    for name in ("chayue", "nobody"):
        code, report, said = run(command, roster(a_row()), "--as", name, "--json")
        assert (code, report) == (2, None)
        assert said == f"The account “{name}” may not do this."
    assert not ImportJob.objects.exists()


def test_the_counts_add_up_to_the_records_and_stdout_holds_one_object_only(branch, roster):
    rows = (
        a_row(身份证号码=ID_1),
        a_row(身份证号码=ID_1),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=WRONG_ID),
        a_row(**{"姓  名": "吴玲"}, 出生年月=1985.1),
    )
    code, report, _ = run(
        "import_members", roster(*rows), "--organization", "020100", "--good-rows", "--json"
    )
    assert code == 1
    assert report["counts"] == {
        "new": 1, "changed": 0, "unchanged": 0, "question": 1, "error": 1, "skipped": 1,
    }  # fmt: skip
    assert sum(report["counts"].values()) == report["sheets"][0]["records"] == 4
    assert report["sheets"][0]["heading_rows"] == [3]


def test_a_finding_about_a_row_names_its_name_cell_and_one_about_the_file_none(branch, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text(
        f"身份证号,姓名,入党时间,转正时间,血型\n{ID_1},陶敏,2005.06,,A\n", encoding="utf-8"
    )
    _, report, _ = run("import_members", path, "--organization", "020100", "--json")
    found = {each["code"]: (each["sheet"], each["cell"]) for each in report["findings"]}
    assert found["kind_assumed"] == ("名册", "B2")
    assert found["heading_unknown"] == ("名册", None)


def test_the_workbook_goes_back_beside_the_one_that_came(branch, roster, tmp_path):
    options = ("--organization", "020100", "--json")
    path = roster(a_row(**{"姓  名": "吴琪"}, 身份证号码=WRONG_ID))
    _, report, _ = run("import_members", path, *options)
    assert report["annotated"] == str(tmp_path / "roster.returned.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "roster.returned.xlsx").active
    [finding] = [each for each in report["findings"] if each["level"] == "error"]
    assert sheet[finding["cell"]].comment.text.strip().endswith(finding["message"])
    assert [cell.value for cell in sheet[4]][-2:] == ["error", finding["message"]]

    (tmp_path / "roster.returned.xlsx").unlink()
    _, report, _ = run("import_members", roster(a_row(身份证号码=ID_2)), *options)
    assert (report["findings"], report["annotated"]) == ([], None)
    assert not (tmp_path / "roster.returned.xlsx").exists()


def test_where_the_workbook_cannot_be_written_the_rows_are_and_stderr_says_so(
    branch, roster, tmp_path
):
    (tmp_path / "roster.returned.xlsx").mkdir()
    code, report, said = run(
        "import_members",
        roster(a_row(身份证号码=ID_1, 出生年月="80.5")),
        "--organization",
        "020100",
        "--json",
    )
    assert (code, report["annotated"], report["counts"]["new"]) == (0, None, 1)
    assert "roster.returned.xlsx was not written" in said


# Taking back


@pytest.fixture
def uploaded(branch, roster):
    def upload(*rows, **options):
        code, report, _ = run(
            "import_members", roster(*rows), organization="020100", json=True, **options
        )
        assert code == 0
        return report["job"]

    return upload


def test_an_upload_is_taken_back_and_the_counts_are_told(uploaded):
    job = uploaded(a_row(身份证号码=ID_1), a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2))
    assert run("undo_import", job, "--json") == (
        0,
        {"restored": 2, "kept": 0, "failed": 0},
        "Rows restored: 2, kept: 0, not restored: 0.\n",
    )
    assert Member.objects.filter(wrong_entry=True).count() == 2
    assert run("undo_import", job, "--json")[:2] == (0, {"restored": 0, "kept": 0, "failed": 0})


def test_a_row_that_is_kept_ends_with_1_and_stderr_says_why(uploaded):
    job = uploaded(a_row(身份证号码=ID_1), a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2))
    member = Member.objects.get(name="吴琪")
    member.note = "住院"
    with acting(a_user(name="李梅")):
        member.save()
    code, report, said = run("undo_import", job, "--json")
    assert (code, report) == (1, {"restored": 1, "kept": 1, "failed": 0})
    assert "Sheet1!B5: “吴琪” was changed by 李梅 on" in said


@pytest.mark.parametrize("number", ["999999", "abc", "-1", "99999999999999999999999", "²"])
def test_an_upload_that_is_not_there_ends_with_2(number):
    assert run("undo_import", "--json", "--", number) == (
        2, None, f"There is no upload {number}.",
    )  # fmt: skip


def test_a_foreign_upload_is_as_good_as_none_and_who_may_is_logged(uploaded, branch):
    job = uploaded(a_row(身份证号码=ID_1))
    a_user("branch_clerk", a_branch(), username="foreign")
    a_user("reader", branch, username="reader")
    clerk = a_user("branch_clerk", branch, username="zhibu")
    for name in ("foreign", "reader"):
        code, _, said = run("undo_import", job, "--as", name)
        assert (code, said) == (2, f"There is no upload {job}.")
    assert run("undo_import", job, "--as", "missing")[0] == 2
    assert run("undo_import", job, "--as", "zhibu")[0] == 0
    entry = Entry.objects.filter(chain=f"job:{job}", action=Action.CHANGE).last()
    assert entry.user == clerk


def test_what_was_only_checked_cannot_be_taken_back(branch, roster):
    options = ("--organization", "020100", "--check", "--json")
    _, report, _ = run("import_members", roster(a_row()), *options)
    code, counts, said = run("undo_import", report["job"], "--json")
    assert (code, counts) == (2, None)
    assert said.startswith("This upload cannot be taken back")
