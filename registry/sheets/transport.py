"""What the reading process says to its parent: one JSON object a line, in this order.

    {"format": "xlsx"}
    {"note": sentence}                       about the whole file
    {"sheet": name, "hidden": …, "merges": …, "hidden_rows": …}
    {"rows": [[row, [value, …]], …]}         belong to the sheet before them
    {"unreadable": sentence}                 instead of all that follows
    {"end": true}                            missing where the process died

Text, numbers, booleans and null stand for themselves; everything else is a list that begins
with its kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from registry.sentences import Sentence
from registry.sheets.workbook import Cell, Grid, Unreadable, Value, plain

_DAY, _MOMENT, _CELL = "d", "t", "c"


class Interrupted(Exception):
    """The messages ended before their end."""


def packed(value: Value) -> Any:
    """Return what JSON can hold; the encoder asks only for what it cannot."""
    if value is None or isinstance(value, (str, float, bool)):
        return value
    if isinstance(value, datetime):
        return [_MOMENT, value.isoformat()]
    if isinstance(value, date):
        return [_DAY, value.isoformat()]
    return [_CELL, packed(value.value), value.shown, value.fault, value.formula]


def unpacked(value: Any) -> Value:
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]
    kind = value[0]
    if kind == _DAY:
        return date.fromisoformat(value[1])
    if kind == _MOMENT:
        return datetime.fromisoformat(value[1])
    return Cell(plain(unpacked(value[1])), value[2], value[3], value[4])


def sheet(grid: Grid) -> dict[str, Any]:
    return {
        "sheet": grid.name,
        "hidden": grid.hidden,
        "merges": grid.merges,
        "hidden_rows": grid.hidden_rows,
    }


def note(sentence: Sentence) -> dict[str, Any]:
    return {"note": packed_sentence(sentence)}


def packed_sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "template": sentence.template,
        "params": dict(sentence.params),
        "level": sentence.level,
        "code": sentence.code,
    }


def unpacked_sentence(packed: dict[str, Any]) -> Sentence:
    # The template travels as a value, so the extraction of texts finds it where it was written.
    say = Sentence
    return say(packed["template"], level=packed["level"], code=packed["code"], **packed["params"])


def received(messages: Iterable[bytes]) -> tuple[str, list[Grid], list[Sentence]]:
    """Return the format, the sheets and the notes; raise Unreadable or Interrupted."""
    kind = ""
    grids: list[Grid] = []
    notes: list[Sentence] = []
    # The same words stand in thousands of cells; each is kept once.
    words: dict[str, str] = {}
    for line in messages:
        message = json.loads(line)
        if "rows" in message:
            grids[-1].rows += [
                (number, _values(values, words)) for number, values in message["rows"]
            ]
        elif "sheet" in message:
            grids.append(_grid(message))
        elif "note" in message:
            notes.append(unpacked_sentence(message["note"]))
        elif "unreadable" in message:
            raise Unreadable(unpacked_sentence(message["unreadable"]))
        elif "end" in message:
            return kind, grids, notes
        else:
            kind = message["format"]
    raise Interrupted


def _values(values: list[Any], words: dict[str, str]) -> list[Value]:
    for place, value in enumerate(values):
        if type(value) is str:
            values[place] = words.setdefault(value, value)
        elif type(value) is list:
            values[place] = unpacked(value)
    return values


def _grid(message: dict[str, Any]) -> Grid:
    return Grid(
        message["sheet"],
        merges=[(top, left, bottom, right) for top, left, bottom, right in message["merges"]],
        hidden=message["hidden"],
        hidden_rows=message["hidden_rows"],
    )
