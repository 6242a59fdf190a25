"""What a file is, told by its content; its name decides nothing but the wording."""

from __future__ import annotations

import re

from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.limits import protected, refused
from registry.sheets.workbook import Unreadable

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 20 * MEGABYTE

ZIP = "zip"
XLS = "xls"
TEXT = "text"
HTML = "html"
XML = "xml"  # of Excel 2003

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
)
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_MARKUP = re.compile(r"\s*<(?:[a-z][\w:]*[\s>/]|!--|!doctype\s|\?xml\s)", re.IGNORECASE)
_SPREADSHEET_XML = re.compile(
    r"<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet"
)
_PAGE = re.compile(r"<(?:html|body|table|tr|div|meta|style|head)[\s>]", re.IGNORECASE)
# A BIFF stream without the OLE container around it, as very old programs write it.
_BARE_BIFF = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05", b"\x09\x04\x06\x00")
_TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".xls", ".et")


def recognise(data: bytes, name: str) -> str:
    """Return ZIP, XLS, HTML, XML or TEXT; raise Unreadable for anything that holds no table."""
    ending = _ending(name)
    if _base(name).startswith("~$"):
        raise Unreadable(
            Sentence(
                "“%(name)s” is a lock file that Excel makes while a workbook is open. "
                "Choose the workbook itself.",
                code=codes.FILE_UNREADABLE,
                name=_base(name),
            )
        )
    if not data.strip(b"\0 \r\n\t"):
        raise refused(Sentence("The file is empty. Save it again, then choose it once more."))
    if len(data) > MAX_UPLOAD:
        raise Unreadable(
            Sentence(
                "The file has %(size)s MB; at most %(limit)s MB are read. Split the workbook.",
                code=codes.FILE_TOO_LARGE,
                size=-(-len(data) // MEGABYTE),
                limit=MAX_UPLOAD // MEGABYTE,
            )
        )
    if data.startswith(b"PK"):
        if ending in (".csv", ".txt", ".tsv"):
            raise refused(
                Sentence(
                    "The file is called a text file but holds a workbook or an archive. "
                    "Give it the ending .xlsx if it is a workbook."
                )
            )
        return ZIP
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    if data.startswith(_BARE_BIFF):
        return XLS
    _refuse_what_is_known(data)
    if kind := _kind_of_markup(data):
        return kind
    if ending and ending not in _TEXT_ENDINGS:
        raise refused(
            Sentence(
                "The file is not an Excel workbook, whatever its name says. "
                "Open it where it was made and save it as .xlsx."
            )
        )
    return TEXT


def _base(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


def _ending(name: str) -> str:
    base = _base(name).lower()
    return base[base.rfind(".") :] if "." in base else ""


def stem(name: str) -> str:
    """Return the name without folder and ending; a text file's sheet is called so."""
    base = _base(name)
    return base[: -len(_ending(name))] if _ending(name) else base


def _utf16(word: str) -> bytes:
    return word.encode("utf-16-le")


def _kind_of_ole(data: bytes) -> str:
    """Tell the documents of old Office apart by the names in their directory."""
    if _utf16("EncryptedPackage") in data:
        raise protected()
    if _utf16("Workbook") in data or _utf16("Book\0") in data:
        return XLS
    if _utf16("WordDocument") in data:
        raise refused(
            Sentence("The file is a Word document. Copy its table into a workbook and save that.")
        )
    raise refused(
        Sentence(
            "The file was made by an office program but is not a workbook that can be read. "
            "Save it as .xlsx."
        )
    )


def _refuse_what_is_known(data: bytes) -> None:
    head = data[:512]
    if b"%PDF-" in head:
        raise refused(Sentence("The file is a PDF. Choose the workbook from which it was printed."))
    if head.startswith(_PICTURES) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP":
        raise refused(
            Sentence("The file is a picture. Choose the workbook that the picture shows.")
        )
    if head.startswith(_ARCHIVES):
        raise refused(Sentence("The file is an archive. Unpack it and choose the workbook in it."))
    if head.lower().startswith(b"mime-version:"):
        raise refused(Sentence("The file is a web archive. Open it in Excel and save it as .xlsx."))
    if head.startswith(b"{\\rtf"):
        raise refused(
            Sentence("The file is a Word document. Copy its table into a workbook and save that.")
        )


def _kind_of_markup(data: bytes) -> str:
    """Return XML, HTML or "" where the file is no markup; raise Unreadable for other XML."""
    head = data[:8192]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, "ignore")
    if not _MARKUP.match(text):
        return ""
    if _SPREADSHEET_XML.search(text):
        return XML
    if _PAGE.search(text) or not text.lstrip().startswith("<?xml"):
        return HTML
    raise refused(
        Sentence(
            "The file is an XML document but not a workbook. "
            "Open it where it was made and save it as .xlsx."
        )
    )
