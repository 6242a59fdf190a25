"""What a sheet says of its cells, followed when rows are put in."""

from __future__ import annotations

import re

from registry.sheets.editing import markup
from registry.sheets.editing.formulas import Shift, copied


class Formulas:
    """The formulas in the cells of one sheet; some stand once for a group of cells."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._tag = markup.element("f", prefix)
        self._masters: dict[str, tuple[int, int, str]] = {}

    def remember(self, inner: str, row: int, column: int) -> None:
        """Keep the formula that the first cell of a group has for all of them."""
        found = self._tag.search(inner)
        if found and found[2]:
            said = markup.attributes_of(found[1])
            if said.get("t") == "shared":
                self._masters[said.get("si", "")] = (row, column, markup.plain(found[2]))

    def of(self, inner: str, row: int, column: int) -> str | None:
        """Return the formula of a cell, None where it has none."""
        found = self._tag.search(inner)
        if found is None:
            return None
        if found[2]:
            return markup.plain(found[2])
        top, left, formula = self._masters.get(
            markup.attributes_of(found[1]).get("si", ""), (0, 0, "")
        )
        return copied(formula, row - top, column - left) if formula else None

    def written(self, formula: str) -> str:
        return f"<{self.prefix}f>{markup.safe(formula)}</{self.prefix}f>"

    def shifted(self, inner: str, row: int, column: int, shift: Shift, sheet: str) -> str:
        """Return a cell of the shifted sheet; one of a group gets a formula of its own."""
        found = self._tag.search(inner)
        formula = self.of(inner, row, column)
        if found is None or formula is None:
            return inner
        said = markup.attributes_of(found[1])
        if said.get("t") == "shared":
            said = {}
        if "ref" in said:
            said["ref"] = shift.block(said["ref"])
        text = markup.safe(shift.formula(formula, sheet, inside=True))
        tag = f"<{self.prefix}f{markup.written(said)}>{text}</{self.prefix}f>"
        return inner[: found.start()] + tag + inner[found.end() :]

    def following(self, inner: str, shift: Shift, sheet: str) -> str:
        """Return a cell of another sheet, which may name cells of the shifted one."""

        def followed(match: re.Match[str]) -> str:
            if not match[2]:
                return match[0]
            formula = shift.formula(markup.plain(match[2]), sheet, inside=False)
            return f"<{self.prefix}f{match[1]}>{markup.safe(formula)}</{self.prefix}f>"

        return self._tag.sub(followed, inner)


def tail(text: str, shift: Shift, sheet: str, prefix: str) -> str:
    """Return what follows the rows: merges, rules, page breaks, links, where they belong now."""
    merged = re.escape(f"<{prefix}mergeCell")

    def reference(match: re.Match[str]) -> str:
        move = shift.block if match[1].startswith("<") else shift.areas
        return f"{match[1]}{match[2]}{move(match[3])}{match[2]}"

    def formula(match: re.Match[str]) -> str:
        moved = shift.formula(markup.plain(match[2]), sheet, inside=True)
        return f"{match[1]}{markup.safe(moved)}"

    def listed(match: re.Match[str]) -> str:
        return f"{match[1]}{shift.areas(match[2])}"

    def break_(match: re.Match[str]) -> str:
        return f"{match[1]}{shift.last_row(int(match[2]))}"

    p = re.escape(prefix)
    text = re.sub(rf"""({merged}\s+ref=|\s(?:sq)?ref=)(["'])(.*?)\2""", reference, text)
    text = re.sub(rf"(<(?:{p}formula[12]?|xm:f)>)([^<]*)", formula, text)
    text = re.sub(r"(<xm:sqref>)([^<]*)", listed, text)
    return re.sub(
        rf"<{p}rowBreaks.*?</{p}rowBreaks>",
        lambda found: re.sub(r"""(\sid=["'])(\d+)""", break_, found[0]),
        text,
        flags=re.DOTALL,
    )


def named(text: str, tag: str, shift: Shift, sheet: str) -> str:
    """Return a part outside the sheet whose elements ``tag`` hold formulas that may name it."""

    def followed(found: re.Match[str]) -> str:
        moved = shift.formula(markup.plain(found[2]), sheet, inside=False)
        return f"{found[1]}{markup.safe(moved)}"

    return re.sub(rf"(<(?:\w+:)?{tag}(?:{markup.ATTRIBUTES})>)([^<]+)", followed, text)


def anchors(drawing: str, shift: Shift) -> str:
    """Return the part of drawings, pictures and charts moved with the rows below them."""
    return re.sub(
        r"(<(?:\w+:)?row>)(\d+)(?=</)",
        lambda found: f"{found[1]}{shift.row(int(found[2]) + 1) - 1}",
        drawing,
    )
