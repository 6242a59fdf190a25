"""An act on organisations is taken back: the tree and the chronicle are as if it had never been.

Only while nothing was built on it. Whoever calls this sends people back where they came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from branches.models.organizations import Organization
from branches.models.periods import Event, OrganizationPeriod
from branches.models.recoding import set_codes
from branches.models.reorganizations import Reorganization
from branches.models.reorganizing import TOLD, Objections
from branches.models.undoing import take_out
from branches.rules import hierarchy, tree
from registry.language import said
from registry.loading import update
from registry.models import Entry, HeadingAnswer, ImportJob, StaleRecord
from registry.models.log import Action

_PLACED = (Event.MOVED, Event.REASSIGNED)  # stood elsewhere before
_RESTORED = ("name", "short_name", "kind", "sort", "parent_id", "path")
_AT_ONCE = 500


class TakingBack:
    """What one act has written, and how it was before."""

    def __init__(self, act: Reorganization) -> None:
        self.act = act
        self.lines = list(act.lines.order_by("pk"))
        self.keys = list(dict.fromkeys(line.organization_id for line in self.lines))
        self.founded = [line.organization_id for line in self.lines if line.event == Event.FOUNDED]
        restored = sorted(set(self.keys) - set(self.founded))
        self.events: dict[int, set[str]] = defaultdict(set)
        for line in self.lines:
            self.events[line.organization_id].add(line.event)
        self.before = _last_lines(restored, act)
        self.now = {each.pk: each for each in _those(Organization.objects, "pk", self.keys)}

    # What was built on it

    def judge(self, problems: Objections) -> None:
        """Add every reason why the tree cannot be as it was before."""
        if self.act.taken_back_at:
            problems.add(NON_FIELD_ERRORS, _("It was taken back already."))
            return
        self._judge_later_lines(problems)
        self._judge_uploads(problems)
        for key, line in self.before.items():
            if self.events[key] & {*_PLACED, Event.DISSOLVED}:
                self._judge_place(line, problems)
            elif line.kind != self.now[key].kind:
                self._judge_kind(key, line, problems)
        self._judge_codes(problems)

    def _judge_later_lines(self, problems: Objections) -> None:
        last = self.lines[-1].pk if self.lines else 0
        built = Q(pk__in=[])
        for line in self.lines:
            if line.event not in (Event.RENAMED, Event.MOVED_ALONG):
                path = self.now[line.organization_id].path
                built |= Q(path__gte=path, path__lt=tree.end_of(path))
        touched = self.act.lines.values("organization")
        later = OrganizationPeriod.objects.filter(
            built | Q(organization__in=touched), pk__gt=last
        ).exclude(act=self.act)
        for line in later.select_related("organization").order_by("pk")[:TOLD]:
            problems.add(
                NON_FIELD_ERRORS,
                _("%(name)s was %(event)s on %(day)s, after this. Take that back first."),
                name=line.organization,
                event=line.get_event_display(),
                day=line.valid_from,
            )

    def _judge_uploads(self, problems: Objections) -> None:
        """A place in the tree that is given up may be given out again, with what was uploaded."""
        for line in self.lines:
            if line.event in _PLACED:
                path = self.now[line.organization_id].path
                there = {"scope_path__gte": path, "scope_path__lt": tree.end_of(path)}
                if any(
                    rows.filter(**there).exists()
                    for rows in (ImportJob.objects, HeadingAnswer.objects)
                ):
                    problems.add(
                        NON_FIELD_ERRORS,
                        _("A workbook was uploaded for %(name)s since. It stays where it is."),
                        name=self.now[line.organization_id],
                    )

    def _judge_place(self, line: OrganizationPeriod, problems: Objections) -> None:
        """Its former superior stands where it stood then, and has no other one of this name."""
        parent = line.parent
        if parent is None:
            return
        if parent.dissolved_on and parent.pk not in self.before:
            problems.add(
                NON_FIELD_ERRORS,
                _("%(parent)s, where %(name)s stood, was dissolved on %(day)s."),
                parent=parent,
                name=line.name,
                day=parent.dissolved_on,
            )
        elif parent.pk not in self.before and parent.path != tree.parent_of(line.path):
            problems.add(
                NON_FIELD_ERRORS,
                _("%(parent)s, where %(name)s stood, has moved since."),
                parent=parent,
                name=line.name,
            )
        others = Organization.objects.standing().filter(parent=parent, name=line.name)
        if others.exclude(pk__in=self.keys).exists():
            problems.add(
                NON_FIELD_ERRORS,
                _("%(parent)s has another organisation called “%(name)s” by now."),
                parent=parent,
                name=line.name,
            )

    def _judge_kind(self, key: int, line: OrganizationPeriod, problems: Objections) -> None:
        for child in self.now[key].children.standing().exclude(pk__in=self.founded):
            for objection in hierarchy.objections(child.kind, line.kind):
                why = {"child": child, "why": said(objection)}
                problems.add(NON_FIELD_ERRORS, "%(child)s: %(why)s", **why)

    def _judge_codes(self, problems: Objections) -> None:
        wanted = {line.code: key for key, line in self.before.items() if line.code}
        for each in _those(Organization.objects, "code", wanted):
            if each.pk not in self.now:
                problems.add(
                    NON_FIELD_ERRORS,
                    _("The code %(code)s belongs to %(name)s by now."),
                    code=each.code,
                    name=each,
                )

    # Taking back

    def restore(self) -> None:
        """Let everything that stood before the act be as it was; what it founded is left."""
        self._move_dissolved_ones_back()
        for some in _chunks(sorted(self.before)):
            self.act.lines.filter(organization__in=some).delete()
            reopened = [self.before[key].pk for key in some]
            OrganizationPeriod.objects.filter(pk__in=reopened).update(valid_until=None)
        rows = []
        for key, line in self.before.items():
            one = self.now[key]
            restored = [getattr(line, column) for column in _RESTORED]
            rows.append((*restored, None, key, one.version))
            self._log(one, line)
        if update(Organization, (*_RESTORED, "dissolved_on"), rows, version="version") != len(rows):
            raise StaleRecord(str(self.act))
        changed = {
            key: line.code
            for key, line in self.before.items()
            if line.code and line.code != self.now[key].code
        }
        set_codes(Organization, changed, self.act.organization)
        if self.act.kept.get("approved"):
            for organization in Organization.objects.filter(pk=self.act.organization_id):
                organization.approves_members = True
                organization.save()

    def _log(self, now: Organization, line: OrganizationPeriod) -> None:
        """What moved along has no column that the log would tell."""
        if self.events[now.pk] != {Event.MOVED_ALONG}:
            now.name, now.short_name, now.kind = line.name, line.short_name, line.kind
            now.sort, now.parent, now.dissolved_on = line.sort, line.parent, None
            if changes := now.changes():
                Entry.append(Action.CHANGE, now, changes)

    def _move_dissolved_ones_back(self) -> None:
        """They moved along without a line of the chronicle."""
        for key, line in self.before.items():
            path = self.now[key].path
            if self.events[key] & set(_PLACED):
                rows = Organization.objects.filter(dissolved_on__isnull=False)
                rows.filter(path__gt=path, path__lt=tree.end_of(path)).update(
                    path=Concat(Value(line.path), Substr("path", len(path) + 1)),
                    version=F("version") + 1,
                )

    def remove_founded(self, problems: Objections) -> None:
        """Let what the act has founded never have been, the deepest first."""
        founded = Organization.objects.filter(pk__in=self.founded).order_by("-path")
        for organization in founded:
            try:
                take_out(organization)
            except ValidationError as error:
                for sentence in error.messages:
                    why = {"name": organization, "why": sentence}
                    problems.add(NON_FIELD_ERRORS, "%(name)s: %(why)s", **why)


def _last_lines(keys: Sequence[int], act: Reorganization) -> dict[int, OrganizationPeriod]:
    """Return the last line of each organisation that ``act`` has not written."""
    found: dict[int, OrganizationPeriod] = {}
    for some in _chunks(keys):
        rows = OrganizationPeriod.objects.filter(organization__in=some).exclude(act=act)
        last = rows.order_by().values("organization").annotate(last=Max("pk")).values("last")
        for line in OrganizationPeriod.objects.filter(pk__in=last).select_related("parent"):
            found[line.organization_id] = line
    return found


def _those(rows: Any, column: str, values: Iterable[Any]) -> Iterable[Any]:
    for some in _chunks(list(values)):
        yield from rows.filter(**{f"{column}__in": some})


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
