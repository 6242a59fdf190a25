"""The codes of findings are a closed list, since other programs read them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from registry.sheets import codes

ROOT = Path(__file__).resolve().parent.parent.parent
SHEETS = sorted(
    path
    for app in ("registry", "branches", "members")
    for path in (ROOT / app / "sheets").rglob("*.py")
)
# The rules that sheets ask of the record that a row makes.
ASKED = ("members/rules/membership.py", "members/rules/names.py", "members/rules/offices.py",
         "members/rules/ledger.py", "members/rules/dues_readings.py",
         "members/rules/dues_months.py", "branches/rules/codes.py",
         "members/rules/development/wording.py", "members/rules/development/judging.py",
         "members/rules/development/deciding.py")  # fmt: skip
# What they only have against a form: a sheet has no such field, or its reader has seen to it.
NOT_IN_SHEETS = {
    "campaign_missing", "cannot_sponsor", "choice_unknown", "date_unreadable", "day_missing",
    "excuse_unknown", "extended_twice", "extension_length", "historical", "left_before_joined",
    "method_unknown", "months_do_not_add_up", "months_missing", "months_not_wanted",
    "name_invisible_signs", "new_code_taken",
    "name_note", "not_a_full_member", "not_entitled", "nothing_before", "notice_ends_before",
    "notice_too_short", "office_ends_before_it_begins", "payment_kind_unknown", "possible_from",
    "provisional", "reason_missing", "record_missing", "secretary_from_elsewhere", "step_unknown",
    "stopped", "too_many_named", "training_too_short",
}  # fmt: skip


def codes_written_in(path):
    return {
        keyword.value.value
        for keyword in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(keyword, ast.keyword)
        and keyword.arg == "code"
        and isinstance(keyword.value, ast.Constant)
    }


def constants():
    return {
        name: value
        for name, value in vars(codes).items()
        if isinstance(value, str) and name.isupper()
    }


def test_no_two_names_have_one_code():
    assert len(set(constants().values())) == len(constants())
    assert not codes.OF_RULES & set(constants().values())


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: str(path.relative_to(ROOT)))
def test_sheets_take_their_codes_from_the_list(path):
    assert codes_written_in(path) <= codes.ALL
    used = re.findall(r"\bcodes\.([A-Z][A-Z_0-9]+)\b", path.read_text(encoding="utf-8"))
    assert set(used) <= {*constants(), "ALL", "OF_RULES"}


def test_every_code_of_the_list_is_told_somewhere():
    text = "".join(path.read_text(encoding="utf-8") for path in SHEETS if path.name != "codes.py")
    unused = {name for name in constants() if not re.search(rf"\bcodes\.{name}\b", text)}
    assert not unused


def test_the_codes_of_the_rules_are_those_that_they_name():
    named = set().union(*(codes_written_in(ROOT / name) for name in ASKED))
    assert named - NOT_IN_SHEETS == codes.OF_RULES


def test_readme_lists_every_code_for_other_programs():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = text.split("Codes of findings, a closed list: ")[1].split(".\n")[0]
    assert set(listed.replace("`", "").split(", ")) == codes.ALL
