"""The start page itself: what is to be done, by urgency and subject, before everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import may
from branches.rules import roles
from members.admin.desk.figures import accounts, figures
from members.admin.desk.lately import lately
from members.admin.desk.lines import NOW, OPEN, SOON, URGENCIES, Line
from members.admin.desk.reach import reach_of
from members.admin.desk.sources import SOURCES

TITLES = {NOW: _("Due today or late"), SOON: _("Soon"), OPEN: _("Without a last day")}


@dataclass(frozen=True)
class Group:
    """The lines that press alike, each subject's together."""

    code: str
    title: str
    subjects: list[tuple[str, list[Line]]]

    @property
    def number(self) -> int:
        return sum(len(lines) for _subject, lines in self.subjects)


def start_page(request: HttpRequest) -> dict[str, Any]:
    """Return what a clerk finds on the start page; nothing for who sees no members."""
    shown = figures(request)
    if not shown:
        return {}
    today = timezone.localdate()
    groups = groups_of(request.user, today)
    return {
        **shown,
        "today": today,
        "desk_groups": groups,
        "first_step": "" if groups else first_step(request.user),
        "lately": lately(request.user),
    }


def groups_of(user: Any, today: date) -> list[Group]:
    """Return what is to be done, the most pressing first; groups without a line are left out."""
    lines = [(f"{subject}", line) for subject, source in SOURCES for line in source(user, today)]
    found = []
    for urgency in URGENCIES:
        pressing = [(subject, line) for subject, line in lines if line.urgency == urgency]
        subjects = [
            (subject, sorted((line for _subject, line in each), key=lambda line: line.order))
            for subject, each in groupby(pressing, key=lambda pair: pair[0])
        ]
        if subjects:
            found.append(Group(urgency, f"{TITLES[urgency]}", subjects))
    return found


def first_step(user: Any) -> tuple[str, str]:
    """Return what to do where nothing is to be done: the way in for an empty register, the list
    of members for any other; a label and an address."""
    if not reach_of(user).people and may(user, roles.IMPORT):
        return _now("Upload the roster that you have"), reverse("admin:registry_importjob_add")
    return _now("Open the list of members"), reverse("admin:members_member_changelist")


_site: Any = admin.site
_site.desk += [start_page, accounts]
_site.search_url_name = "members_member_changelist"
