"""The board: how many stand in which stage, what a year has brought, and what is left of it.

Every number opens the people behind it: files by the list of files, decisions of a year by a list
that the same question makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from branches.models import Organization
from branches.rules import roles, tree
from members.admin.asking import asking
from members.admin.development.pages import file_url, page
from members.admin.development.questions import Figure
from members.admin.development.waiting import one_page
from members.admin.development.years import YearForm
from members.admin.doors import address_of
from members.models import Quota
from members.models.development.board import (
    Board,
    Counts,
    accepted_in,
    board_of,
    decided_in,
    share_conditions,
)
from members.rules import development
from registry.language import said

HERE = "development_board"
DECIDED = {
    "accepted": _("Accepted"),
    "became_full": _("Became full members"),
    "extended": _("Probation extended"),
    "cancelled": _("Cancelled"),
}
SHARES = {
    "women": _("Women"),
    "young": _("35 and younger"),
    "educated": _("College and above"),
    "front_line": _("Front line"),
}
# The reserve as offices want it: objects, activists, applicants.
PYRAMID = (
    ("object", ("object", "acceptance"), pgettext_lazy("people", "Objects of development"), 1),
    ("activist", ("activist",), pgettext_lazy("people", "Activists"), 3),
    ("applicant", ("application",), pgettext_lazy("people", "Applicants"), 7),
)


@dataclass(frozen=True)
class Share:
    """One share of those accepted, in whole percent of them; None where nobody was."""

    label: str
    number: int
    percent: int | None
    url: str


@dataclass(frozen=True)
class BoardLine:
    """One organisation of the board, everything below it included."""

    organization: Organization
    url: str
    figures: list[Figure]


@dataclass(frozen=True)
class QuotaLine:
    organization: Organization
    planned: int
    used: int
    left: int
    url: str


@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """The board of an organisation and everything below it for a year."""
    today = timezone.localdate()
    organization, form = asking(request, YearForm, roles.VIEW, year=f"{today.year}")
    more: dict[str, Any] = {"asking": form}
    if form.is_valid():
        more |= _board(organization, form.cleaned_data["year"])
    return page(request, "board", organization, HERE, **more)


def _board(organization: Organization, year: int) -> dict[str, Any]:
    board = board_of(organization, year)
    reserve = {
        standing: sum(board.stages[stage] for stage in stages)
        for standing, stages, _label, _part in PYRAMID
    }
    return {
        "year": year,
        "board": board,
        "stages": _stages(organization, board),
        "decided": _decided(organization, board, year),
        "shares": [
            Share(
                f"{label}",
                board.shares[name],
                round(100 * board.shares[name] / board.accepted) if board.accepted else None,
                _counted(organization, year, "accepted", share=name),
            )
            for name, label in SHARES.items()
        ],
        "pyramid": [
            {
                "label": f"{label}",
                "number": reserve[standing],
                "part": part,
                "url": _files(organization, standing=standing),
            }
            for standing, _stages_, label, part in PYRAMID
        ],
        "broadest": max(1, *reserve.values()),
        "lines": _lines(organization, board, year),
        "quotas": _quotas(organization, board, year),
    }


def _files(organization: Organization, **asked: str) -> str:
    return address_of("members_developmentfile_changelist", organization, **asked)


def _counted(organization: Organization, year: int, what: str, **more: str) -> str:
    return address_of("development_counted", organization, year=year, what=what, **more)


def _stages(organization: Organization, counts: Counts) -> list[Figure]:
    return [
        Figure(said(stage.label), counts.stages[code], _files(organization, stage=code))
        for code, stage in development.STAGES.items()
    ]


def _decided(organization: Organization, counts: Counts, year: int) -> list[Figure]:
    return [
        Figure(f"{label}", getattr(counts, name), _counted(organization, year, name))
        for name, label in DECIDED.items()
    ]


def _lines(organization: Organization, board: Board, year: int) -> list[BoardLine]:
    """What stands right below, each with everything under it, and itself where people are."""
    below = {each.path: each for each in _right_below(organization)}
    sums: dict[str, Counts] = {}
    for branch, counts in board.branches.items():
        path = next((path for path in _line(branch.path) if path in below), branch.path)
        below.setdefault(path, branch)
        _add(sums.setdefault(path, Counts()), counts)
    return [
        BoardLine(
            below[path],
            address_of(HERE, below[path], year=year),
            [
                *_stages(below[path], sums[path]),
                *_decided(below[path], sums[path], year)[:2],
            ],
        )
        for path in sorted(sums)
    ]


def _right_below(organization: Organization) -> Any:
    return Organization.objects.filter(parent=organization)


def _line(path: str) -> list[str]:
    return [*tree.ancestors_of(path), path]


def _add(total: Counts, counts: Counts) -> None:
    for stage, number in counts.stages.items():
        total.stages[stage] += number
    for name in DECIDED:
        setattr(total, name, getattr(total, name) + getattr(counts, name))


def _quotas(organization: Organization, board: Board, year: int) -> list[QuotaLine]:
    """Who has a quota of the year, what of it is used and what is left."""
    given = Quota.objects.under(organization).filter(year=year).select_related("organization")
    lines = []
    for quota in given.order_by("organization__path"):
        office = quota.organization
        used = sum(
            counts.accepted
            for branch, counts in board.branches.items()
            if branch.path.startswith(office.path)
        )
        lines.append(
            QuotaLine(
                office, quota.planned, used, quota.planned - used,
                _counted(office, year, "accepted"),
            )
        )  # fmt: skip
    return lines


class CountedForm(YearForm):
    """Which decisions of a year, and which share of them."""

    what = forms.ChoiceField(label=_("decision"), choices=list(DECIDED.items()))
    share = forms.ChoiceField(
        label=_("of them"), required=False, choices=[("", _("all")), *SHARES.items()]
    )


@require_safe
def counted_page(request: HttpRequest) -> HttpResponse:
    """The people behind one number of the board, by the question that has counted it."""
    today = timezone.localdate()
    organization, form = asking(
        request, CountedForm, roles.VIEW, year=f"{today.year}", what="accepted"
    )
    if not form.is_valid():
        if {"what", "share"} & set(form.errors):
            raise Http404
        return page(request, "counted", organization, HERE, asking=form)
    year, what = form.cleaned_data["year"], form.cleaned_data["what"]
    rows = accepted_in(organization, year) if what == "accepted" else decided_in(
        organization, year, what
    )  # fmt: skip
    share = share_conditions(year).get(form.cleaned_data["share"])
    if share is not None:
        rows = rows.filter(_of_the_file(share))
    rows = rows.visible_to(request.user).select_related("file__organization")
    rows = rows.defer("file__id_number", "file__phone", "file__address", "facts", "effect")
    shown = one_page(rows.order_by("file__organization__path", "pk"), request.GET.get("page", ""))
    return page(
        request,
        "counted",
        organization,
        HERE,
        asking=form,
        title=_now("%(what)s in %(year)s") % {"what": DECIDED[what], "year": year},
        number=rows.count(),
        people=[(row, file_url(row.file_id)) for row in shown.rows],
        shown=shown,
        query=_counted(organization, year, what, share=form.cleaned_data["share"]),
        board_url=address_of(HERE, organization, year=year),
    )


def _of_the_file(condition: Q) -> Q:
    """Return the condition on a file as one on its steps."""
    return Q(*((f"file__{name}", value) for name, value in condition.children))  # type: ignore[misc]


admin.site.page("development/board/", board_page, HERE, roles.VIEW)  # type: ignore[attr-defined]
admin.site.page(  # type: ignore[attr-defined]
    "development/board/people/", counted_page, "development_counted", roles.VIEW
)
