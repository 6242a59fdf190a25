"""The forms of changes in which people and what stands below get another place: kind, split,
merger, dissolution."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.admin.choosing import OrganizationField
from branches.models import Organization, choices
from branches.rules import hierarchy, roles
from members.admin.reorganizing.changing import LookingForm, serve
from members.models import Member
from members.models.reorganizing import (
    Part,
    change_kind_of_organization,
    dissolve_organization,
    merge_organizations,
    split_organization,
)
from members.models.reorganizing.people import on_roll_of
from members.models.reorganizing.previewing import (
    Preview,
    preview_dissolution,
    preview_kind,
    preview_merger,
    preview_split,
)

MOST_BOXES = 300  # people and organisations that are placed one by one on a page
MOST_BRANCHES = 100  # branches that a list of choices offers
MOST_NAMES = 20


class NamesField(forms.CharField):
    """Organisations to be founded: one in each line, its short name after a comma."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=4_000,
            help_text=_("One in each line; its short name after a comma."),
            **options,
        )

    def clean(self, value: Any) -> Any:
        names = names_in(super().clean(value))
        if len(names) > MOST_NAMES:
            text = _now("%(count)s are too many at once. Found at most %(most)s.")
            raise forms.ValidationError(text % {"count": len(names), "most": MOST_NAMES})
        return names


def names_in(text: str) -> list[tuple[str, str]]:
    """Return full and short names, as typed one in each line."""
    lines = (line.strip() for line in (text or "").splitlines())
    parted = (re.split(r"\s*[,，;；]\s*", line, maxsplit=1) for line in lines if line)
    return [(each[0][:100], (each[1] if len(each) > 1 else "")[:50]) for each in parted]


class PlacingForm(LookingForm):
    """A change that founds organisations, with a box for each who can be given to one of them."""

    names = NamesField(label=_("organisations that are founded"), required=False)

    def __init__(self, data: Any, organization: Organization, user: Any) -> None:
        super().__init__(data, organization, user)
        founded = names_in(self.data.get("names", ""))[:MOST_NAMES]
        if founded:
            options = [("", self.unplaced())]
            options += [(f"{n}", short or name) for n, (name, short) in enumerate(founded, start=1)]
            for name, label in self.boxes():
                self.fields[name] = forms.ChoiceField(label=label, choices=options, required=False)

    def unplaced(self) -> str:
        return _now("stays here")

    def boxes(self) -> list[tuple[str, str]]:
        """Return a name and a label for everybody and everything that can be given away."""
        people = [(f"member-{each.pk}", each.name) for each in self.people]
        return people + [(f"child-{each.pk}", str(each)) for each in self.below]

    @cached_property
    def people(self) -> list[Member]:
        return on_roll_of(self.organization)[:MOST_BOXES]

    @cached_property
    def below(self) -> list[Organization]:
        children = self.organization.children.standing()
        return list(children.order_by("display_order", "path")[:MOST_BOXES])

    @property
    def parts(self) -> list[Part]:
        asked = self.cleaned_data
        return [
            Part(
                name,
                short_name,
                members=[each for each in self.people if asked.get(f"member-{each.pk}") == f"{n}"],
                children=[each for each in self.below if asked.get(f"child-{each.pk}") == f"{n}"],
            )
            for n, (name, short_name) in enumerate(asked["names"], start=1)
        ]


class KindForm(PlacingForm):
    title, button, done = (
        _("Change the kind of %(name)s"),
        _("Change kind"),
        _("The new kind is entered."),
    )

    kind = forms.ChoiceField(label=_("kind"), choices=choices.kinds)
    sort = forms.ChoiceField(label=_("sort of branch"), choices=choices.sorts)
    take_in = forms.BooleanField(
        label=_("take in the branches below"),
        required=False,
        help_text=_("Of what becomes a branch: those below end, and their people belong to it."),
    )
    field_order = ("kind", "sort", "names", "take_in")

    def __init__(self, data: Any, organization: Organization, user: Any) -> None:
        super().__init__(data, organization, user)
        self.fields["names"].label = _("branches founded below for its members")
        if not self.people:
            del self.fields["names"]
        if not self.below:
            del self.fields["take_in"]

    def initial_of(self, organization: Organization) -> dict[str, Any]:
        return {"kind": organization.kind, "sort": organization.sort}

    def unplaced(self) -> str:
        return _now("no branch yet")

    def boxes(self) -> list[tuple[str, str]]:
        return [(f"member-{each.pk}", each.name) for each in self.people]

    def _asked(self) -> dict[str, Any]:
        asked = self.cleaned_data
        return {
            "kind": asked["kind"],
            "sort": asked["sort"],
            "on": asked["on"],
            "document": asked["document"],
            "parts": self.parts if asked.get("names") else (),
            "take_in_branches": asked.get("take_in", False),
        }

    def change(self) -> None:
        change_kind_of_organization(self.organization, **self._asked())

    def look(self) -> Preview:
        return preview_kind(self.organization, **self._asked())


class SplitForm(PlacingForm):
    title, button, done = _("Split %(name)s"), _("Split"), _("It is split.")

    def __init__(self, data: Any, organization: Organization, user: Any) -> None:
        super().__init__(data, organization, user)
        self.fields["names"].required = True

    def change(self) -> None:
        asked = self.cleaned_data
        split_organization(self.organization, self.parts, asked["on"], asked["document"])

    def look(self) -> Preview:
        asked = self.cleaned_data
        return preview_split(self.organization, self.parts, asked["on"], asked["document"])

    def consequences(self) -> list[str]:
        return [
            _now("Each new organisation stands beside it and is of its kind."),
            _now("Look first: then a box for everybody asks who goes where."),
        ]


class MergeForm(LookingForm):
    title, button, done = _("Merge %(name)s into another one"), _("Merge"), _("They are merged.")

    into = OrganizationField(roles.CHANGE_TREE, label=_("is merged into"))
    also = forms.ModelMultipleChoiceField(
        label=_("together with"),
        queryset=Organization.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any, organization: Organization, user: Any) -> None:
        super().__init__(data, organization, user)
        beside = Organization.objects.reorganizable_by(user).standing()
        beside = beside.filter(parent=organization.parent, kind=organization.kind)
        beside = beside.exclude(pk=organization.pk).order_by("display_order", "path")
        if beside.count() > MOST_BRANCHES or not beside:
            del self.fields["also"]
        else:
            self.fields["also"].queryset = beside  # type: ignore[attr-defined]

    @property
    def merged(self) -> Sequence[Organization]:
        return [self.organization, *self.cleaned_data.get("also", [])]

    def change(self) -> None:
        asked = self.cleaned_data
        merge_organizations(self.merged, asked["into"], asked["on"], asked["document"])

    def look(self) -> Preview:
        asked = self.cleaned_data
        return preview_merger(self.merged, asked["into"], asked["on"], asked["document"])

    def consequences(self) -> list[str]:
        return [
            _now("Members and open files go there, and what stands below stands below it."),
            _now("Posts held in what is merged end that day; it stays in the chronicle."),
        ]


class DissolveForm(LookingForm):
    title, button, done = _("Dissolve %(name)s"), _("Dissolve"), _("It is dissolved.")

    def __init__(self, data: Any, organization: Organization, user: Any) -> None:
        super().__init__(data, organization, user)
        if not organization.holds_members:
            return
        branches = Organization.objects.visible_to(user, roles.MOVE).standing()
        branches = branches.filter(kind=hierarchy.BRANCH).exclude(pk=organization.pk)
        offered = list(branches.order_by("path")[: MOST_BRANCHES + 1])
        self.branches = {f"{each.pk}": each for each in offered[:MOST_BRANCHES]}
        options = [(key, f"{each.code} {each}") for key, each in self.branches.items()]
        self.fields["to"] = OrganizationField(
            roles.CHANGE_TREE, label=_("branch for its members and open files"), required=False
        )
        self.fields["to"].limit_to(user)  # type: ignore[attr-defined]
        if len(offered) <= MOST_BRANCHES:
            for member in self.people:
                self.fields[f"member-{member.pk}"] = forms.ChoiceField(
                    label=member.name, required=False, choices=[("", _now("as above")), *options]
                )

    @cached_property
    def people(self) -> list[Member]:
        return on_roll_of(self.organization)[:MOST_BOXES]

    def _asked(self) -> dict[str, Any]:
        asked = self.cleaned_data
        places = {}
        if self.organization.holds_members:
            for member in self.people:
                if place := self.branches.get(asked.get(f"member-{member.pk}", "")):
                    places[member.pk] = place
        return {
            "on": asked["on"],
            "document": asked["document"],
            "to": asked.get("to"),
            "places": places,
        }

    def change(self) -> None:
        dissolve_organization(self.organization, **self._asked())

    def look(self) -> Preview:
        return preview_dissolution(self.organization, **self._asked())

    def consequences(self) -> list[str]:
        return [
            _now("Posts held there end that day."),
            _now("It stays in the chronicle and on papers as at an earlier day."),
        ]


serve("kind", KindForm)
serve("split", SplitForm)
serve("merge", MergeForm)
serve("dissolve", DissolveForm)
