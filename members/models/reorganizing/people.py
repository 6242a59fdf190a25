"""Whoever belongs to an organisation that ends or holds nobody any more goes elsewhere with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization, Reorganization
from branches.models.reorganizing import Objections
from members.models.development.files import DevelopmentFile
from members.models.members import Member
from members.models.offices import Office
from members.models.placements import Placement

TOLD = 20  # people who are named, of many with an objection of their own


def on_roll_of(organization: Organization) -> list[Member]:
    """Return who is on its roll, in the order of the roster."""
    return list(Member.objects.filter(organization=organization).on_roll().in_roster_order())


def judge_day(on: date, today: date | None, problems: Objections) -> None:
    """Object to a day that is still to come, where the door has told what day it is."""
    if today and on > today:
        sentence = _("%(day)s is still to come. Enter the change on that day.")
        problems.add("on", sentence, day=on)


def judge_people(organization: Organization, problems: Objections) -> None:
    """Object to people who are still there."""
    if people := Member.objects.filter(organization=organization).on_roll().count():
        text = ngettext(
            "%(count)s member is on its roll. Move everybody to another branch first.",
            "%(count)s members are on its roll. Move everybody to another branch first.",
            people,
        )
        problems.add(NON_FIELD_ERRORS, text, count=people)
    if files := DevelopmentFile.objects.filter(organization=organization).open().count():
        text = ngettext(
            "%(count)s development file is open there. Move it to another branch first.",
            "%(count)s development files are open there. Move them to another branch first.",
            files,
        )
        problems.add(NON_FIELD_ERRORS, text, count=files)


def judge_later_stays(organization: Organization, on: date, problems: Objections) -> None:
    """Object where somebody has left it after ``on``: it held people until then."""
    stays = Placement.objects.filter(organization=organization, placed_until__gt=on)
    if later := stays.filter(placed_until__gt=F("placed_from")).count():
        text = ngettext(
            "%(count)s member stayed in it until after %(on)s. Choose a later day.",
            "%(count)s members stayed in it until after %(on)s. Choose a later day.",
            later,
        )
        problems.add("on", text, count=later, on=on)


class Sending:
    """People, files and posts of organisations in one act, and what taking it back needs."""

    def __init__(self, act: Reorganization, on: date, problems: Objections) -> None:
        self.act, self.on, self.problems = act, on, problems
        self.members: list[list[int]] = []  # who, and from which branch
        self.files: list[list[int]] = []
        self.offices: list[int] = []

    def send(self, members: Sequence[Member], places: Mapping[int, Organization]) -> None:
        """Let each of ``members`` belong to his place, by his key; these are moves of the day."""
        unplaced = [member for member in members if member.pk not in places]
        if unplaced:
            text = ngettext(
                "%(count)s member has no branch yet: %(names)s. Choose one for each.",
                "%(count)s members have no branch yet: %(names)s. Choose one for each.",
                len(unplaced),
            )
            names = "、".join(each.name for each in unplaced[:TOLD])
            self.problems.add(NON_FIELD_ERRORS, text, count=len(unplaced), names=names)
        for member in members:
            place = places.get(member.pk)
            if place is None:
                continue
            here = member.organization_id
            if self.problems.attempt(partial(member.move_to, place, self.on)):
                self.members.append([member.pk, here])

    def send_files(
        self, organization: Organization, to: Organization | None, places: Mapping[int, Any] = {}
    ) -> None:
        """Let the open files of those who are no members go on in ``to``, or in their place."""
        files = DevelopmentFile.objects.filter(organization=organization).open()
        own = files.filter(Q(member__isnull=True) | ~Q(member__organization=organization))
        waiting = []
        for file in own.select_related("organization").order_by("pk"):
            place = places.get(file.pk, to)
            if place is None:
                waiting.append(file)
            else:
                file.follow_to(place)
                self.files.append([file.pk, organization.pk])
        if waiting:
            text = ngettext(
                "%(count)s development file is open there. Say in which branch it goes on.",
                "%(count)s development files are open there. Say in which branch they go on.",
                len(waiting),
            )
            self.problems.add(NON_FIELD_ERRORS, text, count=len(waiting))

    def end_posts(self, organization: Organization) -> None:
        """Let the posts held there end on the day."""
        held = Office.objects.filter(organization=organization, held_until__isnull=True)
        for office in held.select_related("member"):
            if office.held_from >= self.on:
                self.problems.add(
                    "on",
                    _("%(holder)s holds a post there since %(day)s. Choose a later day."),
                    holder=office.holder,
                    day=office.held_from,
                )
                continue
            office.held_until = self.on
            office.save()
            self.offices.append(office.pk)

    def keep(self) -> None:
        """Remember with the act who was sent, and which posts have ended."""
        self.act.keep(members=self.members, files=self.files, offices=self.offices)
