"""The notes at the cells of one sheet: the list of them, and the drawing that shows them."""

from __future__ import annotations

import re
from collections.abc import Collection

from registry.sheets.editing import markup
from registry.sheets.editing.formulas import Shift, cell_at, name_of
from registry.sheets.editing.package import Package
from registry.sheets.editing.sheet_part import SheetPart

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_PLACE = re.compile(r"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>")
_SHAPE = re.compile(r"_x0000_s(\d+)")
_BLOCK = 1024  # shapes that share one number in the map of a drawing
_WIDE, _LINE = 26, 14  # signs in a line of a note, points of its height


class Comments:
    """Adds notes; what stands at a cell already keeps its place before the new text."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part = package, part
        self.relations = {each.kind: each for each in package.relations(part)}

    def add(self, sheet: SheetPart, texts: dict[tuple[int, int], str], author: str) -> None:
        """Give cells, named by row and column, a text each."""
        if not texts:
            return
        self._list(texts, author)
        self._draw(sheet, texts)

    def take_back(self, author: str) -> list[tuple[int, int]]:
        """Remove the notes that ``author`` has given before; return their cells."""
        name = self._target("comments")
        text = self.package.text(name) if name else ""
        p = markup.prefix_of(text)
        authors = [found[2] for found in markup.element("author", p).finditer(text)]
        if markup.safe(author) not in authors:
            return []
        number = str(authors.index(markup.safe(author)))
        taken = {}
        for note in markup.element("comment", p).finditer(text):
            said = markup.attributes_of(note[1])
            if said.get("authorId") == number:
                taken[cell_at(said["ref"])] = note[0]
        for note_text in taken.values():
            text = text.replace(note_text, "", 1)
        self.package.put(name, text)
        if drawn := self._target("vmlDrawing"):
            self.package.put(drawn, _without_shapes(self.package.text(drawn), taken.keys()))
        return list(taken)

    def shift(self, shift: Shift) -> None:
        """Let the notes follow the rows put in."""
        if listed := self._target("comments"):
            text = self.package.text(listed)
            moved = re.sub(
                r"""(<(?:\w+:)?comment\s[^>]*?\bref=["'])([A-Z]+\d+)""",
                lambda found: found[1] + shift.block(found[2]),
                text,
            )
            self.package.put(listed, moved)
        if drawn := self._target("vmlDrawing"):
            moved = re.sub(
                r"(<x:Row>)(\d+)",
                lambda found: f"{found[1]}{shift.row(int(found[2]) + 1) - 1}",
                self.package.text(drawn),
            )
            self.package.put(drawn, moved)

    def _target(self, kind: str) -> str:
        relation = self.relations.get(kind)
        return relation.target if relation and relation.target in self.package else ""

    def _list(self, texts: dict[tuple[int, int], str], author: str) -> None:
        name = self._target("comments")
        if name:
            text = self.package.text(name)
        else:
            name = self.package.free_name("xl/comments{}.xml")
            self.package.relate(self.part, "comments", name)
            self.package.declare(name, _COMMENTS_TYPE)
            text = (
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                f'<comments xmlns="{_MAIN}"><authors></authors><commentList></commentList>'
                "</comments>"
            )
        p = markup.prefix_of(text)
        text = re.sub(rf"<{p}(authors|commentList)\s*/>", rf"<{p}\1></{p}\1>", text)
        authors = [found[2] for found in markup.element("author", p).finditer(text)]
        if markup.safe(author) not in authors:
            authors.append(markup.safe(author))
            piece = f"<{p}author>{authors[-1]}</{p}author></{p}authors>"
            text = text.replace(f"</{p}authors>", piece, 1)
        number = authors.index(markup.safe(author))
        listed = markup.element("commentList", p).search(text)
        if listed is None:
            raise ValueError("The comments have no list.")
        notes = {
            cell_at(markup.attributes_of(found[1])["ref"]): found[0]
            for found in markup.element("comment", p).finditer(listed[2] or "")
        }
        for (row, column), said in texts.items():
            run = f'<{p}r><{p}t xml:space="preserve">{{}}</{p}t></{p}r>'
            if note := notes.get((row, column)):
                run = run.format(markup.safe_value("\n" + said))
                notes[row, column] = self._continued(note, run, p)
            else:
                run = run.format(markup.safe_value(said))
                cell = markup.written({"ref": name_of(row, column), "authorId": str(number)})
                notes[row, column] = f"<{p}comment{cell}><{p}text>{run}</{p}text></{p}comment>"
        inner = "".join(note for _, note in sorted(notes.items()))
        piece = f"<{p}commentList>{inner}</{p}commentList>"
        self.package.put(name, text[: listed.start()] + piece + text[listed.end() :])

    @staticmethod
    def _continued(note: str, run: str, p: str) -> str:
        """Return a note with more text behind its own; simple text becomes a run first."""
        found = markup.element("text", p).search(note)
        inner = (found[2] or "") if found else ""
        if not re.search(rf"<{p}r[\s>]", inner):
            inner = f"<{p}r>{inner}</{p}r>" if inner.strip() else ""
        text = f"<{p}text>{inner}{run}</{p}text>"
        return note[: found.start()] + text + note[found.end() :] if found else note

    def _draw(self, sheet: SheetPart, texts: dict[tuple[int, int], str]) -> None:
        name = self._target("vmlDrawing")
        drawing = self.package.text(name) if name else ""
        drawn = {(int(row) + 1, int(column) + 1) for row, column in _PLACE.findall(drawing)}
        cells = [(cell, text) for cell, text in texts.items() if cell not in drawn]
        first = self._free_block() * _BLOCK
        blocks = range(first // _BLOCK, (first + len(cells)) // _BLOCK + 1)
        drawing = drawing or _empty_drawing()
        drawing = re.sub(
            r"""(<o:idmap\s[^>]*\bdata=["'])([\d,]*)""",
            lambda found: found[1] + ",".join([*filter(None, [found[2]]), *map(str, blocks)]),
            drawing,
        )
        if "_x0000_t202" not in drawing:
            drawing = drawing.replace("</xml>", _SHAPE_TYPE + "</xml>")
        shapes = [
            _shape(first + number, number, row, column, text)
            for number, ((row, column), text) in enumerate(cells, 1)
        ]
        place = drawing.rindex("</xml>")
        drawing = drawing[:place] + "".join(shapes) + drawing[place:]
        if not name:
            name = self.package.free_name("xl/drawings/vmlDrawing{}.vml")
            self.package.declare_ending("vml", _DRAWING_TYPE)
            sheet.point_to_notes(self.package.relate(self.part, "vmlDrawing", name))
        self.package.put(name, drawing)

    def _free_block(self) -> int:
        """Return a number of shapes that no drawing of the workbook has used."""
        used = [
            int(number)
            for name in self.package
            if name.lower().endswith(".vml")
            for number in _SHAPE.findall(self.package.text(name))
        ]
        return max(used, default=0) // _BLOCK + 1


def _without_shapes(drawing: str, cells: Collection[tuple[int, int]]) -> str:
    """Return the drawing without the boxes of the notes at ``cells``."""

    def kept(found: re.Match[str]) -> str:
        place = _PLACE.search(found[0])
        gone = place and (int(place[1]) + 1, int(place[2]) + 1) in cells
        return "" if gone else found[0]

    return re.sub(r"<v:shape\s.*?</v:shape>", kept, drawing, flags=re.DOTALL)


_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def _empty_drawing() -> str:
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout>'
        f"{_SHAPE_TYPE}</xml>"
    )


def _shape(number: int, order: int, row: int, column: int, text: str) -> str:
    """Return a hidden yellow box right of its cell, as high as its text."""
    lines = sum(-(-len(line) // _WIDE) or 1 for line in text.split("\n"))
    bottom = row + max(3, lines + 1)
    anchor = f"{column}, 15, {max(row - 2, 0)}, 4, {column + 3}, 30, {bottom}, 4"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" '
        f"style='position:absolute;width:200pt;height:{lines * _LINE + 8}pt;"
        f'z-index:{order};visibility:hidden\' fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        "<v:path o:connecttype=\"none\"/><v:textbox style='mso-direction-alt:auto'>"
        "<div style='text-align:left'></div></v:textbox>"
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
