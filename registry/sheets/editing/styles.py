"""Cell styles derived from a cell's own: only what is asked for differs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry.sheets import number_formats
from registry.sheets.editing import markup

TEXT_FORMAT = "49"
DAY = "day"
_WITH_DAYS = {"14", "15", "22", "30", "31"}  # formats with day and year that have no code
EMPTY = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<fonts count="1"><font><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Change:
    """What a derived style has of its own: a fill (RRGGBB), text as its format, wrapped lines;
    ``unfilled`` takes the fill away, ``plain`` the font of a heading, too."""

    fill: str = ""
    text: bool = False
    wrap: bool = False
    plain: bool = False
    unfilled: bool = False


class Styles:
    """The style part; ``text`` is the part with what has been added."""

    def __init__(self, text: str) -> None:
        self.prefix = markup.prefix_of(text)
        self._text = text
        self._styles = self._listed("cellXfs", "xf")
        self._fills = len(self._listed("fills", "fill"))
        self._borders = self._listed("borders", "border")
        self._formats = {
            said.get("numFmtId", ""): markup.plain(said.get("formatCode", ""))
            for match in markup.element("numFmt", self.prefix).finditer(text)
            for said in [markup.attributes_of(match[1])]
        }
        self._new_fills: dict[str, int] = {}
        self._derived: dict[tuple[int, Change], int] = {}
        self._new_styles: list[str] = []

    def _listed(self, group: str, name: str) -> list[str]:
        found = markup.element(group, self.prefix).search(self._text)
        inner = found[2] or "" if found else ""
        return [match[0] for match in markup.element(name, self.prefix).finditer(inner)]

    def _style(self, number: int) -> str:
        every = len(self._styles)
        if number < every:
            return self._styles[number]
        if number - every < len(self._new_styles):
            return self._new_styles[number - every]
        return self._styles[0] if self._styles else f"<{self.prefix}xf/>"

    def _said(self, number: int) -> dict[str, str]:
        found = markup.element("xf", self.prefix).match(self._style(number))
        return markup.attributes_of(found[1]) if found else {}

    def format_of(self, number: int) -> str:
        """Return the code by which a style shows numbers and days."""
        code = self._said(number).get("numFmtId", "0")
        if code in self._formats:
            return self._formats[code]
        return number_formats.BUILT_IN.get(int(code), "") if code.isdecimal() else ""

    def days_of(self, number: int) -> str:
        """Return DAY, MONTH or YEAR: how much of a date a style shows; "" where it shows none."""
        code = self._said(number).get("numFmtId", "0")
        if code in _WITH_DAYS and code not in self._formats:
            return DAY
        shown = self.format_of(number)
        if how := number_formats.shown_as(shown):
            return how if how in (number_formats.MONTH, number_formats.YEAR) else ""
        letters = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown.split(";")[0]).lower()
        return DAY if "y" in letters and "d" in letters else ""

    def is_text(self, number: int) -> bool:
        return self._said(number).get("numFmtId") == TEXT_FORMAT or self.format_of(number) == "@"

    def is_framed(self, number: int) -> bool:
        """Return whether a style draws any line around its cells."""
        border = self._said(number).get("borderId", "0")
        if not border.isdecimal() or int(border) >= len(self._borders):
            return False
        return bool(re.search(r"""\sstyle=["'](?!none)""", self._borders[int(border)]))

    def derived(self, number: int, change: Change) -> int:
        """Return the number of the style that differs from ``number`` by ``change`` alone."""
        key = (number, change)
        if key not in self._derived:
            self._new_styles.append(self._changed(number, change))
            self._derived[key] = len(self._styles) + len(self._new_styles) - 1
        return self._derived[key]

    def _changed(self, number: int, change: Change) -> str:
        p = self.prefix
        found = markup.element("xf", p).match(self._style(number))
        said, inner = (markup.attributes_of(found[1]), found[2] or "") if found else ({}, "")
        if change.plain:
            said["fontId"] = "0"
        if change.plain or change.unfilled:
            said["fillId"] = "0"
        if change.fill:
            fill = self._new_fills.setdefault(change.fill, self._fills + len(self._new_fills))
            said |= {"fillId": str(fill), "applyFill": "1"}
        if change.text:
            said |= {"numFmtId": TEXT_FORMAT, "applyNumberFormat": "1"}
        if change.wrap:
            alignment = markup.element("alignment", p).search(inner)
            kept = markup.attributes_of(alignment[1]) if alignment else {}
            kept.pop("shrinkToFit", None)
            tag = f"<{p}alignment{markup.written(kept | {'wrapText': '1'})}/>"
            inner = tag + (inner.replace(alignment[0], "") if alignment else inner)
            said["applyAlignment"] = "1"
        return (
            f"<{p}xf{markup.written(said)}>{inner}</{p}xf>"
            if inner
            else f"<{p}xf{markup.written(said)}/>"
        )

    @property
    def changed(self) -> bool:
        return bool(self._new_styles)

    @property
    def text(self) -> str:
        """The part with the derived styles behind its own."""
        p = self.prefix
        fills = [
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{color}"/>'
            f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
            for color in self._new_fills
        ]
        text = self._lengthened(self._text, "fills", fills)
        return self._lengthened(text, "cellXfs", self._new_styles)

    def _lengthened(self, text: str, group: str, added: list[str]) -> str:
        found = markup.element(group, self.prefix).search(text)
        if not added or found is None:
            return text
        said = markup.attributes_of(found[1])
        if said.get("count", "").isdecimal():
            said["count"] = str(int(said["count"]) + len(added))
        tag = self.prefix + group
        piece = f"<{tag}{markup.written(said)}>{found[2] or ''}{''.join(added)}</{tag}>"
        return text[: found.start()] + piece + text[found.end() :]
