"""Cells that only registers of development have: stages, classes that last days, several names."""

from __future__ import annotations

import re

from members.rules.codes import readings_of
from members.rules.development.recorded import CONCLUSIONS
from members.sheets.development.stages import STAGES, STOPPED
from registry.calendar import PartialDate
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import (
    CellError,
    Read,
    choice_reader,
    half_width,
    is_blank_word,
    quoted,
    read_code,
    text_of,
)
from registry.sheets.dates import read_date
from registry.sheets.workbook import Value

MARK = "F"  # before the key of a file: F00000017
_FILE_NUMBER = re.compile(r"[Ff](\d{8})")
_TO = re.compile(r"\s*(?:[—–~～至到]+|--+)\s*")
# 2023.4.1-4.5, 2023.4.1-5, 2023-04-01-2023-04-05: the hyphen may also part year and month.
_DAYS = re.compile(
    r"(\d{4}[./年]\d{1,2}[./月]\d{1,2}日?)-((?:\d{4}[./年])?(?:\d{1,2}[./月])?\d{1,2}日?)"
)
_PARTED = re.compile(r"[、，,;；/／\n]+|\s{1,}")
# Words that mean nothing for a development: the standing of a membership that goes on.
_NO_STAGE = frozenset({"正常", "正常党籍"})
_CONCLUSIONS = readings_of(CONCLUSIONS)


def number_of(key: int) -> str:
    """Return what a file is called in a sheet that goes out, so that it is known again."""
    return f"{MARK}{key:08}"


def read_file_number(value: Value) -> Read[int]:
    """Return the key of a file from its number, F00000017."""
    read = read_code(value)
    if read.value is None:
        return Read(None, read.findings)
    found = _FILE_NUMBER.fullmatch(read.value)
    if not found:
        raise CellError(
            Sentence(
                "“%(text)s” is not the number of a file. Write it as F00000017, or leave it empty.",
                code=codes.NUMBER_UNKNOWN,
                text=quoted(read.value),
            )
        )
    return Read(int(found[1]), read.findings)


_read_stage = choice_reader(
    {word: stage.code for stage in STAGES.values() for word in (stage.chinese, *stage.aliases)},
    ", ".join(stage.chinese for stage in STAGES.values()),
)


def read_stage(value: Value) -> Read[str]:
    """Return how far somebody is; that a file was stopped is warned of, its page does that."""
    text, findings = text_of(value)
    word = "".join(half_width(text).split())
    if word in _NO_STAGE:
        return Read(None, findings)
    if word in STOPPED:
        note = warning(
            "“%(text)s” is not entered from a sheet. Stop the file on its page.",
            code=codes.CHANGE_BY_VERB,
            text=quoted(text),
        )
        return Read(None, (*findings, note))
    return _read_stage(value)


def decide_stage(value: Value) -> Read[str]:
    """Take what names stages only; decides what a column 人员类别 is."""
    return read_stage(value)


def read_class(value: Value, *, latest: object = None) -> Read[object]:
    """Return the day of a class, or its first and last day as “2023-04-01/2023-04-05”."""
    try:
        return read_date(value, latest=latest)  # type: ignore[arg-type]
    except CellError:
        text, findings = text_of(value)
        days = _first_and_last(half_width(text).strip())
        if days is None:
            raise
        first, last = (read_date(each, latest=latest).value for each in days)  # type: ignore[arg-type]
        if not first or not last or last.last_day < first.first_day:
            raise
        return Read(f"{first}/{last}", findings)


def _first_and_last(text: str) -> tuple[str, str] | None:
    parts = _TO.split(text)
    if len(parts) != 2:
        found = _DAYS.fullmatch("".join(text.split()))
        if not found:
            return None
        parts = list(found.groups())
    first, last = (re.sub(r"[年月]", ".", each).rstrip("日号.") for each in parts)
    said = re.split(r"[./-]", first)
    missing = len(said) - len(re.split(r"[./-]", last))
    # 4.5 behind 2023.4.1 is in the same year.
    return (first, ".".join([*said[:missing], last])) if missing >= 0 else None


def split_class(text: str) -> tuple[PartialDate, PartialDate]:
    first, last = (PartialDate.of(each) for each in text.split("/"))
    return first, last


def read_people(value: Value) -> Read[str]:
    """Return names parted by 、; what stands in brackets behind a name falls away."""
    text, findings = text_of(value)
    if not text or is_blank_word(text):
        return Read(None, findings)
    plain = re.sub(r"[(（【\[][^()（）【】\[\]]*[)）】\]]", "", text)
    # 张  三 is one name: blanks part names only where both sides are whole ones.
    plain = re.sub(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])",
                   r"\1\2", plain)  # fmt: skip
    names = [each for each in _PARTED.split(plain) if each]
    if any(len(each) > 50 for each in names):
        raise CellError(
            Sentence(
                "“%(text)s” does not read as names. Write them as 张三、李四.",
                code=codes.CHOICE_UNKNOWN,
                text=quoted(text),
            )
        )
    return Read("、".join(names) or None, findings)


def read_conclusion(value: Value) -> Read[str]:
    """Return the conclusion of a political review."""
    text, findings = text_of(value)
    if not text or is_blank_word(text):
        return Read(None, findings)
    word = "".join(text.split()).casefold()
    if word not in _CONCLUSIONS:
        raise CellError(
            Sentence(
                "“%(text)s” is no conclusion of a political review. Write 合格 or 不合格.",
                code=codes.CHOICE_UNKNOWN,
                text=quoted(text),
            )
        )
    return Read(_CONCLUSIONS[word], findings)
