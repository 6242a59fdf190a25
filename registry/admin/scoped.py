"""The admin of a clerk: his rows, in every list, choice, count, form, action and page.

Scoping ``get_queryset`` alone leaks: forged ids are accepted through related fields, filters list
everybody's branches, actions skip the permission on the row, lookups and sorting ask questions of
columns that are masked. Every admin of this site derives from here, and a check sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.checks import CheckMessage, Error
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import access
from registry.admin.autocomplete import ScopedAutocomplete, ScopedAutocompleteMultiple, keys_among
from registry.admin.columns import ChosenColumns
from registry.admin.exporting import ExportPage
from registry.admin.history import HistoryPage
from registry.admin.kept import FillsIn
from registry.admin.lists import (
    UNREADABLE,
    RegistryChangeList,
    UnreadableQuestion,
    sortable_columns,
)
from registry.admin.paging import CappedPaginator
from registry.fields import EncryptedTextField, PartialDateField
from registry.forms import DayField

FORBIDDEN = ("list_editable", "raw_id_fields", "date_hierarchy", "save_as")


class _Scoped:
    """What the admin of a model and an inline have in common."""

    model: type[models.Model]
    # The verb that each of Django's four permissions asks for; None: nobody.
    view_verb: str | None = access.VIEW
    add_verb: str | None = access.ADD
    change_verb: str | None = access.CHANGE
    delete_verb: str | None = None
    # Related fields whose choices need another verb than seeing: {"organization": "add"}.
    choice_verbs: dict[str, str] = {}
    # Django would take them for numbers and for long texts.
    formfield_overrides: Any = {
        PartialDateField: {"widget": AdminTextInputWidget},
        EncryptedTextField: {"widget": AdminTextInputWidget},
        models.DateField: {"form_class": DayField},
    }

    def _may(self, request: HttpRequest, verb: str | None, obj: models.Model | None) -> bool:
        if verb is None:
            return False
        if obj is None or obj.pk is None:
            return access.may(request.user, verb)
        return access.may_on(request.user, verb, obj)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.view_verb, obj)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.add_verb, None)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.change_verb, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.delete_verb, obj)

    def choices_of(self, request: HttpRequest, field: Any) -> QuerySet[Any]:
        """The rows that a related field may point at: those the user may use for it, no others.

        The same rows validate what is posted, so a forged id is answered like a missing one.
        """
        rows: QuerySet[Any] = field.related_model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user, self.choice_verbs.get(field.name, access.VIEW))
        return rows.complex_filter(field.get_limit_choices_to())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_of(request, db_field))
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            site = self.admin_site  # type: ignore[attr-defined]
            kwargs.setdefault("widget", ScopedAutocomplete(db_field, site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_of(request, db_field))
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            site = self.admin_site  # type: ignore[attr-defined]
            kwargs.setdefault("widget", ScopedAutocompleteMultiple(db_field, site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the pop-ups that add, change or view the related row: those are pages."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        for may in (
            "can_add_related",
            "can_change_related",
            "can_delete_related",
            "can_view_related",
        ):
            if hasattr(widget, may):
                setattr(widget, may, False)
        return field


class ScopedInline(_Scoped, admin.TabularInline):
    """Rows below a record; who may change the record may change them, at most 100 at a time."""

    extra = 0
    max_num = 100
    view_on_site = False
    show_change_link = False

    def _may(self, request: HttpRequest, verb: str | None, obj: models.Model | None) -> bool:
        if verb is None:
            return False
        if obj is None or obj.pk is None:
            return access.may(request.user, verb)
        return access.may_on(request.user, verb, obj)  # asked of the record that it stands below

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.add_verb, obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        # Of the class: Django sets the inline's own to 0 where nothing may be added.
        formset.absolute_max = type(self).max_num
        return formset


class ScopedModelAdmin(FillsIn, HistoryPage, ExportPage, _Scoped, ChosenColumns):
    """A model's pages, limited to the rows that the user may see."""

    view_on_site = False
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    actions_selection_counter = True
    # Lookups that a link of ours puts into the address of the list, beyond the filters' own.
    lookups: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self._rows_of(request, self.view_verb or access.VIEW)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def _rows_of(self, request: HttpRequest, verb: str | None) -> QuerySet[Any]:
        """The rows on which the user has ``verb``."""
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(request.user, verb)
        return rows

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        """A row of somebody else and a row that never was get the same answer."""
        raise Http404(_("There is no such record."))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in self.lookups

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return to_field == self.opts.pk.name

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Each action gets only the rows on which the user has its verb; the others are named."""
        actions: dict[str, Any] = super().get_actions(request)
        return {
            name: (self._on_allowed_rows(function), name, label)
            for name, (function, _name, label) in actions.items()
            if name != "delete_selected"
            and access.may(request.user, getattr(function, "verb", self.change_verb or access.VIEW))
        }

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """What was ticked, less what is no key: that would stop the page with a traceback."""
        posted = request.POST.copy()
        posted.setlist(ACTION_CHECKBOX_NAME, keys_among(posted.getlist(ACTION_CHECKBOX_NAME)))
        request.POST = posted  # type: ignore[assignment]
        return super().response_action(request, queryset)

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj: models.Model) -> SafeString:
        """Django's own box, written at once: it renders a template for each row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            _("Select %(record)s") % {"record": obj},
        )

    def _on_allowed_rows(self, action: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(action)
        def allowed(modeladmin: Any, request: HttpRequest, rows: QuerySet[Any]) -> Any:
            verb = getattr(action, "verb", self.change_verb)
            mine = rows.filter(pk__in=self._rows_of(request, verb).values("pk"))
            if refused := rows.count() - mine.count():
                text = ngettext(
                    "%(count)s row was left out: you may look at it only.",
                    "%(count)s rows were left out: you may look at them only.",
                    refused,
                )
                messages.warning(request, text % {"count": refused})
            return action(modeladmin, request, mine)

        return allowed

    # Our own log keeps who did what; Django's would keep names of rows for everybody to see.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A question that cannot be read gets a sentence and the whole list, never a guess."""
        if not all(request.GET.values()):  # what a form of filters sends for “any”
            asked = request.GET.copy()
            for name in [name for name, value in asked.items() if not value]:
                del asked[name]
            request.GET = asked  # type: ignore[assignment]
        try:
            return super().changelist_view(request, *args, **kwargs)
        except UnreadableQuestion:
            text = _("This address asks something that the list cannot answer. Use the filters.")
            messages.warning(request, text)
            return HttpResponseRedirect(request.path)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RegistryChangeList]:
        return RegistryChangeList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except UNREADABLE as error:
            if not request.GET:  # not the question but the list itself is broken
                raise
            raise UnreadableQuestion(request.get_full_path()) from error

    def get_sortable_by(self, request: HttpRequest) -> Any:
        if self.sortable_by is not None:
            return self.sortable_by
        return sortable_columns(self.get_list_display(request), self)

    def get_urls(self) -> list[Any]:
        """Nothing is deleted here, and only what may be deleted has a page to do it."""
        urls = super().get_urls()
        if self.delete_verb is None:
            urls = [url for url in urls if not str(getattr(url, "name", "")).endswith("_delete")]
        return urls

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return [*super().check(**kwargs), *self._forbidden(), *self._unscoped()]

    def _forbidden(self) -> Iterable[CheckMessage]:
        for option in FORBIDDEN:
            if getattr(self, option, None):
                yield Error(
                    f"“{option}” shows or accepts rows outside the user's own.",
                    hint="Take it out.",
                    obj=type(self),
                    id="registry.E102",
                )

    def _unscoped(self) -> Iterable[CheckMessage]:
        if not hasattr(self.model._default_manager.all(), "visible_to"):
            yield Error(
                f"{self.model.__name__} does not say which rows a user may see.",
                hint="Give its QuerySet a method visible_to(user, verb).",
                obj=type(self),
                id="registry.E103",
            )
