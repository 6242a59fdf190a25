"""Units (单位): their code, whether a leading group stands there, and who heads them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Unit
from branches.rules import roles
from members.models import Member, UnitHead
from members.models.heads import units_whose_head_is_secretary
from registry.admin import Place, ScopedModelAdmin
from registry.admin.autocomplete import ScopedAutocomplete
from registry.plain_text import PlainTexts


class UnitForm(PlainTexts, forms.ModelForm):
    """A unit, with its head: a member of the clerk's rows, or a name."""

    request: HttpRequest
    head = forms.ModelChoiceField(
        label=_("head, a member"),
        required=False,
        queryset=Member.objects.none(),
        widget=ScopedAutocomplete(UnitHead._meta.get_field("member"), admin.site),
    )

    class Meta:
        model = Unit
        fields = ("name", "credit_code", "has_leading_group", "head_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Member.objects.visible_to(self.request.user)
        field: Any = self.fields["head"]
        field.queryset = seen.on_roll()
        if head := UnitHead.objects.filter(unit=self.instance.pk or 0).first():
            if not seen.filter(pk=head.member_id).exists():
                del self.fields["head"]  # nobody replaces a head whom he does not see
                return
            self.initial["head"] = head.member_id
            # He may have left since; he stays the head until somebody else is chosen.
            field.queryset |= seen.filter(pk=head.member_id)

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.cleaned_data.get("head") and self.cleaned_data.get("head_name"):
            self.add_error("head_name", _now("A member is chosen. Leave the name empty."))
        return cleaned


@admin.register(Unit)
class UnitAdmin(ScopedModelAdmin):
    form = UnitForm
    list_display = ("name", "credit_code", "has_leading_group", "shown_head", "head_is_secretary")
    search_fields = ("name",)
    search_help_text = _("Name or unified social credit code")
    ordering = ("name",)
    add_verb = change_verb = roles.CHANGE_TREE

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if not self._may_choose_head(request, obj):
            head: tuple[Any, ...] = ("shown_head",)
        else:
            head = (("head", "head_name"),)
        more = ("head_is_secretary",) if obj else ()
        first = (("name", "credit_code"), "has_leading_group")
        return ((None, {"fields": (*first, *head, *more)}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        more = () if self._may_choose_head(request, obj) else ("shown_head",)
        return ("head_is_secretary", *more)

    def _may_choose_head(self, request: HttpRequest, unit: Any) -> bool:
        """A head from outside the clerk's rows is neither named nor replaced by him."""
        if unit is None:
            return self.has_add_permission(request)
        head = UnitHead.objects.filter(unit=unit).first()
        seen = Member.objects.visible_to(request.user)
        return self.has_change_permission(request, unit) and (
            head is None or seen.filter(pk=head.member_id).exists()
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = " ".join(search_term.split())
        if len(text) == 18 and text.isascii():
            return queryset.filter(credit_code=text.upper()), False
        return queryset.filter(name__contains=text), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Heads and secretaries are read for the rows of the page only, by one question each."""
        page = super().get_changelist_instance(request)
        page.result_list = list(page.result_list)
        self._answer(request, page.result_list)
        return page

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        unit = super().get_object(request, *args, **kwargs)
        if unit is not None:
            self._answer(request, [unit])
        return unit

    def complete(self, request: HttpRequest, records: list[Any]) -> None:
        self._answer(request, records)

    def _answer(self, request: HttpRequest, units: list[Any]) -> None:
        seen = Member.objects.visible_to(request.user).values("pk")
        heads = UnitHead.objects.filter(unit__in=units).select_related("member")
        named = {head.unit_id: head.member.name for head in heads.filter(member__in=seen)}
        foreign = set(heads.values_list("unit", flat=True)) - set(named)
        both = units_whose_head_is_secretary(units, timezone.localdate())
        for unit in units:
            unknown = _now("registered elsewhere") if unit.pk in foreign else unit.head_name
            unit.shown_head, unit.one_person = named.get(unit.pk, unknown), unit.pk in both

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if "head" in form.cleaned_data:
            self._keep_head(obj, form.cleaned_data["head"])
        if sentence := form.said_of_signs():
            messages.warning(request, sentence)

    def _keep_head(self, unit: Unit, member: Member | None) -> None:
        kept = UnitHead.objects.filter(unit=unit).first()
        if member is None:
            if kept:
                kept.delete()
        elif kept is None:
            UnitHead(unit=unit, member=member).save()
        elif kept.member_id != member.pk:
            kept.member = member
            kept.save()

    def history_of(self, obj: Any) -> Any:
        return [(Unit, [obj.pk])]

    def shown_head(self, unit: Any) -> str:
        return str(unit.shown_head)

    shown_head.short_description = _("head")  # type: ignore[attr-defined]

    def head_is_secretary(self, unit: Any) -> bool:
        return bool(unit.one_person)

    head_is_secretary.short_description = _("head is secretary")  # type: ignore[attr-defined]
    head_is_secretary.boolean = True  # type: ignore[attr-defined]


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Units"), "branches_unit_changelist", roles.CHANGE_TREE, 60, "unit")
)
