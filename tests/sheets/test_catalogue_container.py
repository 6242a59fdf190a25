"""Awkward files by their container: each is read, or refused with a sentence that names it.

The numbers are those of the catalogue of awkward workbooks; what is about a whole upload rather
than its bytes (4) is tested with the pages.
"""

from __future__ import annotations

import io
import os
import random
import zipfile

import openpyxl
import pytest

from tests.sheets.making import (
    GOOD,
    MUSEUM,
    names,
    outcome,
    read,
    repacked,
    with_part,
    within,
    workbook_of,
)
from tests.sheets.other_formats import MAKERS, Made

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HTML = "<table><tr><td>姓名<td>性别</tr><tr><td>张三丰<td>男</tr></table>".encode()
XML_2003 = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名册"><Table>'
    '<Row><Cell><Data ss:Type="String">姓名</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">张三丰</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
).encode()
MADE = Made([["姓名", "性别"], ["张三丰", "男"]])


def zipped(*parts, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def utf16(word):
    return word.encode("utf-16-le")


def flipped():
    data = bytearray(GOOD)
    data[data.index(b"xl/worksheets/sheet1.xml") + 70] ^= 255
    return bytes(data)


def lying_about_its_size():
    data = bytearray(GOOD)
    entry = data.index(b"xl/worksheets/sheet1.xml", data.index(b"PK\x01\x02"))
    data[entry - 46 + 24 : entry - 46 + 28] = (100).to_bytes(4, "little")
    return bytes(data)


def overlapping():
    data = bytearray(zipped(("a", b"x" * 50), ("b", b"y" * 50)))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    return bytes(data)


def a_link():
    entry = zipfile.ZipInfo("xl/link")
    entry.external_attr = 0o120777 << 16
    return zipped((entry, b"/etc/passwd"))


def encrypted():
    data = bytearray(GOOD)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        pytest.param(b"", "a.xlsx", "The file is empty.", id="1 nothing in it"),
        pytest.param(bytes(5000), "a.xlsx", "The file is empty.", id="1 zeros"),
        pytest.param(
            b"\x93" + random.Random(2).randbytes(5000),
            "a.xlsx",
            "The file is not an Excel workbook",
            id="2 random bytes",
        ),
        pytest.param(GOOD[: len(GOOD) // 2], "a.xlsx", "The file is incomplete", id="3 half a zip"),
        pytest.param(GOOD[:-30], "a.xlsx", "The file is incomplete", id="3 the end is missing"),
        pytest.param(
            flipped, "a.xlsx", "The part “xl/worksheets/sheet1.xml”", id="5 a bit flipped"
        ),
        pytest.param(
            lambda: with_part("xl/worksheets/sheet1.xml", b" " * (201 * 1024**2)),
            "a.xlsx",
            "Unpacked, the workbook has more than 300 MB.",
            id="6 a sheet that unpacks without end",
        ),
        pytest.param(
            lambda: with_part("xl/media/image1.png", bytes(201 * 1024**2)),
            "a.xlsx",
            "Unpacked, the workbook has more than 300 MB.",
            id="7 an unused part that unpacks without end",
        ),
        pytest.param(
            lambda: repacked(
                GOOD,
                lambda _, part: part,
                **{f"xl/media/{at}": bytes(80 * 1024**2) for at in range(4)},
            ),
            "a.xlsx",
            "Unpacked, the workbook has more than 300 MB.",
            id="7 four parts that are too much together",
        ),
        pytest.param(
            lying_about_its_size,
            "a.xlsx",
            "The part “xl/worksheets/sheet1.xml” of the file is damaged.",
            id="8 a false size",
        ),
        pytest.param(
            overlapping, "a.xlsx", "The parts of the file overlap", id="9 overlapping parts"
        ),
        pytest.param(
            lambda: zipped(*((str(at), b"") for at in range(60_000))),
            "a.xlsx",
            "The workbook has 60000 parts; at most 1000 are read.",
            id="10 sixty thousand parts",
        ),
        pytest.param(
            lambda: zipped(("xl/workbook.xml", b"a"), ("XL/Workbook.xml", b"b")),
            "a.xlsx",
            "The workbook holds the part “XL/Workbook.xml” twice",
            id="11 one name in two cases",
        ),
        pytest.param(
            lambda: zipped(("../../tmp/x", b"a")),
            "a.xlsx",
            "The workbook holds a part with the forbidden name “../../tmp/x”.",
            id="12 a name that climbs",
        ),
        pytest.param(
            lambda: zipped(("/etc/x", b"a")),
            "a.xlsx",
            "The workbook holds a part with the forbidden name “/etc/x”.",
            id="12 a name from the root",
        ),
        pytest.param(
            a_link,
            "a.xlsx",
            "The workbook holds the part “xl/link” twice or as a link.",
            id="12 a link",
        ),
        pytest.param(
            encrypted,
            "a.xlsx",
            "The file is an archive with a password.",
            id="13 an encrypted part",
        ),
        pytest.param(
            OLE + utf16("EncryptedPackage"),
            "a.xlsx",
            "The workbook is protected by a password. Open it, remove the password",
            id="14 a password to open",
        ),
        pytest.param(
            OLE + utf16("WordDocument"),
            "a.wps",
            "The file is a Word document.",
            id="18 a text of WPS",
        ),
        pytest.param(OLE, "a.et", "The file was made by an office program", id="18 an old .et"),
        pytest.param(
            lambda: zipped(("word/document.xml", b"<w/>")),
            "a.xlsx",
            "The file is a Word document.",
            id="22 Word",
        ),
        pytest.param(
            lambda: zipped(("ppt/presentation.xml", b"<p/>")),
            "a.xlsx",
            "The file is a presentation.",
            id="22 PowerPoint",
        ),
        pytest.param(
            lambda: zipped(("名册.xlsx", GOOD)),
            "a.xlsx",
            "The file is an archive and not",
            id="22 a zip",
        ),
        pytest.param(b"Rar!\x1a\x07\x00", "a.xlsx", "The file is an archive.", id="22 a rar"),
        pytest.param(
            lambda: with_part("xl/embeddings/oleObject1.bin", b"x"),
            "a.xlsx",
            "The workbook carries an embedded object or control (xl/embeddings/oleobject1.bin).",
            id="25 an embedded object",
        ),
        pytest.param(
            lambda: with_part("xl/activeX/activeX1.xml", b"<x/>"),
            "a.xlsx",
            "The workbook carries an embedded object or control (xl/activex/activex1.xml).",
            id="25 a control",
        ),
        pytest.param(
            lambda: with_part(
                "xl/externalLinks/externalLink1.xml",
                b'<externalLink><ddeLink ddeService="cmd"/></externalLink>',
            ),
            "a.xlsx",
            "The workbook carries an embedded object or control (xl/externallinks/",
            id="25 a link to a running program",
        ),
        pytest.param(
            GOOD, "a.csv", "The file is called a text file but holds", id="27 a zip named .csv"
        ),
        pytest.param(GOOD, "~$名册.xlsx", "“~$名册.xlsx” is a lock file", id="29 a lock file"),
        pytest.param(
            b"MIME-Version: 1.0\n", "a.xls", "The file is a web archive.", id="17 a web archive"
        ),
        pytest.param(b"%PDF-1.7\n", "a.xlsx", "The file is a PDF.", id="30 a PDF"),
        pytest.param(
            b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.xlsx", "The file is a picture.", id="30 a photo"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n", "a.et", "The file is a picture.", id="30 a screenshot"),
        pytest.param(
            b"<html><body><p>\xe5\x90\x8d</p></body></html>",
            "a.xls",
            "The file is a web page without a table.",
            id="17 a web page without a table",
        ),
    ],
)
def test_the_file_is_refused_with_its_sentence(data, name, says):
    data = data() if callable(data) else data
    with within(10):
        assert outcome(data, name).startswith(says)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_11_a_part_twice_is_refused():
    data = zipped(("xl/workbook.xml", b"a"), ("xl/workbook.xml", b"b"))
    assert outcome(data).startswith("The workbook holds the part “xl/workbook.xml” twice")


def protected(book):
    book.active.protection.set_password("x")
    book.security.workbookPassword = "x"
    book.security.lockStructure = True


def called(kind):
    return repacked(
        GOOD,
        lambda name, part: (
            part.replace(b"sheet.main+xml", kind) if name == "[Content_Types].xml" else part
        ),
    )


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        pytest.param(
            lambda: workbook_of(["姓名", "性别"], ["张三丰", "男"], then=protected),
            "a.xlsx",
            "xlsx",
            id="15 a protected sheet without a password to open",
        ),
        pytest.param(lambda: MAKERS["xls"](MADE), "a.xls", "xls", id="16 a true .xls"),
        pytest.param(HTML, "a.xls", "html", id="17 a web page"),
        pytest.param(XML_2003, "a.xls", "xml", id="17 XML of Excel 2003"),
        pytest.param("姓名,性别\n张三丰,男\n".encode("gbk"), "a.xls", "csv", id="17 text"),
        pytest.param(lambda: MAKERS["xls"](MADE), "a.et", "xls", id="18 an .et with BIFF"),
        pytest.param(HTML, "a.et", "html", id="18 an .et with a web page"),
        pytest.param(GOOD, "a.et", "xlsx", id="19 an .et of today"),
        pytest.param(lambda: MAKERS["xlsb"](MADE), "a.xlsb", "xlsb", id="20 an .xlsb"),
        pytest.param(lambda: MAKERS["ods"](MADE), "a.ods", "ods", id="21 an .ods"),
        pytest.param(lambda: called(b"template.main+xml"), "a.xltx", "xlsx", id="24 a template"),
        pytest.param(GOOD, "a.xls", "xlsx", id="24 an .xlsx named .xls"),
    ],
)
def test_the_file_is_read_as_what_it_is(data, name, kind):
    workbook = read(data() if callable(data) else data, name)
    assert (workbook.format, names(workbook.sheets[0])) == (kind, ["张三丰"])


@pytest.mark.parametrize(
    ("part", "code"),
    [
        pytest.param("xl/vbaProject.bin", "macros_ignored", id="23 macros"),
        pytest.param("xl/VBAproject.BIN", "macros_ignored", id="23 macros in other letters"),
        pytest.param("xl/externalLinks/externalLink1.xml", "links_ignored", id="26 links"),
    ],
)
def test_what_is_not_kept_is_told(part, code):
    workbook = read(with_part(part, b"<x/>"), "a.xlsm")
    assert [(note.level, note.code) for note in workbook.notes] == [("warning", code)]
    assert names(workbook.sheets[0]) == ["张三丰"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("名" * 300 + ".xlsx", id="28 long"),
        pytest.param("../../etc/名册.xlsx", id="28 a path"),
        pytest.param("a\0b.xlsx", id="28 NUL"),
        pytest.param("\u202excod.xlsx", id="28 written backwards"),
        pytest.param("<script>alert(1)</script>.xlsx", id="28 script"),
        pytest.param("\ud800.xlsx", id="28 half a sign"),
        pytest.param("-c.xlsx", id="28 an option"),
    ],
)
def test_no_name_does_harm(name):
    assert names(read(GOOD, name).sheets[0]) == ["张三丰"]
    assert read("姓名\n张三丰\n".encode(), name.replace(".xlsx", ".csv")).sheets


def test_15_the_roster_of_the_museum_with_a_locked_sheet_reads_the_same():
    data = (MUSEUM / "handmade-roster.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(data))
    protected(book)
    buffer = io.BytesIO()
    book.save(buffer)
    assert names(read(buffer.getvalue()).sheets[0]) == names(read(data).sheets[0])


def test_a_file_larger_than_what_is_taken_is_refused_without_a_process():
    with within(1):
        assert outcome(b"PK" + os.urandom(16) * 1_400_000).startswith("The file has 22 MB; at most")
