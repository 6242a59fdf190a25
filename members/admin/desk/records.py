"""What is to be mended in the records, and uploads that wait to be applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization
from branches.rules import roles
from members.admin.desk.lines import MOST_NAMED, OPEN, WARN, Line, people_in
from members.admin.desk.reach import Reach, reach_of
from members.models import Finding, Member
from members.models.headcounts import on_roll_now
from registry.models import ImportJob
from registry.models.jobs import OPEN as WAITING


def findings(user: Any, today: date) -> Iterable[Line]:
    """Members in whose record something looks odd, and nobody has let it stand."""

    def sentence(number: int) -> str:
        return ngettext(
            "%(number)s record looks odd: correct it or let it stand",
            "%(number)s records look odd: correct them or let them stand",
            number,
        ) % {"number": number}

    rows = Member.objects.visible_to(user).on_roll().with_open_finding()
    found = Finding.objects.standing_open().visible_to(user)
    # From the findings, which are few, and not from the members.
    spread = found.filter(on_roll_now("member__")).order_by().values_list(
        "member__organization__path"
    )  # fmt: skip
    counts = spread.annotate(Count("member", distinct=True))
    return _members(rows, counts, reach_of(user), today, sentence, "finding", look=WARN)


def incomplete(user: Any, today: date) -> Iterable[Line]:
    def sentence(number: int) -> str:
        return ngettext(
            "%(number)s record is incomplete", "%(number)s records are incomplete", number
        ) % {"number": number}

    rows = Member.objects.visible_to(user).on_roll().incomplete()
    counts = rows.order_by().values_list("organization__path").annotate(Count("pk"))
    return _members(rows, counts, reach_of(user), today, sentence, "missing")


def _members(
    rows: Any,
    counts: Any,
    reach: Reach,
    today: date,
    sentence: Callable[[int], str],
    asked: str,
    **more: Any,
) -> list[Line]:
    """The line about the members ``rows``, with their names where they are few, and the list of
    them, which the filter ``asked`` makes; ``counts`` are their numbers by path."""

    def address(organization: Organization | int) -> str:
        return members_address(organization, **{asked: "any"})

    rows, more = rows.in_roster_order(), {"counts": counts, "everywhere": True, **more}
    return people_in(rows, reach, today, asked, sentence, address, **more)


def members_address(organization: Organization | int, **asked: Any) -> str:
    """Return the list of members in an organisation; 0 is everything that the user sees."""
    pk = organization if isinstance(organization, int) else organization.pk
    query = urlencode(({"organization": pk} if pk else {}) | asked)
    return f"{reverse('admin:members_member_changelist')}?{query}"


def uploads(user: Any, today: date) -> Iterator[Line]:
    """Uploads of which not everything is written; only their uploader applies them."""
    if not reach_of(user, roles.IMPORT).tops:
        return
    rows = ImportJob.objects.visible_to(user, roles.IMPORT).filter(user=user, state__in=WAITING)
    asked = rows.order_by("pk").values_list("pk", "file_name", "scope_label", "created_at")
    for pk, file_name, scope, at in asked[:MOST_NAMED]:
        words = {"file": file_name, "day": timezone.localtime(at).date(), "scope": scope}
        yield Line(
            OPEN,
            _("The upload “%(file)s” of %(day)s waits to be applied") % words,
            reverse("admin:registry_importjob_change", args=[pk]),
            look=WARN,
        )
