"""The form of a member: what it takes in, and what it says beside the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import PartyGroup
from members.admin.id_numbers import refuse_if_registered
from members.admin.own_values import OwnValuesForm
from members.models import Member, choices
from members.rules import identity, membership, names
from registry.admin.masking import MaskedForm
from registry.admin.saving import RefusableForm
from registry.forms import DayField
from registry.language import said
from registry.plain_text import plain_text
from registry.sentences import ERROR
from registry.sheets.cells import CellError, read_phone

LET_STAND = "let_stand_"


class MemberForm(RefusableForm, OwnValuesForm, MaskedForm):
    """OwnValuesForm before MaskedForm: it compares when the masks are in place already."""

    request: HttpRequest

    class Meta:
        model = Member
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []  # what was changed in the typed text without asking
        self._limit_groups()
        self.findings = list(self.instance.findings.standing_open()) if self.instance.pk else []
        for finding in self.findings:
            self.fields[f"{LET_STAND}{finding.code}"] = forms.CharField(
                label=_("Let it stand, because"), required=False, max_length=200
            )
            if finding.field in self.fields:
                beside: Any = self.fields[finding.field]
                beside.warnings = [*getattr(beside, "warnings", []), finding.message]

    def _limit_groups(self) -> None:
        """Offer the Party groups of the member's own branch, and nobody else's."""
        field: Any = self.fields.get("party_group")
        if field is not None:
            own = self.instance.organization_id
            field.queryset = PartyGroup.objects.filter(organization=own)

    @property
    def standing_warnings(self) -> list[dict[str, Any]]:
        """The open findings of the record, each with the box that lets it stand."""
        return [
            {
                "sentence": finding.message,
                "field": self[finding.field] if finding.field in self.fields else None,
                "box": self[f"{LET_STAND}{finding.code}"],
            }
            for finding in self.findings
        ]

    @property
    def reasons(self) -> dict[str, str]:
        """The findings that the clerk lets stand, by their codes, each with the reason."""
        return {
            name.removeprefix(LET_STAND): value
            for name, value in self.cleaned_data.items()
            if name.startswith(LET_STAND) and value
        }

    def clean_name(self) -> str:
        name, warnings = names.cleaned_name(self.cleaned_data["name"])
        self.notes += [said(warning) for warning in warnings]
        return name

    def clean_id_number(self) -> str:
        number = identity.normalised(self.cleaned_data["id_number"])
        if "id_number" not in self.changed_data or not number:
            return number
        if len(number) == identity.OLD_LENGTH and number.isdecimal():
            self.notes.append(_now("The ID number of 15 digits was completed to 18."))
            number = identity.from_15(number)
        if not identity.objections(number):
            refuse_if_registered(self.request.user, number, self.instance)
        return number

    def clean_phone(self) -> str:
        """Kept as a sheet keeps it: without the blanks of a pasted number."""
        phone = str(self.cleaned_data["phone"])
        if "phone" not in self.changed_data or not phone:
            return phone
        try:
            return read_phone(phone).value or ""
        except CellError as error:
            raise ValidationError(said(error.sentence), "phone_unreadable") from None

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and value and name != "name":
                lines = isinstance(self.fields[name].widget, forms.Textarea)
                try:
                    text, changed = plain_text(value, lines=lines)
                except ValidationError as error:
                    self.add_error(name, error)
                    continue
                self.cleaned_data[name] = text
                if changed:
                    self.notes.append(
                        _now("%(field)s held invisible signs, which were removed.")
                        % {"field": self.fields[name].label}
                    )

    def _post_clean(self) -> None:
        """Say at once also what the rules will refuse, so that one look shows everything."""
        super()._post_clean()
        for objection in membership.objections(self.instance.facts(), timezone.localdate()):
            at_field = objection.level == ERROR and objection.field in self.fields
            if at_field and said(objection) not in self.errors.get(objection.field, []):
                self.add_error(objection.field, said(objection))


class NewMemberForm(MemberForm):
    """A new member also says since when the branch has had him, and how that began."""

    since = DayField(
        label=_("in this branch since"), widget=AdminDateWidget, initial=timezone.localdate
    )
    began = forms.ChoiceField(label=_("how it began"), choices=choices.beginnings)
    field_order = ("organization", "since", "began")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_order"].help_text = _("0: behind everybody in the branch.")
