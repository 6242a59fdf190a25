"""The section “own fields” on the form of a member: one box for each field that holds for him."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from members.models import Member, OwnField
from members.models.own_values import LONGEST_VALUE, OWN
from registry.admin.conflicts import VersionedForm

TOO_LONG = _("This has %(show_value)s signs; %(limit_value)s fit. Shorten it.")


@dataclass(frozen=True)
class OwnColumn:
    """An own field in the part of a column of the record, as far as a form asks one."""

    name: str  # of its box
    verbose_name: str  # the name of the own field
    is_relation = False

    def value_from_object(self, member: Member) -> str:
        return member.own.get(self.verbose_name, "")

    def box(self) -> forms.CharField:
        """It also sends back what it was opened with: the log keeps no value to compare with."""
        return forms.CharField(
            label=self.verbose_name,
            required=False,
            max_length=LONGEST_VALUE,
            widget=AdminTextInputWidget,
            show_hidden_initial=True,
            error_messages={"max_length": TOO_LONG},
        )

    def reader(self) -> Callable[[Member], str]:
        """Return the column of an admin that only shows the value."""

        def shown(member: Member) -> str:
            return self.value_from_object(member)

        shown.__name__ = self.name
        shown.short_description = self.verbose_name  # type: ignore[attr-defined]
        return shown


def own_columns_of(member: Member) -> tuple[OwnColumn, ...]:
    """Return the own fields that hold for ``member``; asked once for each page."""
    if not hasattr(member, "_own_columns"):
        fields = OwnField.objects.for_path(member.organization.path).once_each()
        columns = tuple(OwnColumn(f"own_{field.pk}", field.name) for field in fields)
        member._own_columns = columns  # type: ignore[attr-defined]
    found: tuple[OwnColumn, ...] = member._own_columns  # type: ignore[attr-defined]
    return found


class OwnValuesForm(VersionedForm):
    """A form with a box for each of ``own_columns``; what other offices noted stays as it is."""

    own_columns: Sequence[OwnColumn] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if self.own_columns:
            held = {
                column.name: column.value_from_object(kwargs["instance"])
                for column in self.own_columns
            }
            kwargs["initial"] = held | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def _columns(self) -> Iterator[Any]:
        yield from super()._columns()
        yield from (column for column in self.own_columns if column.name in self.fields)

    def _changed_since(self, seen: int) -> dict[str, tuple[Any, str, datetime | None]]:
        """The log tells that own fields were changed, the hidden boxes which of those here."""
        since = super()._changed_since(seen)
        if OWN in since:
            _old, who, at = since[OWN]
            for column in self.own_columns:
                opened = self.data.get(self.add_initial_prefix(column.name), "")
                if opened != self._value(column):
                    since[column.name] = (opened, who, at)
        return since

    def _post_clean(self) -> None:
        self.instance.own |= {
            column.verbose_name: self.cleaned_data[column.name]
            for column in self.own_columns
            if column.name in self.cleaned_data
        }
        super()._post_clean()  # type: ignore[misc]


def with_own_values(form: type[OwnValuesForm], member: Member) -> type[OwnValuesForm]:
    """Return ``form`` with the boxes for ``member``."""
    columns = own_columns_of(member)
    boxes = {column.name: column.box() for column in columns}
    return type(form.__name__, (form,), {"own_columns": columns, **boxes})


def own_section(member: Member, *, may_change: bool) -> list[tuple[Any, ...]]:
    """Return the section of the form, two fields to a row; readers get the values only."""
    columns = own_columns_of(member)
    fields = [column.name if may_change else column.reader() for column in columns]
    return [tuple(fields[start : start + 2]) for start in range(0, len(fields), 2)]
