"""``manage.py export_members``: what other programs get, and with which exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from branches.models import PartyGroup
from members.models import Office
from registry.calendar import PartialDate
from registry.models import Entry
from registry.models.log import Action
from tests.factories import LONG_AGO, TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
FIELDS = (
    "number staff_number name sex ethnicity id_number born_on native_place education "
    "education_channel degree work_began_on joined_on full_member_on kind category organization "
    "party_group party_post employer job_title phone office_phone address sponsors note"
).split()


@pytest.fixture
def committee():
    return a_committee(code="020", short_name="交通局党委")


@pytest.fixture
def branch(committee):
    return a_branch(committee, code="020100", short_name="机关第一党支部")


def run(*arguments, code="020", **options):
    """Return the exit code, what stood on stdout and what on stderr."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command(
            "export_members", "--organization", code, *arguments, stdout=out, stderr=err, **options
        )
    except CommandError as error:
        status = error.returncode
        err.write(str(error))
    return status, out.getvalue(), err.getvalue()


def exported():
    return Entry.objects.filter(action=Action.EXPORT)


def test_a_program_gets_the_fields_by_their_names_and_null_where_nothing_is_known(branch):
    member = a_member(
        branch,
        name="陶敏",
        sex="F",
        born_on=PartialDate(1980, 5),
        joined_on=PartialDate(2005, 6, 1),
        full_member_on=None,
        kind="probationary",
        education="31",
        phone="13800001234",
    )
    Office.objects.create(organization=branch, member=member, post="secretary", held_from=LONG_AGO)
    code, out, err = run("--format", "json")
    [said] = json.loads(out)
    assert list(said) == FIELDS
    assert said == dict.fromkeys(FIELDS) | {
        "number": member.number,
        "name": "陶敏",
        "sex": "女",
        "ethnicity": "汉族",
        "id_number": "*" * 15 + member.id_number[-3:],
        "born_on": "1980-05",
        "education": "大学专科毕业",
        "joined_on": "2005-06-01",
        "kind": "probationary",
        "category": "在职",
        "organization": "020100",
        "party_post": "书记",
        "phone": "138****1234",
    }
    assert (code, err.strip()) == (0, "1 row was written.")


def test_who_belongs_to_the_organisation_now_in_the_order_of_its_roster(committee, branch):
    a_member(branch, name="李四", display_order=2)
    a_member(branch, name="王五", display_order=1)
    a_member(a_branch(committee, code="020200"), name="赵六")
    a_member(branch, name="钱七").leave("died", TODAY)
    a_member(a_branch(), name="外人")
    _code, out, _err = run("--columns", "name")
    assert json.loads(out) == [{"name": "王五"}, {"name": "李四"}, {"name": "赵六"}]
    assert json.loads(run("--columns", "name", code="020200")[1]) == [{"name": "赵六"}]


def test_chosen_columns_come_in_their_order(branch):
    member = a_member(
        branch, party_group=PartyGroup.objects.create(organization=branch, name="一组")
    )
    _code, out, _err = run("--columns", "party_group, number,name,number", "--format", "json")
    assert out.splitlines()[1] == json.dumps(
        {"party_group": "一组", "number": member.number, "name": "张三"}, ensure_ascii=False
    )


def test_a_file_and_stdout_hold_the_same(branch, tmp_path):
    a_member(branch)
    file = tmp_path / "名册.csv"
    code, out, err = run("--format", "csv", "-o", str(file))
    assert (code, out) == (0, "")
    assert err.strip() == "1 row was written."
    assert file.read_bytes().decode() == run("--format", "csv")[1]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.stat().st_mode & 0o077 == 0


def test_a_workbook_goes_into_a_file(branch, tmp_path):
    a_member(branch, name="陶敏")
    file = tmp_path / "名册.xlsx"
    run("--format", "xlsx", "--columns", "row_number,name", "-o", str(file))
    rows = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
    assert list(rows) == [("交通局党委党员花名册", None), ("序号", "姓名"), (1, "陶敏")]


def test_full_numbers_need_a_reason_which_the_log_keeps(branch):
    member = a_member(branch)
    code, out, err = run("--full")
    assert (code, out, err) == (2, "", "Say what the full numbers are needed for.")
    assert run("--full", "--reason", "  ")[0] == 2
    assert not exported().exists()

    _code, out, _err = run("--full", "--reason", "换届考察", "--columns", "id_number")
    assert json.loads(out) == [{"id_number": member.id_number}]
    [entry] = exported()
    assert (entry.reason, entry.user, entry.chain) == (
        "换届考察",
        None,
        f"organization:{branch.parent_id}",
    )
    assert ["numbers", "", "full"] in entry.changes
    assert ["rows", "", 1] in entry.changes


def test_an_account_exports_what_it_may(committee, branch):
    member = a_member(branch)
    reader = a_user("reader", branch, username="reader")
    _code, out, _err = run("--as", "reader", "--columns", "name", code="020100")
    assert json.loads(out) == [{"name": "张三"}]
    assert exported().get().user == reader
    assert run("--as", "reader", "--full", "--reason", "好奇", code="020100") == (
        2,
        "",
        "You may export these rows with masked numbers only.",
    )
    a_user("auditor", username="auditor")
    assert run("--as", "auditor", code="020100")[0] == 2
    assert member.id_number not in run("--as", "reader", code="020100")[1]


@pytest.mark.parametrize(
    ("arguments", "options", "sentence"),
    [
        pytest.param(
            [],
            {"code": "999"},
            "There is no organisation of code “999”. Check it, leading zeros included.",
            id="no such organisation",
        ),
        pytest.param(
            ["--as", "reader"],
            {"code": "020"},
            "There is no organisation of code “020”. Check it, leading zeros included.",
            id="an organisation of somebody else",
        ),
        pytest.param(
            ["--as", "nobody"],
            {},
            "There is no account “nobody” that may log in. Check --as.",
            id="no such account",
        ),
        pytest.param(
            ["-o", "/nowhere/x.json"],
            {},
            "“/nowhere/x.json” could not be written: No such file or directory. "
            "Choose another file.",
            id="no such folder",
        ),
    ],
)
def test_one_sentence_says_what_is_wrong(branch, arguments, options, sentence):
    a_user("reader", branch, username="reader")
    assert run(*arguments, **options) == (2, "", sentence)


@pytest.mark.parametrize("name", ["foo", "id_digest", "organization__path", ""])
def test_a_column_that_is_none_is_named_and_nothing_is_exported(branch, name):
    code, out, err = run("--columns", f"name,{name}")
    assert (code, out) == (2, "")
    assert err.startswith(f"There is no column “{name}”. Choose of these: row_number, number, ")
    assert not exported().exists()


def test_a_shell_gets_bytes_on_stdout_and_the_exit_code(tmp_path):
    """In a process of its own: a .xlsx is no text."""

    def manage(*arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env={"REGISTRY_DATA": f"{tmp_path}/data"},
            capture_output=True,
            check=False,
        )

    manage("migrate", "-v0")
    manage("found_organization", "01", "工委", "--kind", "work_committee")
    written = manage("export_members", "--organization", "01", "--format", "xlsx")
    assert (written.returncode, written.stdout[:2]) == (0, b"PK")
    refused = manage("export_members", "--organization", "02", "--format", "xlsx")
    assert (refused.returncode, refused.stdout) == (2, b"")
