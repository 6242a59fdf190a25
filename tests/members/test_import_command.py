"""``manage.py import_members``: what other programs are told, and with which exit code."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.models import Member
from registry.models import Entry, ImportJob
from registry.models.log import Action
from tests.factories import a_branch, a_committee, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row

pytestmark = pytest.mark.django_db
WRONG_ID = "110101198005170041"


@pytest.fixture
def branch():
    return a_branch(code="020100", short_name="机关第一党支部")


@pytest.fixture
def file(tmp_path):
    def write(*rows, name="roster.xlsx", data=None):
        path = tmp_path / name
        path.write_bytes(a_roster(*rows) if data is None else data)
        return path

    return write


def run(path, *arguments, command="import_members", **options):
    """Return the exit code, the JSON on stdout (None for nothing) and what stderr said."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(command, path, *arguments, stdout=out, stderr=err, **options)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return code, json.loads(out.getvalue()) if out.getvalue() else None, err.getvalue()


def test_the_report_has_the_keys_that_other_programs_read(branch, file):
    good, bad = a_row(身份证号码=ID_1), a_row(**{"姓  名": "吴琪"}, 身份证号码=WRONG_ID)
    code, report, _ = run(file(good, bad), "--organization", "020100", "--check", "--json")

    assert code == 1
    assert list(report) == ["job", "file", "sheets", "counts", "findings", "annotated"]
    assert report["job"] == ImportJob.objects.get().pk
    assert report["file"] == "roster.xlsx"
    assert report["annotated"].endswith("/roster.returned.xlsx")
    [sheet] = report["sheets"]
    assert list(sheet) == ["sheet", "heading_rows", "records", "columns", "unknown"]
    assert (sheet["sheet"], sheet["heading_rows"], sheet["records"]) == ("Sheet1", [3], 2)
    assert sheet["columns"]["I"] == "id_number"
    assert report["counts"] == {
        "new": 1, "changed": 0, "unchanged": 0, "question": 0, "error": 1, "skipped": 0,
    }  # fmt: skip
    assert report["findings"] == [
        {
            "sheet": "Sheet1",
            "cell": "I5",
            "field": "id_number",
            "level": "error",
            "code": "id_check_digit",
            "message": "“***************041” does not end in the sign that the others demand, so "
            "one of them is mistyped. Compare it with the ID card.",
        }
    ]
    assert not Member.objects.exists()


def test_a_good_file_is_written_from_the_opening_day_on(branch, file):
    path = file(a_row(身份证号码=ID_1))
    code, report, said = run(path, "--organization", "020100", "--opening", "2026-01-01", "--json")
    assert (code, report["counts"]["new"]) == (0, 1)
    assert "1 row was written." in said
    assert Member.objects.get().placements.get().placed_from == date(2026, 1, 1)


def test_an_error_anywhere_writes_nothing_unless_the_good_rows_are_asked_for(branch, file):
    path = file(a_row(身份证号码=ID_1), a_row(**{"姓  名": "吴琪"}, 身份证号码=WRONG_ID))
    code, _, said = run(path, "--organization", "020100")
    assert code == 1
    assert "Sheet1!I5" in said
    assert "Nothing was written." in said
    assert not Member.objects.exists()

    code, _, _ = run(path, "--organization", "020100", "--good-rows")
    assert code == 1
    assert [each.name for each in Member.objects.all()] == ["陶敏"]


def test_a_warning_alone_does_not_stop(branch, file):
    code, report, _ = run(
        file(a_row(身份证号码=ID_1, 出生年月="80.5")), "--organization", "020100", "--json"
    )
    assert code == 0
    assert [each["code"] for each in report["findings"]] == ["date_two_digit_year"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--organization", "999"], "There is no organisation with the code “999”."),
        (["--as", "nobody"], "There is no account “nobody” that may log in. Check --as."),
        (["--opening", "soon"], "“soon” is not a day. Write it as 2026-11-20."),
    ],
)
def test_what_is_unknown_ends_with_2_and_one_sentence(branch, file, arguments, sentence):
    code, report, said = run(file(a_row()), "--json", *arguments)
    assert (code, report, said) == (2, None, sentence)
    assert not ImportJob.objects.exists()


def test_a_file_that_cannot_be_read_ends_with_2(branch, file, tmp_path):
    assert run(tmp_path / "missing.xlsx")[0] == 2
    code, report, said = run(file(data=b"%PDF-1.7", name="a.pdf"), "--json")
    assert (code, report) == (2, None)
    assert said == "a.pdf: The file is a PDF. Choose the workbook from which it was printed."
    assert not ImportJob.objects.exists()


def test_a_clerk_reaches_his_own_branch_only(branch, file):
    clerk = a_user("branch_clerk", branch, username="zhibu")
    a_branch(code="999")
    path = file(a_row(身份证号码=ID_1))
    assert run(path, "--as", "zhibu", "--organization", "999")[0] == 2
    code, _, _ = run(path, "--as", "zhibu", "--organization", "020100")
    assert code == 0
    assert ImportJob.objects.get().user == clerk
    assert Entry.objects.get(model="members.member").user == clerk


def test_the_operator_is_logged(branch, file):
    run(file(a_row(身份证号码=ID_1)), "--organization", "020100")
    job = ImportJob.objects.get()
    entry = Entry.objects.get(action=Action.IMPORT)
    assert (entry.chain, entry.user, entry.label) == (f"job:{job.pk}", None, "roster.xlsx")


def test_a_csv_is_named_by_its_stem_and_its_branches_by_column(file):
    committee = a_committee(code="0201")
    branch = a_branch(committee, short_name="机关第一党支部")
    lines = f"姓名,身份证号,所在党支部,转正时间,血型\n陶敏,{ID_1},机关第一党支部,2006.06,A\n"
    path = file(data=lines.encode("gb18030"), name="名册.csv")
    code, report, _ = run(path, "--json")
    [sheet] = report["sheets"]
    assert code == 0
    assert (sheet["sheet"], sheet["unknown"]) == ("名册", {"E": "血型"})
    [finding] = report["findings"]
    assert (finding["code"], finding["sheet"], finding["cell"]) == (
        "heading_unknown", "名册", None,
    )  # fmt: skip
    assert Member.objects.get().organization == branch


def test_the_same_id_number_in_two_files_is_one_person(branch, file):
    run(file(a_row(身份证号码=ID_1)), "--organization", "020100")
    rows = (
        a_row(身份证号码=ID_1, 联系电话="13900000001"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2),
    )
    code, report, _ = run(file(*rows), "--organization", "020100", "--json")
    assert (code, report["counts"]["changed"], report["counts"]["new"]) == (0, 1, 1)
    assert Member.objects.count() == 2
