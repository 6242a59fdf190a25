"""What identifies and describes a person, declared once for members and applicants."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, Unit
from branches.models.reorganizing import hold_tree
from branches.rules import hierarchy
from members.models import choices
from members.models.own_values import OwnValues
from members.rules import completeness, identity, names
from registry import encryption
from registry.fields import ByteOrderedCharField, EncryptedTextField, PartialDateField
from registry.language import refuse
from registry.masks import masked_address, masked_id_number, masked_phone
from registry.models import StaleRecord, VersionedRecord

ID_NUMBER = "id_number"
PHONE = "phone"


def id_digest(id_number: str) -> str:
    return encryption.digest_of(ID_NUMBER, identity.normalised(id_number))


def phone_digest(phone: str) -> str:
    digits = phone if phone.isdigit() else "".join(sign for sign in phone if sign.isdigit())
    return encryption.digest_of(PHONE, digits)


class Person(OwnValues):
    """Somebody in the register: a member, or one who has applied to become one."""

    name = ByteOrderedCharField(_("name"), max_length=50)
    name_pinyin = ByteOrderedCharField(max_length=200, blank=True, editable=False)
    name_initials = ByteOrderedCharField(max_length=50, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=1, blank=True, choices=choices.sexes)
    ethnicity = models.CharField(
        _("ethnic group"), max_length=2, blank=True, choices=choices.ethnic_groups
    )
    id_number = EncryptedTextField(_("ID number"), blank=True, purpose=ID_NUMBER)
    id_digest = models.CharField(max_length=32, blank=True, editable=False)
    born_on = PartialDateField(_("born"), null=True, blank=True)
    native_place = models.CharField(_("native place"), max_length=50, blank=True)
    education = models.CharField(
        _("education"), max_length=2, blank=True, choices=choices.educations
    )
    education_channel = models.CharField(
        _("kind of education"), max_length=20, blank=True, choices=choices.education_channels
    )
    degree = models.CharField(_("degree"), max_length=3, blank=True, choices=choices.degrees)
    work_began_on = PartialDateField(_("began work"), null=True, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    employer = models.CharField(
        _("employer"),
        max_length=100,
        blank=True,
        help_text=_("Where it is not a unit of the list."),
    )
    job_title = models.CharField(_("unit and post"), max_length=100, blank=True)
    rank = models.CharField(_("rank"), max_length=30, blank=True)
    leading_cadre = models.BooleanField(_("leading cadre"), default=False)
    phone = EncryptedTextField(_("mobile phone"), blank=True, purpose=PHONE)
    phone_digest = models.CharField(max_length=32, blank=True, editable=False)
    office_phone = models.CharField(_("office phone"), max_length=30, blank=True)
    address = EncryptedTextField(_("address"), blank=True, purpose="address")
    missing_count = models.PositiveSmallIntegerField(_("missing items"), default=0, editable=False)
    wrong_entry = models.BooleanField(_("wrong entry"), default=False, editable=False)

    masks = {"id_number": masked_id_number, "phone": masked_phone, "address": masked_address}
    unlogged = VersionedRecord.unlogged | {
        "name_pinyin",
        "name_initials",
        "id_digest",
        "phone_digest",
        "missing_count",
    }

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["name"], name="%(class)s_by_name"),
            models.Index(fields=["name_pinyin"], name="%(class)s_by_pinyin"),
            models.Index(fields=["name_initials"], name="%(class)s_by_initials"),
            models.Index(fields=["id_digest"], name="%(class)s_by_id_number"),
            models.Index(fields=["phone_digest"], name="%(class)s_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a name or an ID number that cannot be one; what only looks odd is a finding."""
        errors: dict[str, Any] = {}
        for field, objections in (
            ("name", names.name_objections(self.name) if self.name else []),
            (ID_NUMBER, identity.objections(self.id_number) if self.id_number else []),
        ):
            try:
                refuse(objections)
            except ValidationError as error:
                errors[field] = error.messages
        if errors:
            raise ValidationError(errors)

    def clean_fields(self, exclude: Any = None) -> None:
        """Write name and ID number as they are kept, before they are checked."""
        if self.name:
            self.name, _warnings = names.cleaned_name(self.name)
        if self.id_number:
            self.id_number = identity.normalised(self.id_number)
        self.derive()
        super().clean_fields(exclude)

    def derive(self) -> None:
        """Bring the columns that follow from others up to date: pinyin, digests, completeness."""
        self.name_initials, self.name_pinyin = names.search_keys(self.name)
        self.id_digest = id_digest(self.id_number or "")
        self.phone_digest = phone_digest(self.phone or "")
        self.missing_count = len(self.missing())

    def missing(self) -> tuple[str, ...]:
        """Return the fields that a complete record fills and this one does not."""
        return completeness.missing(
            {field.name: getattr(self, field.attname) for field in self._meta.concrete_fields}
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is None:
            self.derive()
        super().save(*args, **kwargs)

    def _held(self, organization: Organization | None = None) -> Any:
        """Hold the tree, then this record, as the first step of every verb: verbs that take their
        locks in one order never wait for each other in a circle. Return ``organization`` as it
        stands now: it may have been dissolved since it was read. Raise ``StaleRecord`` where
        somebody has saved this record since.
        """
        hold_tree(shared=True)
        if not self._state.adding:
            rows = type(self)._base_manager.select_for_update(no_key=True).filter(pk=self.pk)
            if rows.values_list("version", flat=True).first() != self.version:
                raise StaleRecord(str(self))
        return organization and Organization.objects.get(pk=organization.pk)

    def _refuse_place(self, organization: Organization, on: date) -> None:
        problems = []
        then = {"name": organization, "on": on, "day": organization.founded_on}
        if not hierarchy.holds_members(organization.kind, organization.sort):
            problems.append(_now("%(name)s holds no members. Choose a branch.") % then)
        if organization.dissolved_on:
            problems.append(_now("%(name)s is dissolved. Choose another branch.") % then)
        elif organization.founded_on and on < organization.founded_on:
            problems.append(
                _now("%(name)s was founded on %(day)s, after %(on)s. Choose a later day.") % then
            )
        if problems:
            raise ValidationError({"organization": problems})

    @classmethod
    def of_id_number(cls, id_number: str) -> Self | None:
        """Return who holds an ID number, in the whole register; the caller minds who may know.

        Of somebody who was admitted anew that is the later record.
        """
        digest = id_digest(id_number)
        rows = cls._base_manager.filter(id_digest=digest, wrong_entry=False).order_by("-pk")
        return rows.first() if digest else None
