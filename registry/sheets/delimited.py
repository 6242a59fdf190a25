"""Text files: which encoding, which separator, which rows."""

from __future__ import annotations

import codecs
import csv
import io
import re

from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.guarding import unguarded
from registry.sheets.workbook import Unreadable, Value

SEPARATORS = ",\t;，"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
# Excel writes ="0110" so that a number keeps its leading zeros.
_WRAPPED = re.compile(r'^="(.*)"$', re.DOTALL)


def _refused(sentence: Sentence) -> Unreadable:
    sentence.code = codes.FILE_UNREADABLE
    return Unreadable(sentence)


def rows_of(data: bytes) -> list[tuple[int, list[Value]]]:
    """Return (row, values) for every row that holds something, rows counted from 1."""
    text = decoded(data)
    lines = text.split("\n", 1)
    first = 1
    separator = ""
    if found := re.match(r"sep=(.)$", lines[0].strip("\r\ufeff "), re.IGNORECASE):
        separator = found[1]
        text = lines[1] if len(lines) > 1 else ""
        first = 2
    separator = separator or separator_of(text)
    # newline=None turns the three ways of ending a line into one.
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=separator, strict=True)
    rows: list[tuple[int, list[Value]]] = []
    try:
        for number, fields in enumerate(reader, first):
            values: list[Value] = [_value(field) for field in fields]
            if any(value is not None for value in values):
                rows.append((number, values))
    except csv.Error:
        raise _refused(
            Sentence(
                "Line %(line)s of the text file cannot be split into columns: a quotation mark is "
                "not closed, or a line is too long. Save the sheet as .xlsx and upload that.",
                line=reader.line_num + first - 1,
            )
        ) from None
    return rows


def _value(field: str) -> str | None:
    if field.startswith('="') and (found := _WRAPPED.match(field)):
        field = found[1]
    return unguarded(field) if field and not field.isspace() else None


def decoded(data: bytes) -> str:
    """Return the text; raise Unreadable with the line of the first byte that cannot be one."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data[len(mark) :], encoding))
    if encoding := _utf16_without_mark(data):
        return _checked(_strictly(data, encoding))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(_strictly(data, "gb18030"))


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused(
            Sentence(
                "Line %(line)s of the text file holds signs of an unknown encoding. "
                "Save it as UTF-8, or the sheet as .xlsx.",
                line=data.count(b"\n", 0, error.start) + 1,
            )
        ) from None


def _checked(text: str) -> str:
    if found := _CONTROL.search(text):
        raise _refused(
            Sentence(
                "The file is neither a workbook nor a text file: line %(line)s holds control "
                "signs. Open it where it was made and save it as .xlsx.",
                line=text.count("\n", 0, found.start()) + 1,
            )
        )
    return text


def _utf16_without_mark(data: bytes) -> str:
    """Tell UTF-16 by its line ends, two bytes long."""
    sample = data[:65536]
    if len(data) % 2:
        return ""
    units = {sample[place : place + 2] for place in range(0, len(sample), 2)}
    for encoding in ("utf-16-le", "utf-16-be"):
        if {"\n".encode(encoding), "\r".encode(encoding)} & units:
            return encoding
    return ""


def separator_of(text: str) -> str:
    """Return the separator that cuts the first lines most evenly; a comma where none does."""
    sample = _QUOTED.sub("", text[:20_000]).splitlines()[:50]
    lines = [line for line in sample if line.strip()]

    def evenness(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines]
        most = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        usual = most or max(counts, default=0)
        return (sum(count > 0 for count in counts), usual)

    best = max(SEPARATORS, key=evenness, default=",")
    return best if lines and evenness(best) > (0, 0) else ","
