"""The search box above a list of people: one column is asked, protected ones are logged."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from members.models.searching import PROTECTED, is_common, shape_of
from registry.masks import masked_id_number, masked_phone
from registry.models import Entry
from registry.models.log import Action

MASKS = {"id_number": masked_id_number, "phone": masked_phone}


class SearchedPeople:
    """Mixin of an admin of people, whose queryset answers ``found_by``."""

    search_fields: Any = ("name",)  # makes Django show the box; found_by() does the asking
    opts: Any

    def keeps_few(self, request: HttpRequest) -> bool:
        """Whether the rows that this user sees are few in a large register."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """One column is asked, which the shape of the text decides; protected ones are logged."""
        if not search_term.strip():
            return queryset, False
        shape, asked = shape_of(search_term)
        if shape in PROTECTED:
            Entry.append(
                Action.SEARCH,
                changes=[[shape, "", MASKS[shape](asked)]],
                chain=f"user:{request.user.pk}",
                label=str(self.opts.verbose_name_plural),
                user=request.user,
            )
        few = is_common(shape, asked) and self.keeps_few(request)
        found = queryset.found_by(search_term, among_few=few)  # type: ignore[attr-defined]
        if "o" in request.GET:  # the clerk has chosen a column to sort by
            found = found.order_by(*queryset.query.order_by)
        return found, False

    def search_as_logged(self, text: str) -> str:
        shape, asked = shape_of(text)
        return MASKS[shape](asked) if shape in PROTECTED else text
