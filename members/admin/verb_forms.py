"""The forms of the pages on which something happens to a member."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.admin.deeds import not_to_come
from members.models import Certificate, Member, choices
from members.rules import placements, standing
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField
from registry.language import said

LISTED = 100  # more branches than this are searched, not listed


class VerbForm(forms.Form):
    """Day, reason, and what else one verb needs; ``members`` are those it will happen to."""

    done: str | Promise = ""
    # The verbs name columns; the form asks for the day once.
    renamed = {"left_on": "on", "suspended_on": "on"}

    on = DayField(label=_("on"), initial=timezone.localdate, widget=AdminDateWidget)
    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )

    def __init__(self, data: Any, *, user: Any, members: Sequence[Member]) -> None:
        super().__init__(data, label_suffix="")
        self.user, self.members = user, members

    def apply(self, member: Member) -> None:
        raise NotImplementedError

    def page_after(self) -> str:
        """Return the address of what came of it; "" where that is the member's own page."""
        return ""

    def consequences(self) -> list[str]:
        """Return what will follow, before anything has happened."""
        return []

    def object_to(self, member: Member, error: ValidationError) -> None:
        """Show what the verb objects to; of many people each objection names its own."""
        errors = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
        for name, found in errors.items():
            field = self.renamed.get(name, name)
            several = len(self.members) > 1
            for each in (message for one in found for message in one.messages):
                text = f"{member.name}: {each}" if several and member.name not in each else each
                if text not in self.errors.get(field if field in self.fields else "__all__", []):
                    self.add_error(field if field in self.fields else None, text)

    def clean_on(self) -> Any:
        return not_to_come(self.cleaned_data["on"])

    def _ending_offices(self) -> list[str]:
        return [
            _now("%(name)s holds a post: %(post)s in %(organization)s.")
            % {
                "name": member.name,
                "post": office.get_post_display(),
                "organization": office.organization,
            }
            for member in self.members
            if len(self.members) == 1
            for office in member.offices.visible_to(self.user).filter(held_until__isnull=True)
        ]


@dataclass(frozen=True)
class VerbPage:
    """One verb of a member as a page; ``fits`` says for which members it is offered."""

    name: str
    title: str | Promise
    button: str | Promise
    verb: str
    form: type[VerbForm]
    fits: Callable[[Member], bool]
    section: str = ""  # of the member's page, where its button stands; "" is the top


def offer_branches_within_reach(field: Any, user: Any) -> None:
    """Let ``field`` offer the branches to which ``user`` may move somebody."""
    reach = Organization.objects.within_reach_of(user).standing().that_hold_members()
    field.queryset = reach
    if len(reach[: LISTED + 1]) <= LISTED:
        # Also the branches beside one's own, which the search for one's own rows does not find.
        field.widget = forms.Select(choices=field.choices)


class MoveForm(VerbForm):
    done = _("%(name)s was moved.")

    organization = forms.ModelChoiceField(
        label=_("to branch"),
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Member._meta.get_field("organization"), admin.site),
    )
    field_order: tuple[str, ...] = ("organization", "on", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        offer_branches_within_reach(self.fields["organization"], self.user)

    def apply(self, member: Member) -> None:
        member.move_to(self.cleaned_data["organization"], self.cleaned_data["on"])

    def consequences(self) -> list[str]:
        groups = [
            _now("%(name)s leaves the Party group %(group)s.")
            % {"name": member.name, "group": member.party_group}
            for member in self.members
            if member.party_group
        ]
        offices = self._ending_offices()
        return [
            _now("The stay in the old branch ends that day, and the new one begins."),
            *groups,
            *offices,
            *(
                [_now("Posts are not ended by a move: end them on the member's page.")][
                    : len(offices)
                ]
            ),
        ]


class DecidedForm(VerbForm):
    """Asks also by which document it was decided; whether the day can be is said by the verb."""

    document = forms.CharField(label=_("document number"), required=False, max_length=100)
    note = forms.CharField(label=_("note"), required=False, max_length=200)

    def clean_on(self) -> Any:
        return self.cleaned_data["on"]

    @property
    def decided(self) -> dict[str, Any]:
        """What the verbs keep of a decision, and the day on which it is entered."""
        asked = {name: self.cleaned_data[name] for name in ("document", "note")}
        return asked | {"today": timezone.localdate()}


class LeaveForm(DecidedForm):
    done = _("%(name)s has left.")

    leaving_reason = forms.ChoiceField(label=_("reason for leaving"))
    field_order: tuple[str, ...] = ("leaving_reason", "on", "document", "note", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["leaving_reason"]
        field.choices = [("", "---------"), *filter(self._is_offered, choices.leaving_reasons())]

    def _is_offered(self, choice: tuple[str, str]) -> bool:
        return choice[0] not in placements.SUSPENSIONS and self._fits_the_kind(choice[0])

    def _fits_the_kind(self, reason: str) -> bool:
        only_for = placements.LEAVING_REASONS[reason].only_for
        return not only_for or {member.kind for member in self.members} <= {only_for}

    def apply(self, member: Member) -> None:
        member.leave(self.cleaned_data["leaving_reason"], self.cleaned_data["on"], **self.decided)

    def consequences(self) -> list[str]:
        offices = self._ending_offices()
        return [
            _now("The record stays; it is counted nowhere from that day on."),
            *offices,
            *([_now("Posts end the same day.")][: len(offices)]),
        ]


class SuspendForm(LeaveForm):
    done = _("The membership of %(name)s is suspended.")

    def _is_offered(self, choice: tuple[str, str]) -> bool:
        return choice[0] in placements.SUSPENSIONS

    def apply(self, member: Member) -> None:
        asked = self.cleaned_data
        member.suspend(asked["on"], asked["leaving_reason"], **self.decided)

    def consequences(self) -> list[str]:
        today = timezone.localdate()
        return [
            *super().consequences(),
            *(
                said(each)
                for member in self.members
                for each in standing.suspension_warnings(
                    member.name, member.lost_contact_since, today
                )
            ),
        ]


class RestoreForm(DecidedForm, MoveForm):
    done = _("The membership of %(name)s is restored.")

    field_order = ("organization", "on", "document", "note", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["organization"]
        field.label, field.required = _("in branch"), False
        field.help_text = _("Empty: where the membership ended.")
        field.queryset = (
            Organization.objects.visible_to(self.user, roles.LEAVE).standing().that_hold_members()
        )

    def apply(self, member: Member) -> None:
        asked = self.cleaned_data
        member.restore(asked["on"], asked["organization"], **self.decided)

    def consequences(self) -> list[str]:
        left = [member.leaving_reason for member in self.members if member.leaving_reason]
        warnings = [each for reason in left for each in placements.restoring_objections(reason)]
        gap = [
            _now("The whole months of the suspension are taken off the Party age.")
            for reason in left
            if reason in placements.SUSPENSIONS
        ]
        return [_now("A new stay begins that day."), *gap, *map(said, warnings)]


class WrongForm(VerbForm):
    done = _("The entry of %(name)s is marked as wrong.")

    on = None  # type: ignore[assignment]  # how Django takes a field out again
    reason = forms.CharField(label=_("why"), max_length=200)

    def apply(self, member: Member) -> None:
        member.mark_wrong(self.cleaned_data["reason"])

    def consequences(self) -> list[str]:
        return [
            _now("The person is counted nowhere, as if never entered, also on past days."),
            _now("The ID number is free to be entered again."),
            _now("The record stays visible, marked as wrong. This cannot be taken back."),
        ]


class IssueForm(VerbForm):
    """A certificate of membership; its number is given when it is issued."""

    done = _("The certificate of %(name)s is issued.")

    reason = None  # type: ignore[assignment]  # the purpose says it
    addressee = forms.CharField(
        label=_("addressee"),
        required=False,
        max_length=100,
        help_text=_("Empty: a line on which it is written by hand."),
    )
    purpose = forms.CharField(
        label=_("purpose"),
        required=False,
        max_length=50,
        help_text=_("Such as study or secondment."),
    )
    away_from = DayField(label=_("away from"), required=False, widget=AdminDateWidget)
    away_through = DayField(
        label=_("away through"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("The last day of it."),
    )
    field_order = ("addressee", "purpose", "away_from", "away_through", "on")

    def apply(self, member: Member) -> None:
        asked = dict(self.cleaned_data)
        on = asked.pop("on")
        new = Certificate(member=member, **asked)
        self.issued = new.issue(on, by=self.user, today=timezone.localdate())
        if self.issued is not new:
            self.done = _("%(name)s has one of this day and addressee already. Here it is.")

    def page_after(self) -> str:
        return reverse("admin:members_certificate_print", args=[self.issued.pk])

    def consequences(self) -> list[str]:
        [member] = self.members
        issuer = member.organization.stamping_superior()
        if issuer is None:
            return []
        return [
            _now("%(issuer)s issues it, under its next number of the year.") % {"issuer": issuer},
            _now("A certificate is never changed or deleted; it can be printed again."),
        ]
