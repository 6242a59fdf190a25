"""Changes the files of the museum by chance: each mutant follows from its seed alone."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.sheets.making import MUSEUM, workbook_of
from tests.sheets.other_formats import MAKERS, MONTH, TWO, Made, Shown

ROWS = [
    ["序号", "姓名", "性别", "出生年月", "身份证号", "所在党支部"],
    [1, "张三丰", "男", date(1985, 6, 12), "110101198506120012", "第一支部"],
    [2, "李四光", "女", "1990.10", "110101199010010028", None],
    [3, "王五", "男", 1985.1, None, "同上"],
    ["合计", "3人", None, None, None, None],
]
TEXTS = [["" if value is None else str(value) for value in row] for row in ROWS]
HTML = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in TEXTS)
XML = "".join(
    "<Row>"
    + "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in row)
    + "</Row>"
    for row in TEXTS
)
SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
MADE = Made(
    [ROWS[0], ["a", "张三", "#REF!", Shown(date(1985, 6, 1), MONTH), Shown(1985.1, TWO), "x"]],
    merges=[(2, 6, 3, 6)],
    hidden_sheet="旧",
)
FILES: dict[str, bytes] = {
    "roster.xlsx": (MUSEUM / "handmade-roster.xlsx").read_bytes(),
    "organizations.xlsx": (MUSEUM / "organizations.xlsx").read_bytes(),
    "merged.xlsx": workbook_of(["名册"], *ROWS, merges=("A1:F1", "F3:F4")),
    **{f"made.{kind}": make(MADE) for kind, make in MAKERS.items()},
    "page.xls": f"<html><meta charset=utf-8><table>{HTML}</table></html>".encode(),
    "xml.xls": (
        f'<?xml version="1.0"?><Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}"><Worksheet '
        f'ss:Name="名册"><Table>{XML}</Table></Worksheet></Workbook>'
    ).encode(),
    "list.csv": "\n".join(",".join(row) for row in TEXTS).encode("gb18030"),
}
# Nothing of these reaches the rows.
IGNORED = ("docProps/", "xl/theme/", "xl/calcChain", "xl/printerSettings/")
_SIGNS = "\0\x01\x0b\x85\xad\u200b\u202e\u3000\ufeff\uffff\ue001𠮷\U0001f600Х⿰&<>\"'=+@\t\r\n"
_TYPES = (b"s", b"n", b"b", b"e", b"str", b"inlineStr", b"d", b"x")
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"1048576", b"999999999", b"1e308", b"NaN", b"", b"x")


@dataclass(frozen=True)
class Mutant:
    name: str  # of the file that was changed
    data: bytes
    only_ignored: bool  # the change lies in a part that is not looked at


def mutant(seed: int) -> Mutant:
    chance = random.Random(seed)
    name = chance.choice(sorted(FILES))
    data = FILES[name]
    if not data.startswith(b"PK") or chance.random() < 0.1:
        return Mutant(name, _changed(chance, data), only_ignored=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    chosen = chance.choice(sorted(parts))
    order = list(parts)
    action = chance.random()
    if action < 0.06:
        del parts[chosen]
    elif action < 0.1:
        parts[chosen.swapcase()] = parts[chosen]
    elif action < 0.14:
        parts[chosen] = parts[chance.choice(order)]
    else:
        parts[chosen] = _changed(chance, parts[chosen])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    ignored = chosen.startswith(IGNORED) and action >= 0.14
    return Mutant(name, buffer.getvalue(), only_ignored=ignored)


def _changed(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        data = chance.choice(_CHANGES)(chance, data)
    return data


def _flip(chance: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def _cut(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + data[place + chance.choice((1, 4, 60, 10**6)) :]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    piece = data[place : place + chance.choice((1, 8, 200))]
    return data[:place] + piece * chance.choice((2, 3, 300)) + data[place:]


def _sign(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(_SIGNS).encode() + data[place:]


def _one(
    pattern: bytes, new: Callable[[random.Random, re.Match[bytes]], bytes]
) -> Callable[[random.Random, bytes], bytes]:
    def change(chance: random.Random, data: bytes) -> bytes:
        found = list(re.finditer(pattern, data))
        if not found:
            return _flip(chance, data)
        one = chance.choice(found)
        return data[: one.start()] + new(chance, one) + data[one.end() :]

    return change


def _reorder(chance: random.Random, data: bytes) -> bytes:
    rows = re.findall(rb"<row\b.*?</row>", data, re.DOTALL)
    if len(rows) < 2:
        return _repeat(chance, data)
    start, end = data.index(rows[0]), data.rindex(b"</row>") + 6
    chance.shuffle(rows)
    return data[:start] + b"".join(rows) + data[end:]


_CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip,
    _cut,
    _repeat,
    _sign,
    _reorder,
    _one(rb'="[^"]*"', lambda chance, _: b'="' + chance.choice(_NUMBERS) + b'"'),
    _one(rb'\bt="\w+"', lambda chance, _: b't="' + chance.choice(_TYPES) + b'"'),
    _one(rb">\d+<", lambda chance, _: b">" + chance.choice(_NUMBERS) + b"<"),
    _one(rb">[^<>]+<", lambda chance, one: one[0][:-1] + chance.choice(_SIGNS).encode() + b"<"),
    _one(rb"<[^<>/]+>", lambda _, one: one[0] * 2),
    _one(rb"\b[A-Z]{1,3}\d+\b", lambda chance, _: chance.choice((b"A1", b"XFD1048576", b"A0"))),
)
