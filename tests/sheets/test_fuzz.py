"""Mutants of the museum's files, for as long as is wished: ``make fuzz MINUTES=5 SEED=7``.

Whatever is done to a file, the process that asked lives, and what comes back is a workbook or one
sentence, within the limits. What two readers read differently is not taken.
"""

from __future__ import annotations

import io
import os
import random
import resource
import time
import warnings
from datetime import date, datetime

import openpyxl
import pytest

from registry.sheets import codes
from registry.sheets.reading import read_grids, read_workbook
from registry.sheets.workbook import Grid, Unreadable, plain
from tests.sheets.making import SYNONYMS
from tests.sheets.mutants import FILES, mutant

MINUTES = float(os.environ.get("MINUTES", "1"))
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
SECONDS = 20  # for one file
MEGABYTES = 700
KNOWN = {**SYNONYMS, "组织代码": "code", "组织全称": "organization"}


@pytest.mark.fuzz
def test_mutants_give_a_workbook_or_a_sentence(tmp_path):
    ends = time.monotonic() + MINUTES * 60
    seed = SEED
    taken = 0
    while time.monotonic() < ends:
        seed += 1
        made = mutant(seed)
        try:
            taken += judged(made)
        except Exception:
            (tmp_path / made.name).write_bytes(made.data)
            print(f"\nmutant {seed} is kept as {tmp_path / made.name}")  # noqa: T201 - to be found
            raise
    print(f"\n{seed - SEED} mutants from seed {SEED}, {taken} of them read")  # noqa: T201
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEGABYTES * 1024


def judged(made):
    """Return whether the mutant was read; fail where it breaks the promise."""
    started = time.monotonic()
    try:
        workbook = read_workbook(made.data, made.name, KNOWN)
    except Unreadable as refusal:
        sentence = refusal.sentence
        workbook = None
    assert time.monotonic() - started < SECONDS
    if workbook is None:
        assert sentence.code in codes.ALL
        return False
    original = FILES[made.name]
    if made.only_ignored:
        whole = read_workbook(original, made.name, KNOWN)
        assert [each.records for each in workbook.sheets] == [each.records for each in whole.sheets]
    if workbook.format == "xlsx":
        compare(made.data, read_grids(made.data, made.name)[1])
    return True


def compare(data, grids: list[Grid]):
    """Fail where openpyxl, which reads the file with its own eyes, sees another text or number."""
    merges = [merge for grid in grids for merge in grid.merges]
    if any((m[2] - m[0] + 1) * (m[3] - m[1] + 1) > 10_000 for m in merges):
        return  # openpyxl makes a cell of its own for each place of a merge
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        except Exception:  # noqa: BLE001 - it stumbles over what does not matter here
            return
    for grid in grids:
        if grid.hidden or grid.name not in book.sheetnames:
            continue
        sheet = book[grid.name]
        for number, values in grid.rows:
            for column, value in enumerate(values, 1):
                theirs = sheet.cell(number, column).value
                assert alike(plain(value), theirs), (grid.name, number, column, value, theirs)


def alike(ours, theirs):
    if isinstance(ours, (date, datetime)) or isinstance(theirs, (date, datetime)):
        return True  # what is a day is told by the number format, of which each has its own table
    if theirs == "#VALUE!":
        return True  # a number that is too large for the day that its format makes of it
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.split() == theirs.split()
    if ours is None or theirs is None:
        return True  # errors, and blanks that are texts
    if isinstance(ours, (bool, float)) and isinstance(theirs, (bool, int, float)):
        return abs(ours - theirs) <= 1e-9 * abs(ours)
    return str(ours) == str(theirs)
