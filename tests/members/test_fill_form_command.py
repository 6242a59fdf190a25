"""manage.py fill_form: another program has a form filled."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry.models import Entry
from registry.models.log import Action
from tests.factories import a_branch, a_member, a_user
from tests.members.forms_from_above import a_form, lines_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "采集表.xlsx"
    path.write_bytes(a_form())
    return path


def fill(form, *arguments):
    """Return the lines of the filled form, and what stands on stderr."""
    output, errors = form.with_name("filled.xlsx"), StringIO()
    call_command("fill_form", form, *arguments, output=output, stderr=errors, stdout=StringIO())
    return lines_of(output.read_bytes()), errors.getvalue().splitlines()


def refused(form, *arguments):
    output = form.with_name("filled.xlsx")
    with pytest.raises(CommandError) as refusal:
        call_command("fill_form", form, *arguments, output=output, stderr=StringIO())
    assert refusal.value.returncode == 2
    assert not output.exists()
    return str(refusal.value)


def test_the_members_of_an_organisation_are_filled_in(form):
    branch = a_branch(code="020100")
    member = a_member(branch, name="李一")
    a_member(name="在外")
    lines, said = fill(form, "--organization=020100")
    assert lines[3][:3] == [1, "李一", "男"]
    assert lines[3][5] == "*" * 15 + member.id_number[-3:]
    assert lines[4][1] is None
    assert said == [
        "On the sheet “采集表” these columns are not in the register and stay empty: G 政治表现.",
        "1 row was written.",
    ]
    [entry] = Entry.objects.filter(action=Action.EXPORT)
    assert entry.object_id == branch.pk
    assert ["rows", "", 1] in entry.changes


def test_full_numbers_need_a_reason(form):
    member = a_member(a_branch(code="020100"))
    assert (
        refused(form, "--organization=020100", "--full")
        == "Say what the full numbers are needed for."
    )
    lines, _ = fill(form, "--organization=020100", "--full", "--reason=年度统计")
    assert lines[3][5] == member.id_number
    assert Entry.objects.get(action=Action.EXPORT).reason == "年度统计"


def test_an_unknown_code_and_a_foreign_one_get_the_same_sentence(form):
    a_member(a_branch(code="020100"))
    clerk = a_user("branch_clerk", a_branch())
    sentence = "There is no organisation of code “020100”. Check it, leading zeros included."
    assert refused(form, "--organization=020100", f"--as={clerk.username}") == sentence
    assert refused(form, "--organization=777") == sentence.replace("020100", "777")


def test_what_cannot_be_read_gets_one_sentence(form):
    a_member(a_branch(code="020100"))
    missing = form.with_name("fehlt.xlsx")
    assert refused(missing, "--organization=020100") == (
        f"“{missing}” cannot be opened: No such file or directory. Choose another file."
    )
    form.write_bytes(b"%PDF-1.7")
    assert refused(form, "--organization=020100") == (
        "采集表.xlsx: The file is a PDF. Choose the workbook from which it was printed."
    )
    assert not Entry.objects.filter(action=Action.EXPORT).exists()
