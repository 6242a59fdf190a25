"""What changed lately, in the organisations whose history a clerk may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Organization
from branches.rules import roles
from registry.admin.history import label_of
from registry.models import ChainHead, Entry
from registry.models.log import Action

LINES = 10
NARROW = 50  # organisations whose own chains are read; above that the end of the log is
LOG_END = 500


def lately(user: Any) -> list[dict[str, Any]]:
    """Return the last changes in the organisations whose history ``user`` may see.

    Only records that he sees today are named, and only which fields changed, never the values.
    """
    entries = [entry for entry in _entries_for(user) if entry.model and _shown(entry.model)]
    seen = _visible(entries, user)
    return [
        {
            "at": timezone.localtime(entry.at),
            "user": entry.user or _("on the server"),
            "action": entry.get_action_display(),
            "label": entry.label,
            "url": _page_of(entry.model, entry.object_id),
            "fields": _changed(entry),
        }
        for entry in entries
        if (entry.model, entry.object_id) in seen
    ][:LINES]


def _entries_for(user: Any) -> Iterable[Entry]:
    """The last entries of the user's chains: each chain's own, or from the end of the whole log."""
    mine = Organization.objects.visible_to(user, roles.VIEW_HISTORY)
    newest = Entry.objects.select_related("user").order_by("-id")
    narrow = [f"organization:{pk}" for pk in mine.values_list("pk", flat=True)[: NARROW + 1]]
    if not narrow:
        return []
    if len(narrow) <= NARROW:
        heads = dict(ChainHead.objects.filter(chain__in=narrow).values_list("chain", "position"))
        asked = Q(pk__in=[])
        for chain, last in heads.items():  # positions run without a gap
            asked |= Q(chain=chain, position__gt=last - 2 * LINES)
        return newest.filter(asked)[: 5 * LINES]
    recent = [entry for entry in newest[:LOG_END] if entry.chain.startswith("organization:")]
    ids = {int(entry.chain.partition(":")[2]) for entry in recent}
    allowed = set(mine.filter(pk__in=ids).values_list("pk", flat=True))
    return [entry for entry in recent if int(entry.chain.partition(":")[2]) in allowed]


def _shown(model: str) -> bool:
    """Whether records of this model have a page of their own; stays and offices have none."""
    try:
        return admin.site.is_registered(apps.get_model(model))
    except (LookupError, ValueError):
        return False


def _changed(entry: Entry) -> list[Any]:
    """The fields that a change touched; a new record has them all, which says nothing."""
    if entry.action != Action.CHANGE:
        return []
    return [label_of(entry.model, change[0]) for change in entry.changes][:6]


def _visible(entries: Iterable[Entry], user: Any) -> set[tuple[str, int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.object_id is not None:
            wanted[entry.model].add(entry.object_id)
    return {
        (model, pk)
        for model, ids in wanted.items()
        for pk in apps.get_model(model)
        ._default_manager.visible_to(user, roles.VIEW)
        .filter(pk__in=ids)
        .values_list("pk", flat=True)
    }


def _page_of(model: str, pk: Any) -> str:
    try:
        return reverse(f"admin:{model.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:  # a list without pages of single records
        return ""
