"""The page that prints rosters: of whom, as at which day, in which order, and the paper.

What stands on the screen is what prints, in that order; the address carries the whole question.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization
from branches.models.grants import may
from branches.rules import hierarchy, roles
from members.filters import RosterFilter
from members.models import Layout, Member, Office
from members.papers.columns import OPENS
from members.papers.kinds import ROSTERS
from members.papers.layouts import Drawn
from members.papers.listed import Roster
from members.papers.printing import Printed, print_paper
from members.papers.roster import RosterPaper
from registry.admin import Place
from registry.admin.autocomplete import ScopedAutocomplete
from registry.admin.filtering import Chip, in_words
from registry.forms import DayField
from registry.language import said
from registry.papers.catalogue import Asked
from registry.papers.compiling import PaperError
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX

SHOWN = 100  # people on the screen; the paper holds all
LONGEST_REASON = 200
WRAPS_FROM = 6  # signs; a shorter text stays on one line of the screen
FORMS = {PDF: _("PDF"), XLSX: _("Excel"), HTML: _("print view")}
CHINESE = "zh-hans"  # which all papers are in


class DayForm(forms.Form):
    """Of which organisation, and as at which day."""

    organization = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organization.objects.none(),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
        error_messages={
            "required": _("Choose the organisation."),
            "invalid_choice": _("“%(value)s” is no organisation of yours. Choose one of the list."),
        },
    )
    on = DayField(
        label=_("as at"),
        error_messages={"required": _("Choose the day.")},
    )

    def __init__(self, data: Any, own: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["organization"].queryset = own  # type: ignore[attr-defined]


class RosterForm(DayForm):
    """Also which paper; then what that paper asks."""

    paper = forms.ChoiceField(
        label=_("paper"),
        choices=[(key, paper.name) for key, paper in ROSTERS.items()],
        required=False,
    )

    def __init__(self, asked: Any, own: Any) -> None:
        super().__init__(asked, own)
        self.fields |= self.kind.questions().fields
        top = (
            own.filter(pk=number).first() if (number := asked["organization"]).isdecimal() else None
        )
        if "layout" in self.fields:
            names = Layout.objects.nearest_each(top.path) if top else ()
            self.fields["layout"].widget = forms.Select(choices=[(name, name) for name in names])

    @property
    def kind(self) -> RosterPaper:
        """The paper that is asked for; the first of them where it cannot be read."""
        return ROSTERS.get(self.data.get("paper", "")) or next(iter(ROSTERS.values()))


@dataclass
class Question:
    """What is asked of the page, and who answers to it."""

    request: HttpRequest
    form: RosterForm
    filterset: RosterFilter

    @cached_property
    def drawn(self) -> tuple[Roster, Drawn] | None:
        """The roster that is asked for, and how it looks; None where the question cannot be
        answered, which the forms say why."""
        if not (self.form.is_valid() & self.filterset.is_valid()):
            return None
        try:
            return self.form.kind.drawn(self.form.cleaned_data["organization"], self.asked())
        except ValidationError as error:
            self.form.add_error(None, error)
            return None

    def asked(self, *, in_full: bool = False, reason: str = "") -> Asked:
        answers = {name: self.form.cleaned_data[name] for name in self.form.kind.questions().fields}
        members = self.filterset.qs if self.set_filters else None
        with translation.override(CHINESE):
            narrowed_by = "；".join(f"{chip.label}：{chip.value}" for chip in self.chips)
        return Asked(
            day=self.form.cleaned_data["on"],
            reader=self.request.user,
            printed_by=f"{self.request.user}",
            at=timezone.localtime(),
            in_full=in_full,
            reason=reason[:LONGEST_REASON],
            more=answers
            | {"members": members, "narrowed_by": narrowed_by and f"筛选：{narrowed_by}"},
        )

    @property
    def set_filters(self) -> list[str]:
        return [name for name in self.filterset.filters if self.form.data.get(name)]

    @property
    def parameters(self) -> dict[str, str]:
        """All that is asked, as an address carries it."""
        needed = {name: self.form.data[name] for name in ("organization", "on")}
        names = (*self.form.fields, *self.filterset.filters)
        return needed | {name: value for name in names if (value := self.form.data.get(name))}

    def address(self, name: str = "rosters", *, without: str = "") -> str:
        kept = {key: value for key, value in self.parameters.items() if key != without}
        return f"{reverse(f'admin:{name}')}?{urlencode(kept)}"

    @property
    def chips(self) -> list[Chip]:
        """The filters that are set."""
        bound = self.filterset.form
        return [
            Chip(f"{bound[name].label}", in_words(bound[name]), self.address(without=name))
            for name in self.set_filters
        ]

    @property
    def sentences(self) -> list[str]:
        """What is wrong with the question."""
        errors = (*self.form.errors.values(), *self.filterset.errors.values())
        return [f"{sentence}" for each in errors for sentence in each]


def question(request: HttpRequest) -> Question:
    """Return what is asked, of the user's own organisation as at today where nothing is said.

    An organisation of somebody else and one that never was get the same answer.
    """
    own = Organization.objects.visible_to(request.user, roles.PRINT)
    asked = (request.POST if request.method == "POST" else request.GET).copy()
    if "organization" not in asked:
        top = own.standing().order_by("path").first() or own.first()
        asked["organization"] = str(top.pk) if top else ""
    asked.setdefault("on", f"{timezone.localdate():%Y-%m-%d}")
    number = f"{asked['organization']}"
    if number.isdecimal() and not own.filter(pk=number).exists():
        raise Http404(_now("There is no such organisation."))
    form = RosterForm(asked, own)
    day = form.cleaned_data.get("on") if form.is_valid() else None
    return Question(
        request, form, RosterFilter(asked, Member.objects.all(), request=request, day=day)
    )


@require_safe
def rosters(request: HttpRequest) -> HttpResponse:
    """The people as they will print: all that fit on the screen, and how many there are."""
    asked = question(request)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _now("Rosters"),
        "question": asked,
        "media": asked.form.media + asked.filterset.form.media,
    }
    if asked.drawn:
        roster, layout = asked.drawn
        paper = asked.form.kind.paper(roster, layout, asked.asked(), first=SHOWN)
        warnings = (*paper.warnings, *roster.glyph_warnings())
        context |= {
            "roster": roster,
            "paper": paper,
            "headings": [column.heading.replace("\n", "") for column in paper.table.columns],
            "lines": _lines(paper),
            "warnings": [said(warning) for warning in warnings],
            "more": max(0, roster.count - SHOWN),
            "files": [(label, asked.address(f"roster_{form}")) for form, label in FORMS.items()],
            "full_files": [
                (label, reverse(f"admin:roster_{form}")) for form, label in FORMS.items()
            ],
            "sealed": [column for column in paper.table.columns if column.key in OPENS],
            "longest_reason": LONGEST_REASON,
            "all_branches": (
                asked.address("print_jobs") if roster.then.kind != hierarchy.BRANCH else ""
            ),
            "may_lay_out": may(request.user, roles.CHANGE_ORGANIZATION, roster.organization.path),
        }
    return TemplateResponse(request, "admin/members/rosters.html", context)


def _lines(paper: ListPaper) -> list[dict[str, Any]]:
    """The lines of the table on the screen: bands across it, and rows of texts that may wrap."""
    lines: list[dict[str, Any]] = []
    for section in paper.table.sections:
        rows = [
            {
                "cells": [
                    (text, column.breaks == "freely" and len(text) > WRAPS_FROM)
                    for text, column in zip(row, paper.table.columns, strict=True)
                ]
            }
            for row in section.rows[:SHOWN]
        ]
        lines += [{"band": section.heading}, *rows, {"band": section.total}]
    return [line for line in lines if line.get("cells") or line.get("band")]


@require_http_methods(["GET", "HEAD", "POST"])
def roster_file(request: HttpRequest, form: str) -> HttpResponse:
    """The paper; by POST and for a reason the one with full numbers."""
    asked = question(request)
    kind = asked.form.kind.kind
    if asked.drawn is None:
        return _back(asked, *asked.sentences)
    roster, _layout = asked.drawn
    in_full = request.method == "POST"
    reason = request.POST.get("reason", "").strip()
    if in_full and not roster.may_be_printed_in_full():
        return _back(asked, _now("You may print this roster with masked numbers only."))
    if in_full and not reason:
        return _back(asked, _now("Say what the full numbers are needed for."))
    try:
        what = asked.asked(in_full=in_full, reason=reason)
        return paper_response(print_paper(kind, roster.organization, what, form))
    except ValidationError as error:
        return _back(asked, *error.messages)
    except PaperError as error:
        return _back(asked, f"{error}")


def paper_response(printed: Printed) -> HttpResponse:
    """Return a paper that opens in the browser and is saved under a Chinese name (RFC 6266)."""
    chinese = quote(printed.file_name, safe="")
    name = f"inline; filename=\"{printed.plain_file_name}\"; filename*=UTF-8''{chinese}"
    return HttpResponse(
        printed.data,
        content_type=printed.content_type,
        headers={"Content-Disposition": name, "Cache-Control": "private, no-store"},
    )


def _back(asked: Question, *sentences: str) -> HttpResponseRedirect:
    """Say on the page why nothing was printed; what was asked stays in its address."""
    for sentence in sentences:
        messages.error(asked.request, sentence)
    return HttpResponseRedirect(asked.address())


admin.site.page(  # type: ignore[attr-defined]
    "rosters/",
    rosters,
    "rosters",
    roles.PRINT,
    Place(_("Rosters"), "rosters", roles.PRINT, 30, "print"),
)
for form in FORMS:
    view = partial(roster_file, form=form)
    admin.site.page(f"rosters/{form}/", view, f"roster_{form}", roles.PRINT)  # type: ignore[attr-defined]
