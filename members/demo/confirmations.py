"""An open round of confirmation: most branches have answered, the first of each committee not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from branches.models import Organization
from members.models import Confirmation, ConfirmationRound
from members.models.confirmations import rosters_on
from registry.calendar import first_of_month
from registry.loading import insert

LASTS = timedelta(days=12)
REMARKS = ("退休党员1人组织关系待转出", "预备党员转正时间录入有误")


class ConfirmationLoader:
    """Opens a round of the topmost organisation as at the end of the month before ``on``."""

    def __init__(self, on: date) -> None:
        self.on = on

    def load(self) -> None:
        top = Organization.objects.standing().filter(parent=None).order_by("path").first()
        if top is None:
            return
        as_at = first_of_month(self.on) - timedelta(days=1)
        name = f"{self.on.year}年{'上' if self.on.month <= 6 else '下'}半年"
        opened = ConfirmationRound.open(top, name, as_at, self.on + LASTS, self.on)
        columns = ["round", "organization", "right", "remark", "confirmed_on", "full",
                   "probationary", "digest"]  # fmt: skip
        insert(Confirmation, columns, self._answers(opened))

    def _answers(self, opened: ConfirmationRound) -> Iterator[tuple[Any, ...]]:
        keys = list(opened.asked().values_list("organization", "parent"))
        marks = rosters_on(opened.as_at, [key for key, _parent in keys])
        before = None
        for number, (key, parent) in enumerate(keys):
            first, before = parent != before, parent
            if first or number % 4 == 0:
                continue
            mark, wrong = marks[key], number % 9 == 0
            yield (
                opened.pk, key, not wrong, REMARKS[number % len(REMARKS)] if wrong else "",
                self.on.isoformat(), mark.full, mark.probationary, mark.digest,
            )  # fmt: skip
