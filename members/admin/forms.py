"""The form of a member: what it takes in, and what it says beside the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import PartyGroup
from members.admin.id_numbers import refuse_if_registered
from members.admin.person_forms import PersonForm
from members.models import Member, choices
from members.rules import membership
from registry.forms import DayField
from registry.language import said
from registry.sentences import ERROR

LET_STAND = "let_stand_"


class MemberForm(PersonForm):
    class Meta:
        model = Member
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit_groups()
        self._leave_times_away_alone()
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

    def _leave_times_away_alone(self) -> None:
        """Whether a member floats is said by an open time away, where one is entered."""
        if self.instance.pk and self.instance.times_away.filter(ends_on__isnull=True).exists():
            for name in {"floating", "floating_to"} & self.fields.keys():
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Is changed with the time away, under “Standing”.")

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

    def refuse_id_number(self, number: str) -> None:
        refuse_if_registered(self.request.user, number, self.instance)

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
