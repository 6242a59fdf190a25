"""The page on which an organisation changes: the day, the document, what follows, what speaks
against it. Renaming and moving are here; what concerns people has its forms beside."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.admin.choosing import OrganizationField
from branches.admin.organizations import kind_in_words, page_of, refuse_future
from branches.models import Account, Organization
from branches.rules import roles
from members.models.reorganizing import move_organization
from members.models.reorganizing.previewing import Preview, preview_move
from registry.forms import DayField
from registry.login.kept_forms import keeps_form, typed_before
from registry.models import StaleRecord
from registry.plain_text import PlainTexts


class ChangeForm(PlainTexts, forms.Form):
    """A change of one organisation: from which day, by which document."""

    title: str | Promise
    button: str | Promise
    done: str | Promise

    on = DayField(
        label=pgettext_lazy("change", "from"), initial=timezone.localdate, widget=AdminDateWidget
    )
    document = forms.CharField(label=_("document number"), max_length=100, required=False)

    def __init__(self, data: Any, organization: Organization, user: Any) -> None:
        super().__init__(data, initial=self.initial_of(organization), label_suffix="")
        self.organization = organization
        for field in self.fields.values():
            if isinstance(field, OrganizationField):
                field.limit_to(user)
        self.order_fields([name for name in self.fields if name not in {"on", "document"}])

    def initial_of(self, organization: Organization) -> dict[str, Any]:
        return {}

    def clean_on(self) -> Any:
        refuse_future(self.cleaned_data["on"])
        return self.cleaned_data["on"]

    def change(self) -> None:
        raise NotImplementedError

    def is_done(self) -> bool:
        """Run the verb; what it objects to stands at the fields, and nothing is changed."""
        if not self.is_valid():
            return False
        try:
            self.change()
        except ValidationError as error:
            for name, found in error.update_error_dict({}).items():
                self.add_error(name if name in self.fields else None, list(found))
        except (IntegrityError, StaleRecord):
            sentence = _now("Somebody else saved the same at this moment. Look, and save again.")
            self.add_error(None, sentence)
        return not self.errors

    def consequences(self) -> list[str]:
        """Return what will follow, before anything has happened."""
        return []


class LookingForm(ChangeForm):
    """A change that is looked at first: what it would do stands on the page, then it is made."""

    def look(self) -> Preview:
        raise NotImplementedError

    def looked(self) -> Preview | None:
        """Return what the change would do; None where the boxes are not filled so far. What speaks
        against it stands above them."""
        if not self.is_valid():
            return None
        found = self.look()
        for sentence in found.objections:
            self.add_error(None, sentence)
        return found

    def signature(self) -> str:
        """What was looked at; whoever changes a box since looks again."""
        typed: Any = self.data  # of a form that was posted
        boxes = sorted((name, typed.getlist(name)) for name in self.fields)
        return sha256(repr(boxes).encode()).hexdigest()


class RenameForm(ChangeForm):
    title, button, done = _("Rename %(name)s"), _("Rename"), _("The new name is entered.")

    name = forms.CharField(label=_("full name"), max_length=100, help_text=_("As on the seal."))
    short_name = forms.CharField(label=_("short name"), max_length=50, required=False)

    def initial_of(self, organization: Organization) -> dict[str, Any]:
        return {"name": organization.name, "short_name": organization.short_name}

    def change(self) -> None:
        asked = self.cleaned_data
        self.organization.rename(
            asked["name"], asked["short_name"], on=asked["on"], document=asked["document"]
        )

    def consequences(self) -> list[str]:
        return [_now("Papers and lists as at an earlier day keep the old name.")]


class MoveForm(LookingForm):
    title, button, done = _("Move %(name)s under another superior"), _("Move"), _("It has moved.")

    parent = OrganizationField(roles.CHANGE_TREE, label=_("new superior"))
    recode = forms.BooleanField(
        label=_("new codes by the rule"),
        required=False,
        help_text=_("The new superior's code and three digits more, for all that move along."),
    )

    def change(self) -> None:
        asked = self.cleaned_data
        move_organization(
            self.organization, asked["parent"], asked["on"], asked["document"],
            recode=asked["recode"],
        )  # fmt: skip

    def look(self) -> Preview:
        asked = self.cleaned_data
        return preview_move(
            self.organization, asked["parent"], asked["on"], asked["document"],
            recode=asked["recode"],
        )  # fmt: skip

    def consequences(self) -> list[str]:
        return [
            _now("Everything below it moves along; nobody's stay in his branch changes."),
            _now("Whoever sees the old superior only, sees them no longer."),
        ]


def change_page(request: HttpRequest, pk: int, form_class: type[ChangeForm]) -> HttpResponse:
    """Only below his own organisation does a clerk change the tree; all else is not there."""
    rows = Organization.objects.reorganizable_by(request.user).select_related("headcount")
    organization = get_object_or_404(rows, pk=pk)
    data = request.POST if request.method == "POST" else typed_before(request)
    form = form_class(data, organization, request.user)
    looking = form if isinstance(form, LookingForm) else None
    found = None
    if request.method == "POST" and looking and _looks(request, looking):
        found = looking.looked()
    elif request.method == "POST" and form.is_done():
        messages.success(request, str(form.done))
        if sentence := form.said_of_signs():
            messages.warning(request, sentence)
        return HttpResponseRedirect(page_of(organization))
    context = {
        **admin.site.each_context(request),
        "title": form.title % {"name": organization},
        "organization": organization,
        "kind": kind_in_words(organization),
        "back": page_of(organization),
        "form": form,
        "button": form.button,
        "looks_first": looking is not None,
        "preview": found and told(found, request.user),
        "may_go_on": found and not form.errors,
        "shown": looking.signature() if looking and found else "",
        "consequences": form.consequences(),
        "media": admin.site.get_model_admin(Organization).media + form.media,
    }
    return TemplateResponse(request, "admin/branches/organization_change.html", context)


def _looks(request: HttpRequest, form: LookingForm) -> bool:
    """Whether the change is to be looked at first: asked for, or filled in anew since."""
    shown = request.POST.get("shown", "")
    return "look" in request.POST or bool(shown and shown != form.signature())


def told(found: Preview, user: Any) -> dict[str, Any]:
    """Return a preview as the page shows it; accounts are named to those who may see them."""
    seen = Account.objects.visible_to(user)
    return {
        "numbers": [
            (_now("Organisations"), found.organizations),
            (_now("Full members"), found.full),
            (_now("Probationary members"), found.probationary),
            (_now("Open development files"), found.files),
            (_now("Members with dues open"), found.owing),
            (_now("Grants on them"), found.grants),
            (_now("Posts held in it"), found.posts),
            (_now("Terms of office that run"), found.terms),
            (_now("Elections under way"), found.elections),
            (_now("Accounts that then see more"), len(found.gain)),
            (_now("Accounts that then see less"), len(found.lose)),
        ],
        "gain": seen.filter(pk__in=[each.pk for each in found.gain]),
        "lose": seen.filter(pk__in=[each.pk for each in found.lose]),
        "codes": found.codes,
    }


def serve(name: str, form_class: type[ChangeForm]) -> None:
    """Serve the page of one way of changing."""
    view = keeps_form(partial(change_page, form_class=form_class))
    admin.site.page(  # type: ignore[attr-defined]
        f"organizations/<int:pk>/{name}/", view, f"organization_{name}", roles.CHANGE_TREE
    )


serve("rename", RenameForm)
serve("move", MoveForm)
