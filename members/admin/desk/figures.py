"""A clerk's organisations with their numbers and two charts, as the start page shows them.

Its cost does not follow the register: heads come from the rows that the verbs keep, everything
else is counted within one organisation, and for a large one at most every ten minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Account, Organization, scopes
from branches.rules import hierarchy, roles
from members.admin.desk.reach import KEPT_FOR, LARGE, tops_of
from members.models import Finding, Headcount, Member
from members.models.headcounts import on_roll_now
from members.rules import figures as yearly
from registry.calendar import PartialDate, code_from, years_after

DETAILED = 3  # organisations with all numbers; of further ones only the heads
LISTED = 20

# The bands of the annual statistics, both ends included.
AGES = tuple((band.low, band.high) for band in yearly.AGES)
PERIODS = tuple((period.first, period.last) for period in yearly.PERIODS)


@dataclass(frozen=True)
class Figure:
    """One number of the start page, with the list of what it counts."""

    label: str
    number: int
    url: str
    attention: bool = False


@dataclass(frozen=True)
class Band:
    """One bar of a chart."""

    label: str
    number: int
    url: str


def figures(request: HttpRequest) -> dict[str, Any]:
    """Return the numbers of a clerk's organisations; nothing for who sees no members."""
    tops = tops_of(request.user)
    if not tops:
        return {}
    today = timezone.localdate()
    offices = []
    for number, top in enumerate(tops[:LISTED]):
        heads = Headcount.objects.filter(pk=top.pk).first() or Headcount()
        counted = (
            numbers_of(top, heads.full + heads.probationary, today) if number < DETAILED else {}
        )
        offices.append(
            {
                "organization": top,
                "figures": figures_of(top, heads, counted, today),
                "ages": bands_of_age(top, counted) if not number else [],
                "periods": bands_of_joining(top, counted) if not number else [],
            }
        )
    return {"offices": offices, "offices_left_out": max(0, len(tops) - LISTED)}


def accounts(request: HttpRequest) -> dict[str, Any]:
    """Return the numbers of accounts, for those who keep or check them."""
    if not scopes(request.user, roles.VIEW_ACCOUNTS):
        return {}
    counted = Account.objects.visible_to(request.user).aggregate(
        open=Count("pk", filter=Q(is_active=True)),
        closed=Count("pk", filter=Q(is_active=False)),
        idle=Count("pk", filter=Q(is_active=True, grants__isnull=True), distinct=True),
    )
    url = _address("admin:branches_account_changelist")
    return {
        "account_figures": [
            Figure(_("Accounts that may log in"), counted["open"], url),
            Figure(_("Closed accounts"), counted["closed"], url),
            Figure(_("Accounts without a role"), counted["idle"], url, bool(counted["idle"])),
        ]
    }


def numbers_of(top: Organization, heads: int, today: date) -> dict[str, int]:
    """Return what is counted in ``top`` and below; of a large one as it was some minutes ago."""
    key = f"desk:{top.pk}:{top.path}:{today}"
    if heads > LARGE and (kept := cache.get(key)):
        return dict(kept)
    rows = Member.objects.on_roll().under(top)
    counts: dict[str, Q] = {"incomplete": Q(missing_count__gt=0)}
    counts |= {f"age{index}": _of_age(band, today) for index, band in enumerate(AGES)}
    counts |= {f"joined{index}": _joined(period) for index, period in enumerate(PERIODS)}
    counted = rows.aggregate(**{name: Count("pk", filter=asked) for name, asked in counts.items()})
    counted["birthdays"] = rows.with_party_birthday_in(today.month).count()
    below = Organization.objects.standing().under(top)
    counted["branches"] = below.filter(kind=hierarchy.BRANCH).exclude(pk=top.pk).count()
    odd = Finding.objects.standing_open().filter(  # from the findings, which are few
        on_roll_now("member__"),
        member__organization__path__gte=top.path,
        member__organization__path__lt=top.end_path,
    )
    counted["findings"] = odd.values("member").distinct().count()
    if heads > LARGE:
        cache.set(key, counted, KEPT_FOR)
    return counted


def figures_of(
    top: Organization, heads: Headcount, counted: dict[str, int], today: date
) -> list[Figure]:
    figures = [
        Figure(_("Full members"), heads.full, _members(top, kind="full")),
        Figure(_("Probationary members"), heads.probationary, _members(top, kind="probationary")),
    ]
    if not counted:
        return figures
    if top.kind != hierarchy.BRANCH:
        tree = _address("admin:branches_organization_changelist")
        figures.append(Figure(_("Branches"), counted["branches"], tree))
    findings, incomplete = counted["findings"], counted["incomplete"]
    return [
        *figures,
        Figure(
            _("With open findings"), findings, _members(top, finding="any"), attention=findings > 0
        ),
        Figure(
            _("Incomplete records"),
            incomplete,
            _members(top, missing="any"),
            attention=incomplete > 0,
        ),
        Figure(
            _("Party birthdays this month"),
            counted["birthdays"],
            _members(top, birthday_month=today.month),
        ),
    ]


def bands_of_age(top: Organization, counted: dict[str, int]) -> list[Band]:
    return [
        Band(_range(low, high), counted[f"age{index}"], _members(top, age_from=low, age_to=high))
        for index, (low, high) in enumerate(AGES)
    ]


def bands_of_joining(top: Organization, counted: dict[str, int]) -> list[Band]:
    return [
        Band(
            _range(first and first.printed, last and last.printed),
            counted[f"joined{index}"],
            _members(top, joined_from=first, joined_to=last),
        )
        for index, (first, last) in enumerate(PERIODS)
    ]


def _of_age(band: tuple[int | None, int | None], today: date) -> Q:
    """Born so as to be of an age within the band today; both ends included."""
    low, high = band
    condition = Q(born_on__isnull=False)
    if low is not None:
        condition &= Q(born_on__lte=PartialDate.of(years_after(today, -low)))
    if high is not None:
        condition &= Q(born_on__gt=PartialDate.of(years_after(today, -high - 1)))
    return condition


def _joined(period: tuple[PartialDate | None, PartialDate | None]) -> Q:
    first, last = period
    condition = Q(joined_on__isnull=False)
    if first is not None:
        condition &= Q(joined_on__gte=code_from(first.first_day))
    if last is not None:
        condition &= Q(joined_on__lte=PartialDate.of(last.last_day))
    return condition


def _members(top: Organization, **asked: Any) -> str:
    """Return the address of the list of the members in ``top`` and below."""
    query = {"organization": top.pk} | {k: str(v) for k, v in asked.items() if v is not None}
    return f"{_address('admin:members_member_changelist')}?{urlencode(query)}"


def _range(low: Any, high: Any) -> str:
    if low is None:
        return f"≤ {high}"
    return f"≥ {low}" if high is None else f"{low}–{high}"


def _address(name: str, *parts: Any) -> str:
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:  # a list without pages of single records
        return ""
