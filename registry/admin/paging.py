"""Counting no further than a clerk reads, so that a page costs the same in a large register."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

CAP = 10_000


class CappedPaginator(Paginator):
    """Counts up to ``CAP`` rows; of more it knows only that there are more.

    Pages beyond the cap can be reached one after the other: a full page has a next one.
    """

    cap = CAP

    @cached_property
    def _counted(self) -> int:
        """The number of rows, at most one more than the cap; the only count of the list."""
        rows: Any = self.object_list
        if not hasattr(rows, "order_by"):
            return min(len(rows), self.cap + 1)
        return int(rows.order_by()[: self.cap + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.cap)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > self.cap

    @property
    def said(self) -> str:
        """The number of rows as the page says it: 317, or more than 10,000."""
        if self.has_more:
            return _("more than %(count)s") % {"count": f"{self.cap:,}"}
        return f"{self.count:,}"

    def validate_number(self, number: Any) -> int:
        try:
            return int(super().validate_number(number))
        except PageNotAnInteger:
            raise
        except EmptyPage:
            # A number with 19 digits is no page, and no database counts that far.
            if not self.has_more or not 1 <= int(number) <= 1_000_000:
                raise
            return int(number)

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        stop = start + self.per_page
        if not self.has_more:
            stop = min(stop, self.count)
        rows: Any = self.object_list[start:stop]
        if number > self.num_pages:
            rows = list(rows)
            if not rows:
                raise EmptyPage(_("There is no page %(number)s.") % {"number": number})
        return Page(rows, number, self)

    def has_page_after(self, number: int, shown: int) -> bool:
        """Whether a page follows page ``number``, on which ``shown`` rows stand."""
        return number < self.num_pages or (self.has_more and shown >= self.per_page)
