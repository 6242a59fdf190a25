"""The forms of what happens to a member's standing: put right, joined anew, lost, away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import hierarchy, roles
from members.admin.verb_forms import DecidedForm, LeaveForm, VerbForm
from members.models import Discipline, FloatingOut, Member, Office, SecondMembership, choices
from members.models.standing.contact import find_again, lose_contact
from members.models.standing.correcting import correct_leaving, undo_leaving
from members.models.standing.former import readmission_objections
from members.models.standing.readmitting import readmit
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField, PartialDateFormField
from registry.language import said

EMPTY = [("", "---------")]


class CorrectLeavingForm(LeaveForm):
    """Another reason or day, or that it never was."""

    done = _("The leaving of %(name)s is corrected.")

    never_left = forms.BooleanField(
        label=_("never left"),
        required=False,
        help_text=_("The entry was a mistake: the stay goes on as if nothing had been entered."),
    )
    field_order = ("never_left", "leaving_reason", "on", "document", "note", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        [member] = self.members
        self.fields["leaving_reason"].initial = member.leaving_reason
        self.fields["on"].initial = member.gone_on

    def _is_offered(self, choice: tuple[str, str]) -> bool:
        return self._fits_the_kind(choice[0])

    def apply(self, member: Member) -> None:
        asked = self.cleaned_data
        if asked["never_left"]:
            undo_leaving(member)
        else:
            correct_leaving(member, asked["leaving_reason"], asked["on"], **self.decided)

    def consequences(self) -> list[str]:
        return [
            _now("This is no event: every figure counts as if it had been entered so at once."),
            _now("Reports that were submitted stay as they are and list the correction."),
            _now("A development file that ended with it is opened again on its own page."),
        ]


class ReadmitForm(DecidedForm):
    done = _("%(name)s is admitted anew, under a new number.")

    organization = forms.ModelChoiceField(
        label=_("in branch"),
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Member._meta.get_field("organization"), admin.site),
    )
    field_order = ("organization", "on", "document", "note", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        own: Any = self.fields["organization"]
        rows = Organization.objects.visible_to(self.user, roles.ADD)
        own.queryset = rows.standing().that_hold_members()
        self.fields["on"].help_text = _("The day of the branch assembly that accepted.")

    def apply(self, member: Member) -> None:
        asked = self.cleaned_data
        self.later = readmit(member, asked["organization"], asked["on"], **self.decided)

    def page_after(self) -> str:
        return reverse("admin:members_member_change", args=[self.later.pk])

    def consequences(self) -> list[str]:
        [member] = self.members
        today = timezone.localdate()
        return [
            _now("A new record of a probationary member begins; the former one stays."),
            _now("The ID number goes over to the new record, and Party age counts anew."),
            *map(said, readmission_objections(member, today, today)),
        ]


class LostForm(VerbForm):
    done = _("Contact with %(name)s is marked as lost.")

    on = None  # type: ignore[assignment]  # how Django takes a field out again
    lost_contact_since = PartialDateFormField(
        label=_("contact lost since"),
        help_text=_("The last day of organisation life or dues; the month will do."),
    )
    lost_contact_reason = forms.ChoiceField(label=_("why contact was lost"))
    field_order = ("lost_contact_since", "lost_contact_reason", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        own: Any = self.fields["lost_contact_reason"]
        own.choices = [*EMPTY, *choices.lost_reasons()]

    def apply(self, member: Member) -> None:
        asked = self.cleaned_data
        since, reason = asked["lost_contact_since"], asked["lost_contact_reason"]
        lose_contact(member, since, reason, timezone.localdate())

    def consequences(self) -> list[str]:
        return [
            _now("After six months the member stands on the list of those who may be suspended."),
            _now("Nothing happens by itself: the branch decides, and the committee approves."),
        ]


class FoundForm(VerbForm):
    done = _("%(name)s is in touch again.")

    on = None  # type: ignore[assignment]

    def apply(self, member: Member) -> None:
        find_again(member)

    def consequences(self) -> list[str]:
        suspended = [each for each in self.members if each.suspended_on]
        return [
            _now("A suspended membership stays so until it is restored.") for _each in suspended
        ]


# By the form's names, which keep clear of the reason that stands in the history.
AWAY = {
    "place": "place",
    "province": "province",
    "why_away": "reason",
    "permit_number": "permit_number",
    "contact_person": "contact_person",
    "contacted_on": "contacted_on",
}


class AwayFields(forms.Form):
    """What is kept of a time away."""

    place = forms.CharField(label=_("floating to"), max_length=100)
    province = forms.ChoiceField(label=_("province"), required=False)
    why_away = forms.ChoiceField(label=_("why away"))
    permit_number = forms.CharField(
        label=_("permit number"),
        required=False,
        max_length=50,
        help_text=_("Of 《流动党员活动证》."),
    )
    contact_person = forms.CharField(
        label=_("contact person"),
        required=False,
        max_length=100,
        help_text=_("Who keeps in touch: name and telephone."),
    )
    contacted_on = DayField(label=_("last heard of on"), required=False, widget=AdminDateWidget)

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        own: Any = self.fields
        own["province"].choices = [*EMPTY, *choices.provinces()]
        own["why_away"].choices = choices.floating_reasons()


class AwayForm(AwayFields, VerbForm):
    done = _("%(name)s is entered as floating.")

    renamed = {"begins_on": "on", "reason": "why_away"}
    field_order = ("on", *AWAY, "reason")

    def clean_on(self) -> Any:
        return self.cleaned_data["on"]

    def apply(self, member: Member) -> None:
        asked = {column: self.cleaned_data[name] for name, column in AWAY.items()}
        FloatingOut(member=member, begins_on=self.cleaned_data["on"], **asked).keep(
            timezone.localdate()
        )

    def consequences(self) -> list[str]:
        return [
            _now("The relation stays in the branch, which keeps in touch with the member."),
            _now("Who goes to a fixed place for six months or more moves the relation instead."),
        ]


class SecondForm(VerbForm):
    done = _("%(name)s belongs to the temporary branch as well.")

    renamed = {"begins_on": "on", "ends_on": "on"}
    organization = forms.ModelChoiceField(
        label=_("temporary branch"),
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )
    note = forms.CharField(label=_("note"), required=False, max_length=200)
    field_order = ("organization", "on", "note", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        own: Any = self.fields["organization"]
        reach = Organization.objects.within_reach_of(self.user).standing()
        own.queryset = reach.filter(kind=hierarchy.BRANCH, sort=hierarchy.TEMPORARY)
        own.widget = forms.Select(choices=own.choices)

    def apply(self, member: Member) -> None:
        asked = self.cleaned_data
        SecondMembership(
            member=member,
            organization=asked["organization"],
            begins_on=asked["on"],
            note=asked["note"],
        ).begin()

    def consequences(self) -> list[str]:
        return [
            _now("The relation stays where it is: votes, dues and figures are counted there only."),
            _now("It ends with the temporary branch, or before on the list of second memberships."),
        ]


class DisciplineForm(VerbForm):
    """A decision against a member; why stands in its own note, never in the history."""

    done = _("The decision on %(name)s is entered.")

    renamed = {"decided_on": "on", "left_on": "on", "leaving_reason": "kind"}
    reason = None  # type: ignore[assignment]
    kind = forms.ChoiceField(label=_("discipline or measure"))
    months = forms.IntegerField(
        label=_("length in months"),
        required=False,
        min_value=0,
        max_value=99,
        help_text=_("Of probation within the Party 12 or 24, of a time limit 12 at most."),
    )
    document = forms.CharField(label=_("document number"), max_length=100)
    decided_by = forms.CharField(label=_("decided by"), max_length=100)
    note = forms.CharField(
        label=_("note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept encrypted, and seen only by those who may see discipline."),
    )
    field_order = ("kind", "on", "months", "document", "decided_by", "note")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        own: Any = self.fields["kind"]
        own.choices = [*EMPTY, *choices.discipline_kinds()]

    def clean_on(self) -> Any:
        return self.cleaned_data["on"]

    def clean_months(self) -> int:
        return self.cleaned_data["months"] or 0

    def apply(self, member: Member) -> None:
        asked = dict(self.cleaned_data)
        decision = Discipline(member=member, decided_on=asked.pop("on"), **asked)
        decision.impose(timezone.localdate())

    def consequences(self) -> list[str]:
        return [
            _now("Until when it has effect is worked out from kind, day and length."),
            _now("Removal from posts and probation within the Party end all posts that day."),
            _now("Expulsion, striking off and persuading to quit end the membership at once."),
            *self._ending_offices(),
        ]
