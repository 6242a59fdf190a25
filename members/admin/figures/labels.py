"""What the pages call the groups of the statistics, their bands, and the lines of the balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.rules import hierarchy
from members.rules import codes, figures
from members.rules.figures import LINES, UNKNOWN, Band, Period
from registry.language import said


@dataclass(frozen=True)
class Bar:
    """One bar of a chart, which opens the list behind it."""

    label: str
    number: int
    url: str


GROUPS = {
    "members": _("Members"),
    "by_sex": _("By sex"),
    "by_age": _("By age"),
    "by_education": _("By education"),
    "by_category": _("By category"),
    "by_party_age": _("By years of Party age"),
    "by_joined": _("By month of joining"),
    "by_ethnicity": _("By ethnic group"),
}
ORGANIZATIONS, BALANCE = "organizations", "balance"
TOTALS = {
    "total": _("members together"),
    "full": _("full members"),
    "probationary": _("probationary members"),
    "women": _("women"),
    "minority": _("ethnic minorities"),
}


def label_of(group: str, code: str) -> str:
    """Return what a number is called in the language in use."""
    if code == UNKNOWN:
        return _now("none yet") if group == "by_party_age" else _now("not known")
    return _LABELS[group](code)


def _years(bands: tuple[Band, ...]) -> Callable[[str], str]:
    return lambda code: _range(next(band for band in bands if band.code == code))


def _range(band: Band) -> str:
    if band.low is None:
        return f"≤ {band.high}"
    return f"≥ {band.low}" if band.high is None else f"{band.low}–{band.high}"


def _months(period: Period) -> str:
    if period.first is None:
        return f"≤ {period.last and period.last.printed}"
    if period.last is None:
        return f"≥ {period.first.printed}"
    return f"{period.first.printed}–{period.last.printed}"


_LABELS: dict[str, Callable[[str], str]] = {
    "members": lambda code: str(TOTALS[code]),
    "by_sex": lambda code: said(codes.SEXES[code].label),
    "by_age": _years(figures.AGES),
    "by_education": lambda code: next(
        each.chinese for each in figures.EDUCATION_LEVELS if each.code == code
    ),
    "by_category": lambda code: said(codes.CATEGORIES[code].label),
    "by_party_age": _years(figures.PARTY_AGES),
    "by_joined": lambda code: _months(next(p for p in figures.PERIODS if p.code == code)),
    "by_ethnicity": lambda code: codes.ETHNIC_GROUPS[code],
    ORGANIZATIONS: lambda code: (
        _now("Organisations") if code == "total" else said(hierarchy.KINDS[code].label)
    ),
    BALANCE: lambda code: said(LINES[code].label),
}


@dataclass(frozen=True)
class Pair(Bar):
    """Two bars beside each other: a number, and the same of a year before."""

    before: int


def sign_of(line: str) -> str:
    return {1: "+", -1: "−"}.get(LINES[line].sign, "")


def tables(numbers: dict[str, Any], address: Callable[[str, str], str]) -> list[dict[str, Any]]:
    """Return the groups of members as tables of label, number and the address of its list."""
    found = []
    for group, heading in GROUPS.items():
        rows = [
            (label_of(group, code), number, address(group, code) if number else "")
            for code, number in numbers["members"].get(group, {}).items()
            # Of 58 ethnic groups and of what everybody knows, only those that count somebody.
            if number or (group != "by_ethnicity" and code != UNKNOWN)
        ]
        found.append({"key": group, "heading": heading, "rows": rows})
    kinds = [
        (label_of(ORGANIZATIONS, kind), number, address(ORGANIZATIONS, kind) if number else "")
        for kind, number in numbers["organizations"].items()
    ]
    found.insert(1, {"key": ORGANIZATIONS, "heading": _("Organisations"), "rows": kinds})
    return found


def charts(
    numbers: dict[str, Any], address: Callable[[str, str], str]
) -> list[tuple[str, Any, list[Bar]]]:
    """Return the groups that are drawn: an id, the heading, and the bars."""
    return [
        (
            f"chart-{group}",
            GROUPS[group],
            [
                Bar(label_of(group, code), number, address(group, code))
                for code, number in numbers["members"][group].items()
                if code != UNKNOWN
            ],
        )
        for group in ("by_age", "by_party_age", "by_joined")
    ]


def balance_lines(
    numbers: dict[str, int], address: Callable[[str, str], str]
) -> list[dict[str, Any]]:
    """Return the lines of the balance, each with its sign and the address of its list."""
    return [
        {
            "code": code,
            "label": label_of(BALANCE, code),
            "sign": sign_of(code),
            "number": numbers[code],
            "url": address(BALANCE, code) if numbers[code] else "",
        }
        for code in LINES
    ]
