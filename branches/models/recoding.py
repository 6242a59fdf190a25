"""New codes, by rule, for an organisation that moves and everything below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from branches.models.periods import OrganizationPeriod
from branches.rules import codes, tree
from branches.rules.codes import Coded
from registry.language import said
from registry.loading import update
from registry.models.bulk_log import Line, LinkedEntries
from registry.models.log import Action

if TYPE_CHECKING:
    from branches.models.organizations import Organization

_LABEL = "branches.organization"
_TOLD = 20
_AT_ONCE = 500


def new_codes(top: Organization, parent: Organization, path: str, problems: Any) -> dict[int, str]:
    """Return the codes, by key, that ``top`` at ``path`` and what stands below get under
    ``parent``, where they change. Dissolved ones keep theirs."""
    rows = type(top).objects.filter(path__gte=path, path__lt=tree.end_of(path)).standing()
    columns = rows.order_by("path").values_list("pk", "parent_id", "code")
    moving = [Coded(*row) for row in columns]
    if not moving:
        return {}  # it was dissolved, which is said elsewhere
    known = set(_beginning_with(type(top).objects, parent.code))
    known |= set(_beginning_with(OrganizationPeriod.objects, parent.code))
    try:
        found = codes.recoded(moving, parent.code, known)
    except ValueError as error:
        problems.add("recode", said(error.args[0]))
        return {}
    keys = {each.key for each in moving}
    wanted = list(found.values())
    taken = {
        code
        for start in range(0, len(wanted), _AT_ONCE)
        for key, code in type(top)
        .objects.filter(code__in=wanted[start : start + _AT_ONCE])
        .values_list("pk", "code")
        if key not in keys
    }
    for objection in codes.recoding_objections(moving, found, taken)[:_TOLD]:
        problems.add("recode", said(objection))
    return {each.key: found[each.key] for each in moving if found[each.key] != each.code}


def _beginning_with(rows: Any, code: str) -> Any:
    return rows.filter(code__startswith=code).values_list("code", flat=True)


def set_codes(model: Any, new: Mapping[int, str], log_at: Organization) -> None:
    """Write the codes by key, and log each with the organisation that takes the others along."""
    if not new:
        return
    keys = list(new)
    old: dict[int, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        rows = model.objects.filter(pk__in=keys[start : start + _AT_ONCE])
        old |= dict(rows.values_list("pk", "code"))
    if set(new.values()) & set(old.values()):
        # One takes the code of another, which is in its way until it has its own.
        update(model, ("code",), [(f"-{key}", key) for key in new])
    update(model, ("code",), [(code, key) for key, code in new.items()])
    entries = LinkedEntries(log_at.log_chain)
    try:
        entries.add(
            Line(Action.CHANGE, _LABEL, key, code, [["code", old[key], code]])
            for key, code in new.items()
        )
        entries.enter()
    finally:
        entries.close()
