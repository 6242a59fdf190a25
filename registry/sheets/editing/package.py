"""The zip of a workbook: its parts, what points to what, and what kind each part is."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.parsers import expat

from registry.sheets import container, xlsx
from registry.sheets.editing import markup, styles
from registry.sheets.editing.styles import Styles

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
STYLES = "xl/styles.xml"
SHARED = "xl/sharedStrings.xml"
CALC_CHAIN = "xl/calcChain.xml"

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_OTHER_TYPES = re.compile(
    r"application/vnd\.(?:ms-excel\.(?:sheet|template|addin)\.macroEnabled"
    r"|openxmlformats-officedocument\.spreadsheetml\.template)\.main\+xml",
    re.IGNORECASE,
)
# Macros, what belongs to them, and signatures, which no longer hold for a changed workbook.
_LEFT_OUT = re.compile(
    r"^(?:xl/vba[^/]*|xl/_rels/vba.*|_xmlsignatures/.*|customUI/.*)$", re.IGNORECASE
)


class NotInPlace(Exception):
    """The workbook is built in a way that is not changed in place."""


@dataclass(frozen=True)
class Relation:
    id: str
    kind: str  # the last word of its type: comments, drawing, vmlDrawing
    target: str  # a part


class Package:
    """The parts of a checked workbook; those that are put replace, follow or leave the others."""

    def __init__(self, data: bytes) -> None:
        self._archive = container.open_archive(data)
        if container.kind_of(self._archive) != "xlsx":
            raise NotInPlace
        self._names = self._archive.namelist()
        self._put: dict[str, bytes] = {}
        self._removed: set[str] = set()
        if any(name.lower().startswith("xl/macrosheets/") for name in self._names):
            raise NotInPlace
        if "purl.oclc.org/ooxml" in self.text(WORKBOOK):
            raise NotInPlace  # the strict form, whose parts have other names for everything
        self._leave_out_macros()
        self.sheets = xlsx.sheets_of(self._archive)

    def __contains__(self, name: str) -> bool:
        return name in self._put or (name in self._names and name not in self._removed)

    def __iter__(self) -> Iterator[str]:
        return (name for name in (*self._names, *self._put) if name in self)

    def part_of(self, sheet_name: str) -> str:
        """Return the part that holds a sheet; raise KeyError where there is no such sheet."""
        for sheet in self.sheets:
            if sheet.name == sheet_name:
                return sheet.part
        raise KeyError(sheet_name)

    def read(self, name: str) -> bytes:
        return self._put[name] if name in self._put else self._archive.read(name)

    def text(self, name: str) -> str:
        return markup.decoded(self.read(name))

    def put(self, name: str, content: str | bytes) -> None:
        self._put[name] = content.encode() if isinstance(content, str) else content
        self._removed.discard(name)

    def remove(self, name: str) -> None:
        """Take a part away, with everything that points to it or says its kind."""
        self._removed.add(name)
        self._put.pop(name, None)
        self._edit_types(
            lambda tag, said: "" if said.get("PartName", "").lstrip("/") == name else tag
        )
        for relations in [each for each in self if each.endswith(".rels")]:
            text = self.text(relations)
            if posixpath.basename(name) in text:
                kept = self._without(text, _source_of(relations), name)
                if kept != text:
                    self.put(relations, kept)

    @cached_property
    def styles(self) -> Styles:
        """The styles, which ``save`` writes with what has been added to them."""
        return Styles(self.text(STYLES) if STYLES in self else styles.EMPTY)

    def says(self, text: str, sheet_part: str) -> bool:
        """Return whether a text stands in a sheet, or among the texts that sheets name."""
        parts = (sheet_part, SHARED) if SHARED in self else (sheet_part,)
        return any(markup.in_utf8(self.read(part)).find(text.encode()) >= 0 for part in parts)

    @cached_property
    def shared_texts(self) -> list[str]:
        """The texts that cells name by their number, phonetics left out."""
        if SHARED not in self:
            return []
        text = self.text(SHARED)
        p = markup.prefix_of(text)
        phonetics, words = markup.element("rPh", p), markup.element("t", p)
        return [
            "".join(
                markup.plain(word[2] or "")
                for word in words.finditer(phonetics.sub("", each[2] or ""))
            )
            for each in markup.element("si", p).finditer(text)
        ]

    # What points to what

    def relations(self, source: str) -> list[Relation]:
        name = _relations_of(source)
        if name not in self:
            return []
        return [
            Relation(
                said.get("Id", ""), said.get("Type", "").rpartition("/")[2], _target(source, said)
            )
            for _, said in _elements(self.text(name), "Relationship")
            if said.get("TargetMode") != "External"
        ]

    def relate(self, source: str, kind: str, target: str) -> str:
        """Let ``source`` point to the part ``target``; return the id of the relation."""
        name = _relations_of(source)
        if name in self:
            text = self.text(name)
        else:
            text = f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}relationships"></Relationships>'
        used = {said.get("Id") for _, said in _elements(text, "Relationship")}
        number = next(number for number in range(1, 100_000) if f"rId{number}" not in used)
        relative = posixpath.relpath(target, posixpath.dirname(source))
        self.put(
            name,
            _added(text, "Relationships", "Relationship",
                   f' Id="rId{number}" Type="{_OFFICE}{kind}" Target="{relative}"'),
        )  # fmt: skip
        return f"rId{number}"

    def free_name(self, pattern: str) -> str:
        """Return the first name of ``pattern``, with its number, that no part has in any case."""
        taken = {name.lower() for name in self._names} | {name.lower() for name in self._put}
        return next(
            name
            for number in range(1, 100_000)
            if (name := pattern.format(number)).lower() not in taken
        )

    # What kind each part is

    def declare(self, name: str, content_type: str) -> None:
        text = self.text(CONTENT_TYPES)
        self.put(
            CONTENT_TYPES,
            _added(text, "Types", "Override", f' PartName="/{name}" ContentType="{content_type}"'),
        )

    def declare_ending(self, ending: str, content_type: str) -> None:
        text = self.text(CONTENT_TYPES)
        known = {said.get("Extension", "").lower() for _, said in _elements(text, "Default")}
        if ending not in known:
            self.put(
                CONTENT_TYPES,
                _added(
                    text, "Types", "Default", f' Extension="{ending}" ContentType="{content_type}"'
                ),
            )

    def _edit_types(self, edit: Callable[[str, dict[str, str]], str]) -> None:
        text = self.text(CONTENT_TYPES)
        for tag, said in _elements(text, "Override"):
            text = text.replace(tag, edit(tag, said))
        self.put(CONTENT_TYPES, text)

    def _leave_out_macros(self) -> None:
        for name in list(self._names):
            if _LEFT_OUT.match(name):
                self.remove(name)
        types = self.text(CONTENT_TYPES)
        plain = _OTHER_TYPES.sub(_SHEET_TYPE, types)
        if plain != types:
            self.put(CONTENT_TYPES, plain)

    def _without(self, text: str, source: str, target: str) -> str:
        for tag, said in _elements(text, "Relationship"):
            if said.get("TargetMode") != "External" and _target(source, said) == target:
                text = text.replace(tag, "")
        return text

    def compute_on_opening(self) -> None:
        """Have formulas computed when the workbook is opened; the order of before is dropped."""
        if CALC_CHAIN in self:
            self.remove(CALC_CHAIN)
        text = self.text(WORKBOOK)
        prefix = markup.prefix_of(text)
        found = markup.element("calcPr", prefix).search(text)
        if found is None:
            piece = f'<{prefix}calcPr fullCalcOnLoad="1"/>'
            followers = (
                "oleSize",
                "customWorkbookViews",
                "pivotCaches",
                "smartTagPr",
                "smartTagTypes",
                "webPublishing",
                "fileRecoveryPr",
                "webPublishObjects",
                "extLst",
            )
            text = markup.put_before(text, followers, prefix, "workbook", piece)
        else:
            said = markup.attributes_of(found[1]) | {"fullCalcOnLoad": "1"}
            piece = f"<{prefix}calcPr{markup.written(said)}/>"
            text = text[: found.start()] + piece + text[found.end() :]
        self.put(WORKBOOK, text)

    def check(self) -> None:
        """Raise ExpatError where a part that was changed is no XML any more."""
        self._put_styles()
        for name, content in self._put.items():
            if not name.lower().endswith(".vml"):  # Excel itself does not write them as XML
                expat.ParserCreate().ParseFile(io.BytesIO(content))

    def save(self) -> bytes:
        """Return the zip: parts in their order under their names, then those that are new."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            for name in self._names:
                if name in self._removed:
                    continue
                entry = self._archive.getinfo(name)
                copy = zipfile.ZipInfo(name, entry.date_time)
                copy.compress_type = zipfile.ZIP_STORED if entry.is_dir() else zipfile.ZIP_DEFLATED
                copy.external_attr = entry.external_attr
                new.writestr(copy, self.read(name))
            for name, content in self._put.items():
                if name not in self._names:
                    new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    def _put_styles(self) -> None:
        if not self.styles.changed:
            return
        if STYLES not in self:
            self.relate(WORKBOOK, "styles", STYLES)
            self.declare(STYLES, _STYLES_TYPE)
        self.put(STYLES, self.styles.text)


def _elements(text: str, name: str) -> list[tuple[str, dict[str, str]]]:
    found = markup.element(name, markup.prefix_of(text)).finditer(text)
    return [(match[0], markup.attributes_of(match[1])) for match in found]


def _added(text: str, root: str, name: str, attributes: str) -> str:
    prefix = markup.prefix_of(text)
    text = re.sub(
        rf"<{prefix}{root}({markup.ATTRIBUTES})\s*/>", rf"<{prefix}{root}\1></{prefix}{root}>", text
    )
    return markup.put_before(text, (), prefix, root, f"<{prefix}{name}{attributes}/>")


def _relations_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _source_of(relations: str) -> str:
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def _target(source: str, said: dict[str, str]) -> str:
    target = markup.plain(said.get("Target", ""))
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
