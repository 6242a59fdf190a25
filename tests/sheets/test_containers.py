"""Files that are refused, each with a sentence that says what it is and what to do."""

from __future__ import annotations

import io
import signal
import sys
import zipfile

import pytest

from registry.sheets import container, reading
from registry.sheets.workbook import Unreadable
from tests.sheets.making import (
    HEADING_XML,
    MUSEUM,
    cell,
    read,
    repacked,
    with_sheet_xml,
    workbook_of,
)

GOOD = workbook_of(["姓名", "性别"], ["张三", "男"])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def why_refused(data: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(Unreadable) as refusal:
        read(data, name)
    assert refusal.value.sentence.code
    return str(refusal.value)


@pytest.mark.parametrize(
    ("data", "name", "begins"),
    [
        pytest.param(b"", "a.xlsx", "The file is empty.", id="nothing"),
        pytest.param(bytes(900), "a.xlsx", "The file is empty.", id="zeros"),
        pytest.param(
            b"\x9a\x01\x02" * 99, "a.xlsx", "The file is not an Excel workbook", id="noise"
        ),
        pytest.param(
            b"abc\x01\x02" * 99,
            "a.csv",
            "The file is neither a workbook nor a text file: line 1",
            id="noise called text",
        ),
        pytest.param(GOOD, "~$名册.xlsx", "“~$名册.xlsx” is a lock file", id="lock file"),
        pytest.param(GOOD[:3000], "a.xlsx", "The file is incomplete or damaged.", id="half a zip"),
        pytest.param(GOOD, "a.csv", "The file is called a text file but holds", id="zip as text"),
        pytest.param(b"%PDF-1.7 ...", "a.xlsx", "The file is a PDF.", id="PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n...", "a.xlsx", "The file is a picture.", id="picture"),
        pytest.param(b"\xff\xd8\xff\xe0...", "a.xls", "The file is a picture.", id="photo"),
        pytest.param(b"Rar!\x1a\x07\x00", "a.xlsx", "The file is an archive.", id="rar"),
        pytest.param(
            b"<html><p>a</p></html>", "a.xls", "The file is a web page without", id="web page"
        ),
        pytest.param(
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "The workbook is protected by a password.",
            id="password",
        ),
        pytest.param(
            OLE + "WordDocument".encode("utf-16-le"),
            "a.xls",
            "The file is a Word document.",
            id="Word of old",
        ),
        pytest.param(OLE, "a.et", "The file was made by an office program", id="other OLE"),
        pytest.param(
            OLE + "Workbook".encode("utf-16-le"),
            "a.xls",
            "The workbook is damaged",
            id="xls in name only",
        ),
        pytest.param(
            zipped(**{"word/document.xml": b"<w/>"}),
            "a.xlsx",
            "The file is a Word document.",
            id="Word",
        ),
        pytest.param(
            zipped(**{"ppt/presentation.xml": b"<p/>"}),
            "a.xlsx",
            "The file is a presentation.",
            id="presentation",
        ),
        pytest.param(
            zipped(**{"a.txt": b"a"}), "a.xlsx", "The file is an archive and not", id="other zip"
        ),
        pytest.param(
            zipped(**{"../../etc/x": b"a"}),
            "a.xlsx",
            "The workbook holds a part with the forbidden name “../../etc/x”.",
            id="zip slip",
        ),
        pytest.param(
            zipped(**{"xl/workbook.xml": b"a", "XL/workbook.xml": b"b"}),
            "a.xlsx",
            "The workbook holds the part “XL/workbook.xml” twice",
            id="one name in two cases",
        ),
        pytest.param(
            zipped(**{f"p{number}": b"" for number in range(1001)}),
            "a.xlsx",
            "The workbook has 1001 parts; at most 1000 are read.",
            id="a thousand parts",
        ),
        pytest.param(
            repacked(GOOD, lambda _, part: part, **{"xl/embeddings/oleObject1.bin": b"x"}),
            "a.xlsx",
            "The workbook carries an embedded object or control (xl/embeddings/",
            id="embedded object",
        ),
        pytest.param(
            repacked(GOOD, lambda _, part: part, **{"xl/media/b": bytes(201 * 1024**2)}),
            "a.xlsx",
            "Unpacked, the workbook has more than 300 MB.",
            id="bomb in an unused part",
        ),
        pytest.param(
            bytes([80]) + bytes(21 * 1024**2),
            "a.xlsx",
            "The file has 22 MB; at most 20 MB are read.",
            id="too large",
        ),
    ],
)
def test_what_is_no_workbook_is_named(data, name, begins):
    assert why_refused(data, name).startswith(begins)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_a_part_that_declares_entities_is_refused(part):
    data = repacked(GOOD, lambda name, old: DOCTYPE + b"<x>&a;</x>" if name == part else old)
    assert why_refused(data).startswith(f"The part “{part}” declares entities (a DTD)")


def test_a_flipped_byte_is_told_with_its_part():
    data = bytearray(GOOD)
    place = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[place] ^= 255
    assert why_refused(bytes(data)).startswith("The part “xl/worksheets/sheet1.xml” of the file")


def test_an_encrypted_entry_is_refused():
    data = bytearray(GOOD)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert why_refused(bytes(data)).startswith("The file is an archive with a password.")


def test_entries_that_share_bytes_are_refused():
    data = bytearray(zipped(one=b"x" * 50, two=b"y" * 50))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)  # its local header is said to be the first one
    assert why_refused(bytes(data)).startswith("The parts of the file overlap")


def test_real_sizes_are_counted_and_declared_ones_not_believed(monkeypatch):
    monkeypatch.setattr(container, "MAX_UNPACKED", 1000)
    entries = zipfile.ZipFile(io.BytesIO(zipped(a=b"x" * 5000)))
    entries.infolist()[0].file_size = 10
    with pytest.raises(Unreadable, match="damaged|more than"):
        container._inflate_all(entries, entries.infolist())


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        pytest.param(
            '<row r="5"/><row r="3"/>', "row 3 stands after row 5", id="rows out of order"
        ),
        pytest.param('<row r="999999999"/>', "row 999999999 stands after row 1 or", id="far row"),
        pytest.param(
            f'<row r="2">{cell("??2", "x")}</row>', "in row 2 is named “??2”", id="no cell name"
        ),
        pytest.param(
            f'<row r="2">{cell("A3", "x")}</row>', "in row 2 is named “A3”", id="other row's cell"
        ),
        pytest.param(
            f'<row r="1048576">{cell("A1048576", "x")}</row>',
            "the values reach over 1048576 rows and 2 columns",
            id="one cell at the very end",
        ),
        pytest.param(
            '<row r="2"><c r="A2" t="s"><v>999</v></c></row>',
            "The workbook is damaged (Cell string index",
            id="shared text that is not there",
        ),
        pytest.param("<row r='2'><c r='A2'>", "is damaged after row 2", id="broken XML"),
    ],
)
def test_a_misbuilt_sheet_is_refused_with_the_place(rows, says):
    assert says in why_refused(with_sheet_xml(HEADING_XML + rows))


def test_too_many_rows_are_refused_while_counting():
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 200_003))
    assert "has more than 200000 rows. Split" in why_refused(with_sheet_xml(HEADING_XML + rows))


def test_a_workbook_with_headings_alone_says_so():
    assert why_refused(workbook_of(["姓名", "性别"])) == (
        "The workbook holds headings but no rows below them. Fill it in first."
    )
    assert why_refused(workbook_of([])).startswith("The workbook is empty")
    assert why_refused(workbook_of(["甲", "乙"], ["a", "b"])).startswith(
        "No sheet has a row of headings that are known."
    )


CHILDREN = {
    "crash": f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})",
    "swell": "import resource as r; r.setrlimit(r.RLIMIT_AS, (10**8, 10**8)); bytes(10**9)",
    "rubbish": "print('no json')",
    "half": """print('{"format":"xlsx"}')""",
    "hang": "import time; time.sleep(60)",
    "flood": 'while True: print(\'{"format":"xlsx"}\')',
}


@pytest.mark.parametrize("child", CHILDREN)
def test_a_reader_that_dies_hangs_or_floods_is_a_sentence(child, monkeypatch):
    monkeypatch.setattr(reading, "WALL_SECONDS", 1.0 if child == "hang" else 30)
    monkeypatch.setattr(reading, "MAX_MESSAGES", 100_000)
    started = reading.subprocess.Popen

    def start(command, **options):
        return started([sys.executable, "-c", CHILDREN[child]], **options)

    monkeypatch.setattr(reading.subprocess, "Popen", start)
    says = {"hang": "takes too long", "flood": "too much text"}.get(child, "cannot be read")
    assert says in why_refused(GOOD)


def test_the_reading_process_inherits_no_secrets(monkeypatch):
    seen = {}
    started = reading.subprocess.Popen

    def start(command, **options):
        seen.update(options["env"])
        return started(command, **options)

    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
    monkeypatch.setattr(reading.subprocess, "Popen", start)
    assert len(read(GOOD).sheets[0].records) == 1
    assert "DATABASE_URL" not in seen


def test_odd_file_names_do_no_harm():
    for name in ("../../名册.xlsx", "a\0b.xlsx", "名" * 300 + ".xlsx", "<script>.xlsx", "名册"):
        assert len(read(GOOD, name).sheets[0].records) == 1


@pytest.mark.parametrize("seed", range(12))
def test_damaged_copies_of_the_roster_give_a_workbook_or_a_sentence(seed):
    """A small part of the mutations: bytes flipped anywhere in the file."""
    data = bytearray((MUSEUM / "handmade-roster.xlsx").read_bytes())
    for place in range(3):
        data[(seed * 2654435761 + place * 97) % len(data)] ^= 1 << (seed % 8)
    try:
        workbook = read(bytes(data))
    except Unreadable:
        return
    assert workbook.sheets


def test_a_macro_workbook_is_read_with_a_warning():
    data = repacked(GOOD, lambda _, part: part, **{"xl/vbaProject.bin": b"x"})
    [note] = read(data, "名册.xlsm").notes
    assert (note.level, note.code) == ("warning", "macros_ignored")
