"""The office's own fields (本单位自定义项): columns of its sheets that the register does not know.

A field holds for the members of the office that keeps it and of everything below. Its values lie
with the members under its name (``OwnValues.own``), so a name is given once and never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.models.grants import superiors_of
from branches.rules import roles, tree
from members.models.members import Member
from members.models.own_values import OWN
from registry.models import Entry, Record
from registry.models.log import Action
from registry.plain_text import plain_text

LONGEST_NAME = 50
BATCH = 500
_WIDTH_ONLY = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


def cleaned_name(heading: str) -> str:
    """Return a heading as the name of a field: in one line, without what is there for width only.

    Raises ValidationError for signs that cannot be printed.
    """
    text, _changed = plain_text(heading, lines=True)
    return _WIDTH_ONLY.sub("", " ".join(text.split()))


class OwnFieldQuerySet(models.QuerySet["OwnField"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The fields of the offices on which ``user`` has ``verb``.

        Seen are also those of the offices above, which hold for his members too.
        """
        ranges = scopes(user, verb)
        condition = in_scopes(ranges, "organization__path")
        if verb == roles.VIEW:
            condition |= Q(organization__path__in=superiors_of(ranges))
        return self.filter(condition)

    def for_path(self, path: str) -> Self:
        """The fields that hold for members at ``path``: of the office there and of all above it."""
        return self.filter(organization__path__in=[*tree.ancestors_of(path), path])

    def for_anybody_under(self, path: str) -> Self:
        """The fields that hold for some member at ``path`` or below it."""
        below = Q(organization__path__gte=path, organization__path__lt=tree.end_of(path))
        return self.filter(below | Q(organization__path__in=tree.ancestors_of(path)))

    def once_each(self) -> list[OwnField]:
        """The fields in their order; of those of one name, which share their values, one."""
        found: dict[str, OwnField] = {}
        for field in self.select_related("organization").order_by(*IN_ORDER):
            found.setdefault(field.name, field)
        return list(found.values())


IN_ORDER = ("organization__path", "display_order", "pk")


class OwnField(Record):
    """One column that an office keeps of its members beside what the register knows."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="own_fields", verbose_name=_("kept by")
    )
    name = models.CharField(
        _("name of the field"),
        max_length=LONGEST_NAME,
        help_text=_("As the heading of the column in your own sheets."),
    )
    display_order = models.PositiveIntegerField(_("order"), default=0, editable=False)

    objects = OwnFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="own_field_name_once_per_office",
                violation_error_message=_("The office already has an own field of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    def clean_fields(self, exclude: Any = None) -> None:
        self.name = cleaned_name(self.name)
        super().clean_fields(exclude)

    @classmethod
    @transaction.atomic
    def keep(cls, organization: Organization, names: Iterable[str]) -> list[OwnField]:
        """Return the fields of these names that hold at ``organization``; missing ones are added.

        Ask ``members.sheets.own_fields.refuse_known_heading`` first. Raises ValidationError for a
        name that cannot be one.
        """
        wanted = dict.fromkeys(map(cleaned_name, names))
        held = {each.name: each for each in cls.objects.for_path(organization.path).once_each()}
        last = organization.own_fields.aggregate(last=Max("display_order"))["last"] or 0
        for name in wanted:
            if name not in held:
                last += 1
                cls(organization=organization, name=name, display_order=last).clean_fields()
                held[name], _added = cls.objects.get_or_create(
                    organization=organization, name=name, defaults={"display_order": last}
                )
        return [held[name] for name in wanted]

    def holders(self) -> list[int]:
        """Return the keys of the members who lose a value when this field goes.

        Who stands under another office that keeps a field of this name keeps his value.
        """
        others = [
            each.organization.path
            for each in OwnField.objects.filter(name=self.name).select_related("organization")
            if each.pk != self.pk
        ]
        rows = Member.objects.under(self.organization).exclude(own_sealed="")
        rows = rows.select_related("organization").only("organization__path", OWN)
        return [
            member.pk
            for member in rows.iterator(chunk_size=BATCH)
            if self.name in member.own
            and not any(tree.stands_under(member.organization.path, path) for path in others)
        ]

    @transaction.atomic
    def erase(self) -> None:
        """Delete the field, and with it what members hold in it."""
        keys, entries = self.holders(), []
        for start in range(0, len(keys), BATCH):
            entries += self._emptied(keys[start : start + BATCH])
        # Last and at once: whoever saves a member holds his row first, and the log after it.
        Entry.append_all(self.log_chain, entries)
        self.delete()

    def _emptied(self, keys: Sequence[int]) -> list[Entry]:
        """Take the value of this field from these members; return what is to be logged of it."""
        rows = Member.objects.select_for_update(no_key=True).filter(pk__in=keys)
        members = list(rows.order_by("pk"))
        for member in members:
            member.own = {name: text for name, text in member.own.items() if name != self.name}
            member.version += 1
        entries = [
            Entry(
                action=Action.CHANGE,
                model=member._meta.label_lower,
                object_id=member.pk,
                label=member.log_label,
                changes=member.changes(),
            )
            for member in members
        ]
        Member.objects.bulk_update(members, [OWN, "version"])
        return entries


def own_fields_for(user: Any, path: str) -> list[OwnField]:
    """Return the own fields that ``user`` may be offered for people at ``path`` or below it.

    One for each name, in the order of their columns: for an export, a mapping, a form to fill.
    What a member holds there is ``member.own.get(field.name, "")``. The empty path is everything.
    """
    return OwnField.objects.visible_to(user).for_anybody_under(path).once_each()
