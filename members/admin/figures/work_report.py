"""The work report: its sentences with every number, the boxes that are typed, and last year's."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import AskingForm, organization_asked
from members.admin.deeds import DeedForm, is_done, typed
from members.admin.figures.behind import SHOWN, Row, list_page, rows_of_people
from members.admin.figures.labels import Pair
from members.models import TypedFigure, WorkReportTemplate
from members.models.figures.chosen import Chosen
from members.models.figures.work_reports import template_for
from members.models.figures.working import Number, Thing, Working, work_report_of
from members.rules import figures, work_report
from members.rules.work_report import Piece
from registry.calendar import years_after
from registry.forms import DayField
from registry.language import refuse
from registry.login.kept_forms import keeps_form


class PeriodForm(AskingForm):
    """The organisation and the days of the report, both included."""

    first = DayField(label=_("from"), error_messages={"required": _("Choose the first day.")})
    last = DayField(label=_("to"), error_messages={"required": _("Choose the last day.")})

    def __init__(self, request: HttpRequest) -> None:
        self.top = organization_asked(request, roles.VIEW)
        today = timezone.localdate()
        data: dict[str, Any] = {"first": f"{date(today.year, 1, 1)}", "last": f"{today}"}
        data |= {name: value for name, value in request.GET.items() if value}
        data["organization"] = str(self.top.pk)
        super().__init__(data, Organization.objects.visible_to(request.user))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last:
            chosen = Chosen(self.top)
            try:
                refuse(figures.period_objections(first, last, timezone.localdate()))
                if not chosen.stands_on(last):
                    raise ValidationError({"last": chosen.why_not_on(last)})
            except ValidationError as error:
                for field, found in error.update_error_dict({}).items():
                    self.add_error(field, found)
        return cleaned

    @property
    def period(self) -> tuple[date, date]:
        return self.cleaned_data["first"], self.cleaned_data["last"]

    def address(self, name: str = "work_report", **more: Any) -> str:
        first, last = self.period
        asked = {"organization": self.top.pk, "first": first, "last": last, **more}
        return f"{reverse(f'admin:{name}')}?{urlencode(asked)}"


class TypedForm(DeedForm):
    """A box for each number that no register fills; empty for one that nobody knows."""

    def __init__(self, data: Any, keys: Iterable[str], kept: dict[str, TypedFigure]) -> None:
        self.keys = list(keys)
        super().__init__(
            data,
            initial={
                f"box{place}": work_report.written(kept[key].value)
                for place, key in enumerate(self.keys)
                if key in kept
            },
        )
        for place, key in enumerate(self.keys):
            author = kept.get(key)
            self.fields[f"box{place}"] = forms.DecimalField(
                label=work_report.name_of(key),
                required=False,
                max_digits=14,
                decimal_places=2,
                help_text=_now("%(author)s, %(day)s")
                % {"author": author.typed_by or _now("on the server"), "day": author.typed_on}
                if author
                else "",
            )
        self.renamed = {key: f"box{place}" for place, key in enumerate(self.keys)}


class TemplateForm(DeedForm):
    text = forms.CharField(
        label=_("sentences"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 20, "lang": "zh-Hans"}),
        help_text=_("A place for a number is its name in braces: {发展党员}."),
    )


@dataclass(frozen=True)
class Shown:
    """One number in a sentence, or in the table beside last year's."""

    name: str
    number: str
    url: str = ""
    typed: bool = False
    before: str = ""
    change: str = ""


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def work_report_page(request: HttpRequest) -> HttpResponse:
    asked = PeriodForm(request)
    organization = asked.top
    may_type = may(request.user, roles.CHANGE_ORGANIZATION, organization.path)
    if request.method == "POST" and not (may_type and asked.is_valid()):
        raise PermissionDenied
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _now("Work report"),
        "asking": asked,
        "organization": organization,
        "media": asked.media,
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "may_change_template": may(request.user, roles.CHANGE_TREE, organization.path),
    }
    if asked.is_valid():
        first, last = asked.period
        template = template_for(organization)
        keys = [key for key in work_report.keys_in(template) if work_report.is_typed(key)]
        kept = {each.key: each for each in TypedFigure.of(organization, first, last)}
        form = TypedForm(typed(request), keys, kept) if may_type and keys else None

        def keep(**boxes: Decimal | None) -> None:
            values = {key: boxes[f"box{place}"] for place, key in enumerate(keys)}
            today = timezone.localdate()
            TypedFigure.keep(organization, first, last, values, today, request.user)

        if form and is_done(request, form, keep):
            messages.success(request, _now("The numbers are kept."))
            return HttpResponseRedirect(asked.address())
        context |= _filled(asked, template) | {
            "form": form,
            "may_print": may(request.user, roles.PRINT, organization.path),
            "paper_url": reverse("admin:paper_work_report_file", args=[organization.pk]),
        }
    return TemplateResponse(request, "admin/members/figures/work_report.html", context)


def _filled(asked: PeriodForm, template: str) -> dict[str, Any]:
    first, last = asked.period
    keys = work_report.keys_in(template)
    now = work_report_of(asked.top, first, last, keys)
    year_ago = (years_after(first, -1), years_after(last, -1))
    before = work_report_of(asked.top, *year_ago, keys)

    def shown(key: str) -> Shown:
        number, last_year = now.get(key), before.get(key)
        typed_in = work_report.is_typed(key)
        known = number is not None and last_year is not None
        return Shown(
            work_report.name_of(key),
            work_report.written(number),
            "" if typed_in or not number else asked.address("work_report_behind", key=key),
            typed_in,
            work_report.written(last_year),
            _change(number, last_year) if known else "",
        )

    def piece(each: Piece) -> tuple[str, Shown | None]:
        return each.words, shown(each.key) if each.key else None

    def pairs(about: str) -> list[Pair]:
        """The numbers of the sentences that count such things, each beside that of last year."""
        counted = [key for key in keys if work_report.about(key) == about]
        return [
            Pair(each.name, int(now[key] or 0), each.url, int(before[key] or 0))
            for key in counted
            if not key.endswith("_total")
            for each in [shown(key)]
        ]

    return {
        "charts": [
            ("chart-organizations", _now("Organisations"), pairs(work_report.ORGANIZATIONS)),
            ("chart-members", _now("Members"), pairs(work_report.MEMBERS)),
        ],
        "paragraphs": [[piece(each) for each in line] for line in work_report.paragraphs(template)],
        "text": "\n".join(work_report.filled(template, now)),
        "numbers": [shown(key) for key in keys],
        "year_ago": year_ago,
    }


def _change(number: Number, before: Number) -> str:
    change = Decimal(number or 0) - Decimal(before or 0)
    return f"{'+' if change > 0 else ''}{work_report.written(change)}"


@require_safe
def work_report_behind(request: HttpRequest) -> HttpResponse:
    """What a number of the report counts."""
    asked = PeriodForm(request)
    key = request.GET.get("key", "")
    if not asked.is_valid() or key not in work_report.FACTS or work_report.is_typed(key):
        raise Http404(_now("There is no such list."))
    first, last = asked.period
    if key in ("members_total", "organizations_total"):
        group = key.removesuffix("_total")
        query = urlencode(
            {"organization": asked.top.pk, "on": last, "group": group, "code": "total"}
        )
        return HttpResponseRedirect(f"{reverse('admin:figures_behind')}?{query}")
    things = Working(asked.top, first, last).behind(key)
    shown = Paginator(things, SHOWN).get_page(request.GET.get("page"))
    return list_page(
        request,
        title=work_report.name_of(key),
        organization=asked.top,
        shown=shown,
        rows=_rows(request.user, list(shown)),
        back=asked.address(),
        query=asked.address("work_report_behind", key=key).partition("?")[2],
    )


def _rows(user: Any, things: list[Thing]) -> list[Row]:
    people = rows_of_people(
        user, [(each.member_id, each.organization_id, each.on) for each in things]
    )
    return [
        Row(
            name=row.name or thing.words or row.place,
            url=row.url,
            place=row.place if row.name or thing.words != row.place else "",
            on=thing.on,
            words=f"{thing.amount}" if thing.amount is not None else "",
        )
        for thing, row in zip(things, people, strict=True)
    ]


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def work_report_template(request: HttpRequest) -> HttpResponse:
    """The sentences of an office's report; emptied, it takes those from above again."""
    organization = organization_asked(request, roles.CHANGE_TREE)
    own = WorkReportTemplate.objects.filter(organization=organization).first()
    source = WorkReportTemplate.nearest_to(organization)
    form = TemplateForm(typed(request), initial={"text": template_for(organization)})

    def keep(text: str) -> None:
        if text.strip():
            WorkReportTemplate.write(organization, text)
        elif own:
            own.delete()

    if is_done(request, form, keep):
        messages.success(request, _now("The sentences are kept."))
        query = urlencode({"organization": organization.pk})
        return HttpResponseRedirect(f"{reverse('admin:work_report')}?{query}")
    context = {
        **admin.site.each_context(request),
        "title": _now("Sentences of the work report"),
        "organization": organization,
        "form": form,
        "own": own,
        "source": source.organization if source and not own else None,
        "places": [fact.chinese for fact in work_report.FACTS.values()],
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "back": f"{reverse('admin:work_report')}?{urlencode({'organization': organization.pk})}",
    }
    return TemplateResponse(request, "admin/members/figures/template.html", context)


admin.site.page("work-report/", work_report_page, "work_report", roles.VIEW)  # type: ignore[attr-defined]
admin.site.page(  # type: ignore[attr-defined]
    "work-report/behind/", work_report_behind, "work_report_behind", roles.VIEW
)
admin.site.page(  # type: ignore[attr-defined]
    "work-report/template/", work_report_template, "work_report_template", roles.CHANGE_TREE
)
