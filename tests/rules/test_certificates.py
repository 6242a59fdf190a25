"""For which absences a certificate of membership serves."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import certificates
from registry.sentences import ERROR, WARNING

ENDS = "The absence ends on 2026-08-31, before it begins on 2026-09-01. Check both days."
LONG = (
    "From 2026-09-01 to 2027-02-28 it is six months or longer: normally the membership relation"
    " is moved then."
)


@pytest.mark.parametrize(
    ("first", "last", "level", "sentence"),
    [
        (date(2026, 9, 1), date(2026, 8, 31), ERROR, ENDS),
        (date(2026, 9, 1), date(2027, 2, 28), WARNING, LONG),
        (date(2026, 9, 1), date(2027, 2, 27), None, None),
        (date(2026, 9, 1), date(2026, 9, 1), None, None),
        (date(2026, 9, 1), None, None, None),
        (None, date(2027, 9, 1), None, None),
        (None, None, None, None),
    ],
)
def test_an_absence_of_less_than_six_months(first, last, level, sentence):
    found = certificates.objections(first, last)
    assert [(each.level, str(each)) for each in found] == ([(level, sentence)] if level else [])
