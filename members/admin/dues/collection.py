"""The collection sheet: a branch and a year, a row for each member, a column for each month."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization
from branches.models.grants import may
from branches.rules import hierarchy, roles
from members.admin.dues.asking import branch_asked, year_of_sheet
from members.admin.dues.pages import doors_of
from members.admin.dues.typed_sheet import Place, TypedSheet, places_seen
from members.models import Member, Payment, choices
from members.models.dues.collecting import Collection, CollectionRow, MonthCell
from members.models.dues.taking import Taking, TakingsRefused
from members.rules.dues_months import next_month, written
from members.rules.dues_readings import read_month
from members.rules.ledger import CASH, FIRST_MONTH
from registry.admin.autocomplete import ScopedAutocomplete
from registry.calendar import first_of_month
from registry.forms import DayField
from registry.language import said
from registry.login.kept_forms import keeps_form, typed_before
from registry.money import ZERO

_KEY = re.compile(r"[\w-]{22}", re.ASCII)


class SheetForm(forms.Form):
    """What holds for all that is typed at once."""

    paid_on = DayField(
        label=_("paid on"),
        error_messages={"required": _("Write the day of payment.")},
    )
    method = forms.ChoiceField(
        label=_("paid by"),
        choices=choices.payment_methods,
        error_messages={
            "invalid_choice": _("“%(value)s” is not a way of paying. Choose one from the list.")
        },
    )
    receipt_number = forms.CharField(
        label=_("receipt number"), max_length=30, required=False, strip=True
    )


class BranchForm(forms.Form):
    """Whose sheet is opened next."""

    organization = forms.ModelChoiceField(
        label=_("branch"),
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Member._meta.get_field("organization"), admin.site),
    )

    def __init__(self, user: Any, organization: Organization | None) -> None:
        super().__init__(
            initial={"organization": organization and organization.pk}, label_suffix=""
        )
        own = Organization.objects.visible_to(user, roles.VIEW_DUES)
        self.fields["organization"].queryset = own  # type: ignore[attr-defined]


@dataclass
class ShownCell:
    """A month of a member as the page shows it."""

    place: Place
    label: str
    cell: MonthCell
    text: str
    is_written: bool  # into, by the clerk: a box stands in it
    objections: list[str]
    remarks: list[str]
    payments_url: str

    @property
    def html(self) -> SafeString:
        """The cell of the table: a template would take most of the time that a sheet may take."""
        cell, paid = self.cell, ""
        if cell.paid:
            paid = format_html(
                '<a class="{}" href="{}&amp;member={}&amp;month={}">{}</a>',
                "part" if self.is_written else "paid",
                self.payments_url,
                self.place.member_id,
                written(cell.month),
                f"{cell.paid}",
            )
        if self.is_written:
            refused = format_html(
                ' aria-invalid="true" aria-describedby="said-{}"', self.place.member_id
            )
            return format_html(
                '<td class="number{}">{}<input id="{}" name="{}" value="{}" placeholder="{}" '
                'aria-label="{}" inputmode="decimal" maxlength="40"{}></td>',
                " errors" if self.objections else " warned" if self.remarks else "",
                paid,
                self.place.name,
                self.place.name,
                self.text,
                f"{cell.open}",
                self.label,
                refused if self.objections else "",
            )
        if cell.paid:
            return format_html('<td class="number">{}</td>', paid)
        if cell.elsewhere:
            return format_html('<td class="number muted">{}</td>', _now("elsewhere"))
        owed = "" if cell.owed is None else f"{cell.owed}"
        return format_html('<td class="number muted">{}</td>', owed)


@dataclass
class ShownRow:
    row: CollectionRow
    cells: list[ShownCell]
    extra: Place
    extra_text: str
    objections: list[tuple[Place, str]]
    remarks: list[str]
    ticked: bool

    @property
    def is_written(self) -> bool:
        return any(cell.is_written for cell in self.cells)


@require_http_methods(["GET", "HEAD", "POST"])
def collection_page(request: HttpRequest) -> HttpResponse:
    """The sheet of ``?organization=&year=``; ``late=1`` opens its closed months for late money."""
    organization = branch_asked(request)
    if organization is None or not takes_dues(organization):
        return _choose_branch(request, organization)
    today = timezone.localdate()
    year = year_of_sheet(request, today)
    may_collect = may(request.user, roles.COLLECT_DUES, organization.path)
    if request.method == "POST" and not may_collect:
        raise PermissionDenied
    page = SheetPage(request, Collection(organization, year), today, may_collect=may_collect)
    if request.method == "POST" and (done := page.saved()):
        return done
    return TemplateResponse(request, "admin/members/dues/collection.html", page.context())


class SheetPage:
    """One sheet on the screen: opened, filled in, refused, or saved."""

    def __init__(
        self, request: HttpRequest, sheet: Collection, today: date, *, may_collect: bool
    ) -> None:
        self.request, self.sheet, self.today, self.may_collect = request, sheet, today, may_collect
        self.late = request.GET.get("late") == "1"
        data = request.POST if request.method == "POST" else typed_before(request)
        self.data = data if data is not None else QueryDict()
        self.is_new = data is None
        self.typed = TypedSheet(sheet, self.data, late=self.late)
        self.form = SheetForm(
            self.data if "paid_on" in self.data else None,
            initial={"paid_on": today, "method": CASH},
            label_suffix="",
        )
        self.month = self._month()
        self.ticked = set(self.data.getlist("tick"))
        self.key = self.data.get("form_key", "")
        self.digest = ""
        if not _KEY.fullmatch(self.key):
            self.key = secrets.token_urlsafe(16)

    def _month(self) -> date | None:
        """The month that “all paid” fills: the one that is asked for, or the present one."""
        asked = self.data.get("month") or self.request.GET.get("month", "")
        if asked:
            try:
                month = read_month(asked)
            except ValueError as error:
                messages.error(self.request, said(error.args[0]))
            else:
                return month if month in self.sheet.months else None
        present = first_of_month(self.today)
        return present if present in self.sheet.months else None

    # Saving

    def saved(self) -> HttpResponse | None:
        """Book all that was typed, or keep what is to be said of it and return None."""
        if "fill" in self.data:
            if self.month:
                self.typed.fill_in(self.month, self.ticked)
            return None
        asked = self.form.cleaned_data if self.form.is_valid() else None
        if asked and (payments := self._booked_plainly(asked)):
            return self._done(payments, asked)
        if self.typed.is_booked_by(self.key):
            messages.info(self.request, _now("This sheet had been saved already, once."))
            return self._to_the_takings(self.data.get("paid_on", ""))
        takings = self.typed.judge(
            asked or {"paid_on": self.today, "method": CASH, "receipt_number": ""}, self.today
        )
        if asked is None or self.typed.is_refused:
            return None
        self.digest = self.typed.digest
        if self.digest and self.data.get("confirmed") != self.digest:
            return None
        if not (payments := self._booked(takings)):
            return None
        return self._done(payments, asked)

    def _done(self, payments: list[Payment], asked: dict[str, Any]) -> HttpResponse:
        messages.success(self.request, _said_of(payments))
        return self._to_the_takings(f"{asked['paid_on']}")

    @property
    def _same(self) -> dict[str, str]:
        return {"taken_by": f"{self.request.user}"[:50], "form_key": self.key}

    def _booked_plainly(self, asked: dict[str, Any]) -> list[Payment]:
        """Book what is as it is owed and nothing else, without looking the sheet up first."""
        takings = self.typed.read_plainly(asked)
        organization = self.sheet.organization
        if not takings:
            return []
        return Payment.take_plainly(organization, takings, self.today, **self._same)

    def _booked(self, takings: list[Taking]) -> list[Payment]:
        try:
            return Payment.take_many(self.sheet.organization, takings, self.today, **self._same)
        except TakingsRefused as refused:
            self.typed.refuse(refused, takings)
        except forms.ValidationError as error:  # this form has booked something else before
            self.typed.objections[None] += error.messages
            self.key = secrets.token_urlsafe(16)
        self.sheet = Collection(self.sheet.organization, self.sheet.year)  # as it is by now
        self.typed.sheet = self.sheet
        return []

    def _to_the_takings(self, day: str) -> HttpResponseRedirect:
        asked = {"organization": self.sheet.organization.pk, "day": day, "year": self.sheet.year}
        return HttpResponseRedirect(f"{reverse('admin:dues_takings')}?{urlencode(asked)}")

    # Showing

    def context(self) -> dict[str, Any]:
        sheet, organization = self.sheet, self.sheet.organization
        rows = [self._shown(row) for row in sheet.rows]
        branch_form = BranchForm(self.request.user, organization)
        of_the_form = [f"{text}" for errors in self.form.errors.values() for text in errors]
        return {
            **admin.site.each_context(self.request),
            "title": _now("Collection of dues"),
            "doors": doors_of(self.request.user, organization, "dues_collection"),
            "sheet": sheet,
            "organization": organization,
            "rows": rows,
            "months": [
                {
                    "number": month.month,
                    "written": written(month),
                    "closed": sheet.is_closed(month),
                    "chosen": month == self.month,
                    "owed": sheet.owed_for(month),
                    "paid": sheet.paid_for(month),
                }
                for month in sheet.months
            ],
            "owed": sum((row.owed for row in sheet.rows), ZERO),
            "paid": sum((row.paid for row in sheet.rows), ZERO),
            "extra": sum((row.extra for row in sheet.rows), ZERO),
            "form": self.form,
            "form_key": self.key,
            "seen": places_seen(sheet),
            "digest": self.digest,
            "errors": [*self.typed.objections[None], *of_the_form],
            "cell_errors": [(place, text) for row in rows for place, text in row.objections],
            "is_changed": not self.is_new,
            "branch_form": branch_form,
            "media": branch_form.media,
            "may_collect": self.may_collect,
            "can_write": self.may_collect and any(row.row.here for row in rows),
            "late": self.late,
            "first_open": sheet.closed_to and written(next_month(sheet.closed_to)),
            "late_url": self._address(late=1),
            "plain_url": self._address(),
            "years": {
                "before": sheet.year > FIRST_MONTH.year and self._address(year=sheet.year - 1),
                "after": sheet.year <= self.today.year and self._address(year=sheet.year + 1),
            },
            "nobody_assessed": rows and not any(row.owed for row in sheet.rows),
            "payments_url": reverse("admin:dues_payments"),
            "takings_url": f"{reverse('admin:dues_takings')}?organization={organization.pk}",
        }

    def _address(self, **asked: Any) -> str:
        fixed = {"organization": self.sheet.organization.pk, "year": self.sheet.year}
        return f"{reverse('admin:dues_collection')}?{urlencode(fixed | asked)}"

    def _shown(self, row: CollectionRow) -> ShownRow:
        typed, here = self.typed, self.sheet.organization.pk
        cells = []
        for cell in row.cells.values():
            place = Place(row.member_id, cell.month)
            text = typed.texts.get(place, "")
            cells.append(
                ShownCell(
                    place,
                    f"{row.name} {written(cell.month)}",
                    cell,
                    text,
                    self.may_collect and (bool(text) or typed.is_writable(row, cell)),
                    typed.objections.get(place, []),
                    typed.remarks.get(place, []),
                    payments_url=f"{reverse('admin:dues_payments')}?organization={here}",
                )
            )
        extra = Place(row.member_id, None)
        places = [*(cell.place for cell in cells), extra]
        return ShownRow(
            row,
            cells,
            extra,
            typed.texts.get(extra, ""),
            [(place, text) for place in places for text in typed.objections.get(place, [])],
            [text for place in places for text in typed.remarks.get(place, [])],
            ticked=self.is_new or f"{row.member_id}" in self.ticked,
        )


def _said_of(payments: list[Payment]) -> str:
    total = sum((payment.amount or ZERO for payment in payments), ZERO)
    return _now("Booked: %(count)s payments, %(total)s yuan together.") % {
        "count": len(payments),
        "total": total,
    }


def takes_dues(organization: Organization) -> bool:
    """Whether members pay their dues here, and not to a branch below."""
    return organization.holds_members and hierarchy.collects(organization.kind, organization.sort)


def _choose_branch(request: HttpRequest, organization: Organization | None) -> HttpResponse:
    """What collects nothing itself leads to the branches below that do."""
    form = BranchForm(request.user, None)
    below = []
    if organization is not None:
        below = [
            each
            for each in Organization.objects.under(organization).standing().order_by("path")[:200]
            if takes_dues(each)
        ]
    context = {
        **admin.site.each_context(request),
        "title": _now("Collection of dues"),
        "doors": doors_of(request.user, organization, "dues_collection"),
        "organization": organization,
        "branch_form": form,
        "media": form.media,
        "below": below,
    }
    return TemplateResponse(request, "admin/members/dues/collection_of.html", context)


admin.site.page(  # type: ignore[attr-defined]
    "dues/collection/", keeps_form(collection_page), "dues_collection", roles.VIEW_DUES
)
