"""Accounts and their grants, for system administrators; auditors look on. Nobody sees people here.

Who manages accounts gives nothing to himself: his own account is a page to read.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.admin.choosing import OrganizationSelect
from branches.filters import AccountFilter
from branches.models import Account, Grant, scopes
from branches.models.grants import EVERYTHING
from branches.rules import roles
from registry.admin import Place, ScopedInline
from registry.admin.filtering import FilteredModelAdmin
from registry.language import said
from registry.login import totp
from registry.models import Entry, LoginTries
from registry.models.log import Action
from registry.plain_text import PlainTexts

ALL_GONE = _(
    "At least one grant stays, or you would not see the account any more. "
    "Take away “may log in” to close it."
)


class AccountForm(PlainTexts, forms.ModelForm):
    """An account: whose it is, and what its owner needs to come in again."""

    not_text = frozenset({"new_password", "new_password_again"})
    new_password = forms.CharField(
        label=_("new password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Empty: as it is. A new one ends every session of the account."),
    )
    new_password_again = forms.CharField(
        label=_("new password again"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    unlock = forms.BooleanField(label=_("unlock after failed logins"), required=False)
    forget_factor = forms.BooleanField(
        label=_("forget the second factor (the phone is lost)"), required=False
    )

    class Meta:
        model = Account
        fields = ("username", "name", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "new_password" in self.fields:
            self.fields["new_password"].required = True
            self.fields[
                "new_password"
            ].help_text = password_validation.password_validators_help_text_html()

    def clean(self) -> Any:
        cleaned = super().clean()
        first = self.cleaned_data.get("new_password", "")
        if first != self.cleaned_data.get("new_password_again", ""):
            self.add_error("new_password_again", _now("The two passwords differ. Type both again."))
        return cleaned

    def _post_clean(self) -> None:
        """The password is compared with the name, which stands in the record only now."""
        super()._post_clean()  # type: ignore[misc]
        if password := self.cleaned_data.get("new_password"):
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("new_password", error)


class GrantFormSet(forms.BaseInlineFormSet):
    """All grants of one account together: what they must not be beside each other."""

    request: HttpRequest

    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("role") and not form.cleaned_data.get("DELETE")
        ]
        everywhere = EVERYTHING in scopes(self.request.user, roles.GRANT)
        held: list[str] = []
        for form in kept:
            role = form.cleaned_data["role"]
            oneself = self.instance.pk is not None and self.instance.pk == self.request.user.pk
            for objection in roles.objections(role, held, to_oneself=oneself):
                form.add_error("role", said(objection))
            held.append(role)
            if not form.cleaned_data.get("organization") and not everywhere:
                form.add_error("organization", _now("Name an organisation of your own rows."))
        if not kept and not everywhere:
            raise ValidationError(ALL_GONE)


class GrantInline(ScopedInline):
    model = Grant
    formset = GrantFormSet
    fields = ("role", "organization")
    fk_name = "user"
    view_verb = roles.VIEW_ACCOUNTS
    add_verb = change_verb = delete_verb = roles.GRANT
    choice_verbs = {"organization": roles.GRANT}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organization":
            kwargs["widget"] = OrganizationSelect(roles.GRANT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"request": request})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organization")


@admin.register(Account)
class AccountAdmin(FilteredModelAdmin):
    form = AccountForm
    filterset_class = AccountFilter
    list_display = ("username", "name", "is_active", "granted", "last_login", "created_at")
    search_fields = ("username", "name")
    search_help_text = _("User name or name")
    ordering = ("username",)
    inlines = (GrantInline,)
    view_verb = roles.VIEW_ACCOUNTS
    add_verb = change_verb = roles.MANAGE_ACCOUNTS
    history_verb = roles.VIEW_ACCOUNTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        grants = Grant.objects.select_related("organization")
        return super().get_queryset(request).prefetch_related(Prefetch("grants", grants))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = " ".join(search_term.split())
        return queryset.filter(Q(username__startswith=text) | Q(name__startswith=text)), False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody opens, closes or unlocks himself, nor grants himself anything."""
        oneself = obj is not None and obj.pk == request.user.pk
        return not oneself and super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        who = (None, {"fields": (("username", "name"), "is_active")})
        if obj is not None and not self.has_change_permission(request, obj):
            return (who,)
        again: list[str] = []
        if obj is not None and LoginTries.locked(obj.username, timezone.now()):
            again.append("unlock")
        if obj is not None and totp.factor_of(obj):
            again.append("forget_factor")
        words = (("new_password", "new_password_again"), *again)
        return (who, (_("Coming in"), {"fields": words}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The user name stays: the log and the owner know it."""
        return ("username",) if obj else ()

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """On one's own page the grants are shown, whatever the verbs would allow."""
        inlines: list[Any] = super().get_inline_instances(request, obj)
        if obj is not None and obj.pk == request.user.pk:
            for inline in inlines:
                inline.add_verb = inline.change_verb = inline.delete_verb = None
                inline.max_num = 0
        return inlines

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        chosen = form.cleaned_data
        if not change:
            obj.set_unusable_password()
        obj.save()
        if password := chosen.get("new_password"):
            obj.give_password(password)
        if chosen.get("unlock"):
            LoginTries.forget(obj.username)
            Entry.append(Action.CHANGE, obj, [["locked", True, False]])
        if chosen.get("forget_factor"):
            totp.reset(obj)
        if sentence := form.said_of_signs():
            messages.warning(request, sentence)

    def history_of(self, obj: Any) -> Any:
        grants = Grant.objects.filter(user=obj).values_list("pk", flat=True)
        return [(Account, [obj.pk]), (Grant, grants)]

    def granted(self, account: Account) -> str:
        return "; ".join(
            f"{grant.get_role_display()} – {grant.organization or _now('the whole register')}"
            for grant in account.grants.all()
        )

    granted.short_description = _("grants")  # type: ignore[attr-defined]


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Accounts"), "branches_account_changelist", roles.VIEW_ACCOUNTS, 80, "accounts")
)
