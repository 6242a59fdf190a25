"""What must hold of a zip before anything in it is believed.

Real sizes are counted while inflating, because a header may lie; names must be such that every
reader finds the same part under them.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.formats import MEGABYTE
from registry.sheets.limits import protected, refused
from registry.sheets.workbook import Unreadable

MAX_PARTS = 1000
MAX_UNPACKED = 300 * MEGABYTE
MAX_PART = 200 * MEGABYTE

_CHUNK = MEGABYTE
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Return the checked archive; raise Unreadable where a zip breaks the rules of this module."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError):
        raise refused(
            Sentence("The file is incomplete or damaged. Save the workbook again and upload it.")
        ) from None
    entries = archive.infolist()
    _check_entries(entries)
    _check_overlaps(data, entries)
    _inflate_all(archive, entries)
    return archive


def kind_of(archive: zipfile.ZipFile) -> str:
    """Return xlsx, xlsb or ods; raise Unreadable for any other document."""
    names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.xml" in names:
        _refuse_embedded(archive)
        return "xlsx"
    if "xl/workbook.bin" in names:
        _refuse_embedded(archive)
        return "xlsb"
    if "mimetype" in names and archive.read("mimetype").startswith(_OPEN_DOCUMENT):
        manifest = "META-INF/manifest.xml"
        if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
            raise protected()
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise refused(
            Sentence("The file is a Word document. Copy its table into a workbook and save that.")
        )
    if any(name.startswith("ppt/") for name in names):
        raise refused(Sentence("The file is a presentation. Choose the workbook instead."))
    raise refused(
        Sentence("The file is an archive and not a workbook. Unpack it and choose the workbook.")
    )


def _refuse_embedded(archive: zipfile.ZipFile) -> None:
    """Refuse what can run: objects, controls, and links to a running program (DDE)."""
    for part in sorted(archive.namelist()):
        name = part.lower()
        if name.startswith(("xl/embeddings/", "xl/activex/")) or (
            name.startswith("xl/externallinks/") and b"ddeLink" in archive.read(part)
        ):
            raise refused(
                Sentence(
                    "The workbook carries an embedded object or control (%(part)s). "
                    "Copy the sheets into a new workbook and save that.",
                    part=name,
                )
            )


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise refused(
            Sentence(
                "The workbook has %(count)s parts; at most %(limit)s are read. "
                "Copy the sheets into a new workbook and save that.",
                code=codes.FILE_TOO_LARGE,
                count=len(entries),
                limit=MAX_PARTS,
            )
        )
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if entry.flag_bits & 0x41:
            raise refused(
                Sentence(
                    "The file is an archive with a password. Unpack it and choose the workbook."
                )
            )
        steps = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in steps or ":" in name or "\0" in name:
            raise refused(
                Sentence(
                    "The workbook holds a part with the forbidden name “%(part)s”. "
                    "Open it in Excel and save it as a new workbook.",
                    part=name.replace("\0", ""),
                )
            )
        if (entry.external_attr >> 16) & 0o170000 == 0o120000 or name.lower() in seen:
            raise refused(
                Sentence(
                    "The workbook holds the part “%(part)s” twice or as a link. "
                    "Open it in Excel and save it as a new workbook.",
                    part=name,
                )
            )
        seen.add(name.lower())
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or any(
        entry.file_size > MAX_PART for entry in entries
    ):
        raise _too_large()


def _check_overlaps(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes (CVE-2024-0450): a small file would unpack without end."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = entry.header_offset
        header = data[start : start + 30]
        if start < end or len(header) < 30:
            raise refused(
                Sentence(
                    "The parts of the file overlap, as no office program writes them. "
                    "Open it in Excel and save it as a new workbook."
                )
            )
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        end = start + 30 + name_length + extra_length + entry.compress_size


def _inflate_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read every part to its end: counts real bytes, checks the sums, finds a DTD."""
    total = 0
    for entry in entries:
        overlap = b""
        markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        try:
            with archive.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    total += len(chunk)
                    if total > MAX_UNPACKED:
                        raise _too_large()
                    if markup:
                        window = overlap + chunk
                        if any(doctype in window for doctype in _DOCTYPES):
                            raise refused(
                                Sentence(
                                    "The part “%(part)s” declares entities (a DTD), which no "
                                    "office program writes. Make a new workbook.",
                                    part=entry.filename,
                                )
                            )
                        overlap = chunk[-32:]
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise refused(
                Sentence(
                    "The part “%(part)s” of the file is damaged. "
                    "Save the workbook again and upload it.",
                    part=entry.filename,
                )
            ) from None


def _too_large() -> Unreadable:
    return refused(
        Sentence(
            "Unpacked, the workbook has more than %(limit)s MB. "
            "Remove pictures and unused sheets, or split it.",
            code=codes.FILE_TOO_LARGE,
            limit=MAX_UNPACKED // MEGABYTE,
        )
    )
