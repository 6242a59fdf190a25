"""Who comes with a letter, as the letter says it, until a branch has taken him."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import in_scopes, scopes
from branches.rules import roles
from members.models import choices
from members.models.members import Member
from members.models.people import id_digest
from members.rules import membership
from members.rules.codes import FULL
from registry.fields import EncryptedTextField, PartialDateField
from registry.language import refuse
from registry.masks import masked_id_number, masked_phone
from registry.models import Record

FACTS = (
    "name", "sex", "ethnicity", "id_number", "born_on", "kind", "joined_on", "full_member_on",
    "phone",
)  # fmt: skip


class NewcomerQuerySet(models.QuerySet["Newcomer"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "transfer__to_organization__path"))

    def waiting(self, id_number: str) -> Self:
        """Those of this ID number whose transfer is not closed."""
        return self.filter(id_digest=id_digest(id_number), transfer__closed_on__isnull=True)


class Newcomer(Record):
    """A person on a letter that came. Deleted when he is placed: then the member's own record
    holds everything, and no second copy of it is kept."""

    transfer = models.OneToOneField(
        "members.Transfer", models.CASCADE, related_name="newcomer", verbose_name=_("transfer")
    )
    name = models.CharField(_("name"), max_length=50)
    sex = models.CharField(_("sex"), max_length=1, choices=choices.sexes)
    ethnicity = models.CharField(
        _("ethnic group"), max_length=2, blank=True, choices=choices.ethnic_groups
    )
    id_number = EncryptedTextField(_("ID number"), purpose="id_number")
    id_digest = models.CharField(max_length=32, editable=False)
    born_on = PartialDateField(_("born"), null=True, blank=True)
    kind = models.CharField(
        pgettext_lazy("member", "kind"), max_length=20, choices=choices.kinds, default=FULL
    )
    joined_on = PartialDateField(_("joined"), null=True, blank=True)
    full_member_on = PartialDateField(_("full member since"), null=True, blank=True)
    phone = EncryptedTextField(_("mobile phone"), blank=True, purpose="phone")

    objects = NewcomerQuerySet.as_manager()

    masks = {"id_number": masked_id_number, "phone": masked_phone}
    unlogged = frozenset({"id_digest"})

    class Meta:
        verbose_name = _("newcomer")
        verbose_name_plural = _("newcomers")
        indexes = [models.Index(fields=["id_digest"], name="newcomer_by_id_number")]

    def __str__(self) -> str:
        return self.name

    def settle_facts(self, today: date) -> None:
        """Write what the letter says as it is kept; raise ValidationError with every error."""
        member = self.as_member()
        refuse_together(
            partial(member.clean_fields, exclude=set(_columns()) - set(FACTS)),
            member.clean,
            partial(_refuse_by_the_rules, member, today),
            self._refuse_without_number,
        )
        for name in FACTS:
            setattr(self, name, getattr(member, name))
        self.id_digest = member.id_digest

    def _refuse_without_number(self) -> None:
        if not self.id_number:
            raise ValidationError({"id_number": _now("The letter names the ID number. Enter it.")})

    def as_member(self, **more: Any) -> Member:
        """Return a member, not yet saved, who is what the letter says."""
        return Member(**{name: getattr(self, name) for name in FACTS}, **more)

    @property
    def log_chain(self) -> str:
        return self.transfer.log_chain

    @property
    def log_label(self) -> str:
        return self.transfer.log_label


def _refuse_by_the_rules(member: Member, today: date) -> None:
    refuse(membership.objections(member.facts(), today))


def refuse_together(*judges: Callable[[], Any]) -> None:
    """Let each judge have his say; raise one ValidationError with everything they object to,
    each sentence once."""
    errors: dict[str, list[str]] = {}
    for judge in judges:
        try:
            judge()
        except ValidationError as error:
            for field, found in error.update_error_dict({}).items():
                said = errors.setdefault(field, [])
                said += [each for each in ValidationError(found).messages if each not in said]
    if errors:
        raise ValidationError(errors)


def _columns() -> list[str]:
    return [field.name for field in Member._meta.concrete_fields]
