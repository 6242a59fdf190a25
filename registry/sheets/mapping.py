"""Which column is which field, as the clerk has answered and as his page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.models import HeadingAnswer, ImportJob
from registry.sheets.cells import CellError, text_of
from registry.sheets.columns import Matched
from registry.sheets.workbook import Column, Sheet

SAMPLES = 3


def remembered(scope_path: str, kind: str) -> dict[str, str]:
    """Return heading → field as the office, or one above it, has answered before.

    Paths begin with those of the organisations above, so the nearest office's answer wins.
    """
    above = [scope_path[:length] for length in range(len(scope_path) + 1)]
    answers = HeadingAnswer.objects.filter(kind=kind, scope_path__in=above).order_by("scope_path")
    return dict(answers.values_list("heading", "field"))


def remember(job: ImportJob, sheets: Mapping[str, Any], chosen: Mapping[str, str]) -> None:
    """Keep what the clerk has chosen, as “sheet!letter” → field, for this job and his office."""
    job.answers = {**job.answers, **chosen}
    for sheet in sheets.values():
        forms = sheet["forms"]
        for letter, form in forms.items():
            field = chosen.get(f"{sheet['sheet']}!{letter}")
            # Of two columns with one heading, neither says what the heading means elsewhere.
            if field is not None and list(forms.values()).count(form) == 1:
                HeadingAnswer.objects.update_or_create(
                    scope_path=job.scope_path,
                    kind=job.kind,
                    heading=form[:100],
                    defaults={"field": field},
                )


def layout_of(sheet: Sheet, matched: Matched) -> dict[str, Any]:
    """Return what a job keeps of a sheet; ``columns`` and ``unknown`` are told other programs."""
    fields = matched.fields
    return {
        "sheet": sheet.name,
        "heading_rows": sheet.heading_rows,
        "records": len(sheet.records),
        "columns": {
            each.letter: fields[each.letter] for each in sheet.columns if each.letter in fields
        },
        "unknown": matched.unknown,
        "titles": sheet.title_lines,
        "lines": sheet.skipped_lines,
        "skipped": sheet.skipped,
        "headings": {each.letter: each.heading for each in sheet.columns},
        "forms": {each.letter: each.normal for each in sheet.columns},
        "samples": {each.letter: _samples(sheet, each) for each in sheet.columns},
    }


def _samples(sheet: Sheet, column: Column) -> list[str]:
    """Return the first different values of a column."""
    found: list[str] = []
    for record in sheet.records[:200]:
        try:
            text = text_of(record.values[column.index])[0]
        except CellError:
            continue
        if text and text not in found:
            found.append(text[:40])
        if len(found) == SAMPLES:
            break
    return found
