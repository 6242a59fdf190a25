"""Readers of the cells that only a roster of members has, and what several cells say together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from members.rules import identity, offices
from members.rules.codes import Entry
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import (
    CellError,
    Read,
    choice_reader,
    is_blank_word,
    quoted,
    read_code,
    read_phone,
    read_text,
    text_of,
)
from registry.sheets.rows import StagedRow, Told
from registry.sheets.workbook import Value

_NUMBER = re.compile(r"[Dd]\d{8}")
_MOBILE = re.compile(r"1\d{10}")
# What the rule calls a fault of the number that has no code of its own among the findings.
_ID_CODES = {codes.ID_CHECK_DIGIT, codes.ID_DIGITS_LOST, codes.ID_LENGTH}


def yes_no(value: Any) -> str:
    return "是" if value else "否"


def phones(value: Any) -> str:
    """Return several numbers parted by a sign that is read as such: blanks within one fall away."""
    return str(value).replace(" ", "/")


def by_rule(rule: Callable[[str], Any]) -> Callable[[Value], Read[Any]]:
    """Return a reader of what ``rule`` reads; its objection becomes the finding."""

    def read(value: Value) -> Read[Any]:
        text, findings = text_of(value)
        if not text:
            return Read(None, findings)
        try:
            return Read(rule(text), findings)
        except ValueError as error:
            if is_blank_word(text):
                return Read(None, findings)
            objection = error.args[0]
            raise CellError(
                Sentence(objection.template, code=codes.CHOICE_UNKNOWN, **objection.params)
            ) from None

    return read


def by_table(table: Mapping[str, Entry]) -> Callable[[Value], Read[str]]:
    """Return a reader of one of the entries of a table of the rulebook."""
    words = {
        name: entry.code
        for entry in table.values()
        for name in (entry.code, entry.chinese, *entry.aliases)
    }
    return choice_reader(words, ", ".join(entry.chinese for entry in table.values()))


def read_row_number(value: Value) -> Read[str]:
    """Return a running number; a code with leading zeros or many digits is none."""
    text, findings = text_of(value)
    if text and not re.fullmatch(r"[1-9]\d{0,5}(\.0)?", text):
        raise CellError(
            Sentence("“%(text)s” is not a running number.", code=codes.NUMBER_UNREADABLE, text=text)
        )
    return Read(text or None, findings)


def read_number(value: Value) -> Read[str]:
    """Return a number of this register (D00000017)."""
    read = read_code(value)
    if read.value is None:
        return read
    if not _NUMBER.fullmatch(read.value):
        raise CellError(
            Sentence(
                "“%(text)s” is not a number of this register. Write it as D00000017, or leave it "
                "empty.",
                code=codes.NUMBER_UNKNOWN,
                text=quoted(read.value),
            )
        )
    return Read(read.value.upper(), read.findings)


def read_id_number(value: Value) -> Read[str]:
    """Return an ID number of 18 signs; one of 15 is converted, with a warning."""
    if type(value) is str and identity.is_sound(value):
        return Read(value)
    read = read_code(value, lost=codes.ID_DIGITS_LOST, secret=True)
    if read.value is None:
        return Read(None, read.findings)
    number, findings = identity.normalised(read.value), read.findings
    if re.fullmatch(r"\d{15}", number):
        number = identity.from_15(number)
        note = warning(
            "An ID number of 15 digits was made one of 18. Compare it with the ID card.",
            code=codes.ID_CONVERTED,
        )
        findings = (*findings, note)
    for objection in identity.objections(number):
        code = objection.code if objection.code in _ID_CODES else codes.ID_UNREADABLE
        raise CellError(Sentence(objection.template, code=code, **objection.params))
    return Read(number, findings)


def read_standing(value: Value) -> Read[str]:
    """Return nothing for 正常; another standing is warned of, since only its page changes it."""
    text, findings = text_of(value)
    if text in ("", "正常", "正常党籍"):
        return Read(None, findings)
    if text not in ("停止党籍", "停止", "开除党籍", "已停止党籍", "暂停", "出党"):
        raise CellError(
            Sentence(
                "“%(text)s” is no standing of a membership. Write 正常 or 停止党籍.",
                code=codes.CHOICE_UNKNOWN,
                text=quoted(text),
            )
        )
    note = warning(
        "“%(text)s” is not entered from a sheet. Suspend the membership, or let the member leave, "
        "on the member's page.",
        code=codes.CHANGE_BY_VERB,
        text=text,
    )
    return Read(None, (*findings, note))


def decide_party_post(value: Value) -> Read[str]:
    """Take what names only posts in the Party; decides what a column 职务 is."""
    read = read_text(value)
    posts, unread = offices.read_posts(read.value or "")
    if unread or (read.value and not posts):
        raise CellError(Sentence("It names no post in the Party."))
    return read


def decide_mobile(value: Value) -> Read[str]:
    read = read_phone(value)
    if read.value and not any(_MOBILE.fullmatch(each) for each in read.value.split()):
        raise CellError(Sentence("It is no mobile number."))
    return read


def decide_landline(value: Value) -> Read[str]:
    read = read_phone(value)
    if read.value and any(_MOBILE.fullmatch(each) for each in read.value.split()):
        raise CellError(Sentence("It is a mobile number."))
    return read


def settle(row: StagedRow) -> None:
    """Part 在职大学、法学学士 into three fields; join 介绍人1 and 介绍人2, 备注1 to 备注3."""
    values = row.values
    if values.pop("lost_contact", None) and "lost_contact_since" not in values:
        note = warning(
            "The row says that contact is lost, but not since when; this was left out. Write the "
            "day in a column 失去联系日期.",
            code=codes.VALUE_MISSING,
        )
        row.told.append(Told(note, "lost_contact"))
    if isinstance(education := values.get("education"), tuple):
        values["education"], channel, degree = education
        if channel:
            values.setdefault("education_channel", channel)
        if degree:
            values.setdefault("degree", degree)
    for name, others, sign in (
        ("sponsors", ("second_sponsor",), "、"),
        ("note", ("second_note", "third_note"), "；"),
    ):
        parts = [values.pop(each, None) for each in (name, *others)]
        if any(parts):
            values[name] = sign.join(part for part in parts if part)
