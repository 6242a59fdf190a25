"""What the reading process says to its parent: one JSON object a line, in this order.

    {"format": "xlsx"}
    {"note": sentence}                       about the whole file
    {"sheet": name, "hidden": …, "merges": …, "hidden_rows": …, …}
    {"rows": [[row, [value, …]], …]}         belong to the sheet before them
    {"unreadable": sentence}                 instead of all that follows
    {"end": true}                            missing where the process died

Text, fractions, booleans and null stand for themselves. A whole number is a day, counted from
1 January of the year 1: the numbers of cells are fractions always. A list is a moment or a
``Cell``, as its first value tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import orjson

from registry.sentences import Sentence
from registry.sheets.workbook import Cell, Grid, Unreadable, Value, plain

_MOMENT, _CELL = "t", "c"
_OPTIONS = (
    orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
)


class Interrupted(Exception):
    """The messages ended before their end."""


def encoded(message: dict[str, Any]) -> bytes:
    """Return one line; values that JSON cannot hold are packed."""
    return orjson.dumps(message, _packed, _OPTIONS)


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return [_MOMENT, value.isoformat()]
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, Cell):
        return [_CELL, value.value, value.shown, value.fault, value.formula]
    raise TypeError(type(value))


def _unpacked(value: Any) -> Value:
    if type(value) is int:
        return date.fromordinal(value)
    if value[0] == _MOMENT:
        return datetime.fromisoformat(value[1])
    _, inner, *more = value
    return Cell(plain(_unpacked(inner)) if type(inner) in _PACKED else inner, *more)


_PACKED = frozenset({int, list})


def sheet(grid: Grid) -> dict[str, Any]:
    return {
        "sheet": grid.name,
        "hidden": grid.hidden,
        "merges": grid.merges,
        "hidden_rows": grid.hidden_rows,
        "hidden_columns": grid.hidden_columns,
    }


def note(sentence: Sentence) -> dict[str, Any]:
    return {"note": packed_sentence(sentence)}


def unreadable(sentence: Sentence) -> dict[str, Any]:
    return {"unreadable": packed_sentence(sentence)}


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
        message = orjson.loads(line)
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
    return [
        words.setdefault(value, value)
        if type(value) is str
        else _unpacked(value)
        if type(value) in _PACKED
        else value
        for value in values
    ]


def _grid(message: dict[str, Any]) -> Grid:
    return Grid(
        message["sheet"],
        merges=[(top, left, bottom, right) for top, left, bottom, right in message["merges"]],
        hidden=message["hidden"],
        hidden_rows=message["hidden_rows"],
        hidden_columns=message["hidden_columns"],
    )
