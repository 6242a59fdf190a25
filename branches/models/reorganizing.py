"""The verbs by which the tree of organisations changes, each with its day and document number.

Every verb writes a line of the chronicle, so that name, kind and place are known for any day. It
raises one ValidationError with all that speaks against it, and then has changed nothing. All of
them take one lock first: two moves at a time, each sound by itself, could close a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models.chronicling import Chronicled
from branches.models.periods import BEGINNING, Event, OrganizationPeriod
from branches.models.recoding import new_codes, set_codes
from branches.models.reorganizations import Act, Reorganization
from branches.rules import hierarchy, tree
from registry.language import said
from registry.locks import hold

if TYPE_CHECKING:
    from branches.models.organizations import Organization

TREE = "tree"
TOLD = 20  # of many organisations with the same objection so many are named


def hold_tree(*, shared: bool = False) -> None:
    """Keep the tree as it is until the transaction ends; call it before any row is locked.

    Alone for whoever changes the tree, or many people at once; ``shared`` for a change of one
    person, whose headcounts follow the paths as they are then.
    """
    hold(TREE, shared=shared)


class Objections(defaultdict[str, list[Any]]):
    """What speaks against a change, by field; ``on`` is the day of the change."""

    def __init__(self) -> None:
        super().__init__(list)

    def add(self, field: str, sentence: str, **params: Any) -> None:
        self[field].append(sentence % params if params else sentence)

    def add_all(self, error: ValidationError) -> None:
        for field, errors in error.update_error_dict({}).items():
            self[field] += errors

    def attempt(self, verb: Callable[[], Any]) -> bool:
        """Run a verb by itself and gather what it objects to, each sentence once; return whether
        it was done."""
        try:
            with transaction.atomic():
                verb()
        except ValidationError as error:
            for field, errors in error.update_error_dict({}).items():
                known = [text for told in self[field] for text in getattr(told, "messages", [told])]
                found = (text for each in errors for text in each.messages)
                self[field] += [text for text in found if text not in known]
            return False
        return True

    def stop(self) -> None:
        """Raise all of them at once; do nothing where there is none."""
        if self:
            raise ValidationError(dict(self))


class Reorganizing(Chronicled):
    """The verbs of an organisation; its columns stand in ``Organization``, hence ``self: Any``.

    A verb that is part of a greater ``act`` hangs its lines on that one; otherwise it is an act by
    itself.
    """

    parent: Any
    dissolved_on: Any

    class Meta:
        abstract = True

    @classmethod
    @transaction.atomic
    def found(cls, *, document: str = "", act: Reorganization | None = None, **fields: Any) -> Self:
        """Found an organisation, and begin its chronicle on the day of founding."""
        organization = cls(**fields)
        organization.establish(document=document, act=act)
        return organization

    @transaction.atomic
    def establish(self: Any, *, document: str = "", act: Reorganization | None = None) -> None:
        """Give this new organisation its place in the tree and the first line of its chronicle.

        Where it was founded before its superior came to stand where it stands, the chronicle
        follows the superior through its former places.
        """
        hold_tree()
        parent = self._newest(self.parent)
        problems = Objections()
        self._judge_superior(parent, self.founded_on, "founded_on", problems)
        places = [(self.founded_on or BEGINNING, "")]
        if parent:
            places = parent.places_since(self.founded_on or BEGINNING)
        self._place(places[-1][1], problems)
        self._refuse(problems)
        self.save()
        began, event = places[0][0], Event.FOUNDED
        for day, place in places:
            path = self.path if (day, place) == places[-1] else self._next_path(place)
            self._begin(day, event, document if day == began else "", act, path=path)
            event = Event.MOVED_ALONG

    @transaction.atomic
    def rename(self: Any, name: str, short_name: str = "", *, on: date, document: str = "") -> None:
        """Carry another name from ``on``; papers of earlier days keep the old one."""
        problems = self._begin_change(on)
        if (name, short_name) == (self.name, self.short_name):
            problems.add("name", _("“%(name)s” is its name already. Write the new one."), name=name)
        self.name, self.short_name = name, short_name
        self._refuse(problems)
        self.save()
        act = Reorganization.enter(Act.RENAME, self, on, document)
        self._begin(on, Event.RENAMED, document, act)

    @transaction.atomic
    def change_kind(
        self: Any,
        kind: str,
        sort: str = "ordinary",
        *,
        on: date,
        document: str = "",
        act: Reorganization | None = None,
        dissolving: Collection[int] = (),
    ) -> None:
        """Become another kind of organisation from ``on``; what stands below must allow it.

        Whoever calls this has made sure that nobody belongs here whom the new kind cannot hold,
        and that the organisations below with the keys ``dissolving`` end in the same act.
        """
        problems = self._begin_change(on)
        approved = self.approves_members
        if (kind, sort) == (self.kind, self.sort):
            problems.add("kind", _("It is of this kind already. Choose another one."))
        if kind in hierarchy.KINDS:
            for child in self.children.standing().exclude(pk__in=dissolving).order_by("path"):
                for objection in hierarchy.objections(child.kind, kind):
                    problems.add("kind", "%(child)s: %(why)s", child=child, why=said(objection))
            if not hierarchy.KINDS[kind].holds_members and self.party_groups.exists():
                problems.add("kind", _("It has Party groups, which only branches have."))
            if not hierarchy.KINDS[kind].may_approve:
                self.approves_members = False
        self.kind, self.sort = kind, sort
        self._refuse(problems)
        act = act or Reorganization.enter(Act.KIND, self, on, document)
        if approved and not self.approves_members:
            act.keep(approved=True)
        self.save()
        self._begin(on, Event.CHANGED_KIND, document, act)

    @transaction.atomic
    def move_under(
        self: Any,
        parent: Organization,
        *,
        on: date,
        document: str = "",
        recode: bool = False,
        act: Reorganization | None = None,
    ) -> None:
        """Stand under ``parent`` from ``on``, with everything below.

        With ``recode`` all that stand get new codes by the rule; otherwise they keep theirs.
        Within a split or a merger it is given to another superior, which is no whole move. Raises
        ValidationError with every objection: the kinds, a circle, a dissolved superior, a code
        that is taken, a day before the founding or before a later change of any organisation that
        moves along.
        """
        problems = self._begin_change(on)
        old_path = self.path
        below = type(self).objects.under(self).exclude(pk=self.pk)
        parent = self._newest(parent)
        if parent.pk == self.parent_id:
            problems.add("parent", _("It stands under %(parent)s already."), parent=parent)
        self._judge_superior(parent, on, "on", problems)
        self._judge_place_of(parent, on, problems)
        self._judge_later_changes(below, on, problems)
        self.parent = parent
        if not parent.path.startswith(old_path):  # else clean() speaks of the circle
            deepest = below.aggregate(length=Max(Length("path")))["length"] or len(old_path)
            self._place(parent.path, problems, deepest - len(old_path))
        new = new_codes(self, parent, old_path, problems) if recode else {}
        self._refuse(problems)
        new_path, self.path = self.path, old_path
        rows = type(self).objects.under(self).exclude(pk=self.pk)
        # Whoever has read a row before must not write its old place back: a new version says so.
        rows.update(
            path=Concat(Value(new_path), Substr("path", len(old_path) + 1)),
            version=F("version") + 1,
        )
        self.path = new_path
        self.save()
        set_codes(type(self), new, self)
        self.code = self._loaded["code"] = new.get(self.pk, self.code)
        event = Event.REASSIGNED if act else Event.MOVED
        act = act or Reorganization.enter(Act.MOVE, self, on, document)
        self._begin(on, event, document, act)
        self._begin_along(on, document, act)

    @transaction.atomic
    def dissolve(
        self: Any, *, on: date, document: str = "", act: Reorganization | None = None
    ) -> None:
        """End on ``on``. Whoever calls this has made sure that nobody belongs here any more."""
        problems = self._begin_change(on)
        if self.founded_on and on == self.founded_on:
            problems.add("on", _("An organisation ends after its founding. Check the day."))
        if (standing := self.children.standing().count()) > 0:
            text = ngettext(
                "%(count)s organisation stands under it. Move or dissolve it first.",
                "%(count)s organisations stand under it. Move or dissolve them first.",
                standing,
            )
            problems.add(NON_FIELD_ERRORS, text, count=standing)
        problems.stop()
        act = act or Reorganization.enter(Act.DISSOLVE, self, on, document)
        self._begin(on, Event.DISSOLVED, document, act)
        self.periods.filter(valid_until__isnull=True).update(valid_until=on)
        self.dissolved_on = on
        self.save()

    @transaction.atomic
    def mark(self: Any, event: str, *, on: date, document: str, act: Reorganization) -> None:
        """Tell in the chronicle what it did to others on ``on``; nothing of it changes."""
        self._begin_change(on).stop()
        self._begin(on, event, document, act)

    # What speaks against it

    def _begin_change(self: Any, on: date) -> Objections:
        """Lock the tree, read this record anew, and return what speaks against a change then."""
        hold_tree()
        self.refresh_from_db()
        problems = Objections()
        if self.dissolved_on:
            problems.add(
                NON_FIELD_ERRORS,
                _("%(name)s was dissolved on %(day)s; nothing can happen to it any more."),
                name=self,
                day=self.dissolved_on,
            )
            return problems
        now = self.periods.filter(valid_until__isnull=True).first()
        if on < BEGINNING:
            problems.add("on", _("The register begins on %(day)s. Check the day."), day=BEGINNING)
        elif self.founded_on and on < self.founded_on:
            problems.add(
                "on",
                _("%(name)s was founded on %(day)s; nothing can happen to it before."),
                name=self,
                day=self.founded_on,
            )
        elif now and on < now.valid_from:
            problems.add("on", self._changed_later(self, now.valid_from, on))
        return problems

    @staticmethod
    def _changed_later(organization: Organization, day: date, on: date) -> str:
        return _("%(name)s has changed on %(day)s, after %(on)s. Choose a later day.") % {
            "name": organization,
            "day": day,
            "on": on,
        }

    def _judge_superior(
        self, parent: Organization | None, on: date | None, field: str, problems: Objections
    ) -> None:
        """``field`` is where the day stands that may be too early."""
        if parent is None:
            return
        if parent.dissolved_on:
            problems.add(
                "parent",
                _("%(parent)s was dissolved on %(day)s. Choose one that stands."),
                parent=parent,
                day=parent.dissolved_on,
            )
        if on and parent.founded_on and on < parent.founded_on:
            problems.add(
                field,
                _("%(parent)s was founded on %(day)s only. Check the day."),
                parent=parent,
                day=parent.founded_on,
            )

    def _judge_place_of(self, parent: Organization, on: date, problems: Objections) -> None:
        """Nothing moves under an organisation on a day when that stood somewhere else."""
        stands_since, _path = parent.places_since(BEGINNING)[-1]
        if on < stands_since and not (parent.founded_on and on < parent.founded_on):
            problems.add("on", self._changed_later(parent, stands_since, on))

    def _judge_later_changes(
        self, below: models.QuerySet[Organization], on: date, problems: Objections
    ) -> None:
        later = OrganizationPeriod.objects.filter(
            organization__in=below, valid_until__isnull=True, valid_from__gt=on
        ).select_related("organization")
        for period in later[:TOLD]:
            problems.add("on", self._changed_later(period.organization, period.valid_from, on))

    def _place(self: Any, parent_path: str, problems: Objections, below: int = 0) -> None:
        """Take the next free place at ``parent_path``, where the tree has one left.

        ``below`` is how much longer the longest path is of what moves along.
        """
        try:
            path = self._next_path(parent_path)
            if len(path) + below > tree.LONGEST:
                raise ValueError(path)
        except ValueError:
            problems.add("parent", _("There is no room left below it. Choose another superior."))
        else:
            self.path = path

    def _refuse(self: Any, problems: Objections) -> None:
        """Add what the record itself objects to, and raise it all; then be as it was before."""
        try:
            self.full_clean()
        except ValidationError as error:
            if not self.path:  # no room has been found for it, and that is said
                error.error_dict.pop("path", None)
            if error.error_dict:
                problems.add_all(error)
        if problems:
            for column, value in getattr(self, "_loaded", {}).items():
                setattr(self, column, value)
        problems.stop()
