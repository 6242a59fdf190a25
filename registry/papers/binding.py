"""Many papers bound together: a ZIP, one PDF, or a folder of files.

Each paper has a place: the names of the folders it stands in, from the top down, and its own.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pikepdf

from registry.downloads import file_name

LONGEST_NAME = 70  # signs; three bytes each still fit what file systems take
FAST = 1  # a PDF is packed inside; the slow levels win three percent
MISSING = "未打印.txt"

Place = Sequence[str]


class Binding(Protocol):
    """Takes papers in their order; ``close`` completes what they are bound into."""

    def add(self, place: Place, paper: bytes) -> None: ...

    def close(self, missing: str = "") -> None:
        """Complete it; ``missing`` is a text that names the papers that are not there."""


def plain_place(place: Place) -> list[str]:
    """Return names that every file system and ZIP program takes."""
    return [_shortened(file_name(name)) for name in place]


def _shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending}" if stem else name[:LONGEST_NAME]


class ZipBinding:
    """A ZIP whose folders are those of the places; names are marked as UTF-8."""

    def __init__(self, file: BinaryIO, at: datetime) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=FAST)
        self._at = at.timetuple()[:6]

    def add(self, place: Place, paper: bytes) -> None:
        entry = ZipInfo("/".join(plain_place(place)), self._at)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        self._zip.writestr(entry, paper)

    def close(self, missing: str = "") -> None:
        if missing:  # the mark at its beginning tells old editors that it is UTF-8
            self.add([MISSING], missing.encode("utf-8-sig"))
        self._zip.close()


class PdfBinding:
    """One PDF, with a bookmark for each folder and paper."""

    def __init__(self, file: BinaryIO, title: str) -> None:
        self._file = file
        self._pdf = pikepdf.new()
        self._pdf.docinfo["/Title"] = title
        self._starts: list[tuple[Place, int]] = []

    def add(self, place: Place, paper: bytes) -> None:
        self._starts.append((place, len(self._pdf.pages)))
        with pikepdf.open(io.BytesIO(paper)) as source:
            for page in source.pages:
                # The structure that it points to belongs to the file as a whole, and is not taken.
                if "/StructParents" in page:
                    del page["/StructParents"]
                self._pdf.pages.append(page)

    def close(self, missing: str = "") -> None:
        """Whoever prints it says what is missing; a page of its own would look like a paper."""
        folders: dict[tuple[str, ...], pikepdf.OutlineItem] = {}
        with self._pdf.open_outline() as outline:
            for place, page in self._starts:
                beside = outline.root
                for depth, name in enumerate(place, start=1):
                    here = tuple(place[:depth])
                    if here not in folders:
                        folders[here] = pikepdf.OutlineItem(name.removesuffix(".pdf"), page)
                        beside.append(folders[here])
                    beside = folders[here].children
        self._pdf.save(self._file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        self._pdf.close()


class FolderBinding:
    """Files in the folders of their places."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, place: Place, paper: bytes) -> None:
        target = self._folder.joinpath(*plain_place(place))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(paper)

    def close(self, missing: str = "") -> None:
        """Every file is complete by itself; whoever prints them says what is missing."""
