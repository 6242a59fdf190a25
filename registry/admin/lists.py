"""The list of an admin: sorted by indexed columns only, and unreadable questions get a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.admin.exceptions import (
    DisallowedModelAdminLookup,
    DisallowedModelAdminToField,
)
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

UNREADABLE = (
    DisallowedModelAdminLookup,
    DisallowedModelAdminToField,
    IncorrectLookupParameters,
    ValidationError,
    ValueError,
    OverflowError,
)


class UnreadableQuestion(Exception):
    """What stands behind the “?” of a list's address is nothing that the list can answer."""


@cache
def indexed_fields(model: type[models.Model]) -> frozenset[str]:
    """Return the fields of ``model`` by which rows can be sorted along an index."""
    led = {index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields}
    own = {
        field.name
        for field in model._meta.concrete_fields
        if field.primary_key or field.unique or getattr(field, "db_index", False)
    }
    return frozenset(led | own)


def sortable_columns(columns: Iterable[Any], model_admin: Any) -> list[Any]:
    """Return which of ``columns`` may be sorted: indexed ones, and those that name an order.

    Sorting by a masked column would tell its order, by any other would read the whole table.
    """
    model = model_admin.model
    indexed = indexed_fields(model)
    sortable = []
    for column in columns:
        if isinstance(column, str):
            try:
                field = model._meta.get_field(column)
            except FieldDoesNotExist:
                owner = model_admin if hasattr(model_admin, column) else model
                column_says = getattr(owner, column, None)
                if getattr(column_says, "admin_order_field", None):
                    sortable.append(column)
            else:
                if field.name in indexed and not field.is_relation:
                    sortable.append(column)
        elif getattr(column, "admin_order_field", None):
            sortable.append(column)
    return sortable


class RegistryChangeList(ChangeList):
    """Django's list, whose ``?o=`` is bound to the columns that have a link to sort them."""

    def get_ordering_field(self, field_name: Any) -> Any:
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)

    @property
    def page_after(self) -> int | None:
        """The number of the next page, if there is one."""
        shown = len(self.result_list)
        paginator: Any = self.paginator
        return self.page_num + 1 if paginator.has_page_after(self.page_num, shown) else None

    @property
    def page_before(self) -> int | None:
        return self.page_num - 1 if self.page_num > 1 else None
