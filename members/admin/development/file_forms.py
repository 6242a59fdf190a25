"""The form of a file: who the person is, and with a new file the application it begins with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.rules import roles
from members.admin.id_numbers import refuse_foreign
from members.admin.person_forms import PersonForm
from members.models import DevelopmentFile, Member, id_digest
from members.models.development.register import COPIED
from members.models.standing.former import is_ended
from members.rules.codes import FULL
from registry import access
from registry.calendar import PartialDate
from registry.forms import PartialDateFormField


class FileForm(PersonForm):
    class Meta:
        model = DevelopmentFile
        fields = "__all__"

    def refuse_id_number(self, number: str) -> None:
        """Refuse the number of another open file, and in a new file that of a member."""
        user, digest = self.request.user, id_digest(number)
        others = DevelopmentFile.objects.open().exclude(pk=self.instance.pk)
        file = others.filter(id_digest=digest).first()
        member = self._member_in_the_way(number)
        for holder, page in ((file, "developmentfile"), (member, "member")):
            if holder is not None and access.may_on(user, roles.VIEW, holder):
                raise ValidationError(_seen(holder, page), code="id_registered_here")
        refuse_foreign(
            user,
            number,
            _now("This ID number is registered in another organisation. Ask there for the papers."),
            is_held=bool(file or member),
        )

    def _member_in_the_way(self, number: str) -> Member | None:
        """Who is a member already, and not by this file; nobody who can only join anew."""
        holder = Member.of_id_number(number)
        if holder is None or holder.pk == self.instance.member_id or is_ended(holder):
            return None
        return holder


def _seen(holder: Any, page: str) -> SafeString:
    link = format_html(
        '<a href="{}">{}</a>',
        reverse(f"admin:members_{page}_change", args=[holder.pk]),
        holder.name,
    )
    if page == "member":
        return format_html(
            _now(
                "This ID number belongs to {} ({}), who is a member already. Enter changes there; "
                "for a probationary member, open the file above with what the register has."
            ),
            link,
            holder.number,
        )
    return format_html(_now("There is an open file of {} with this ID number. Go on there."), link)


class NewFileForm(FileForm):
    """A new file also says when the person applied, and with a member whose file it is."""

    on = PartialDateFormField(
        label=_("applied on"),
        required=False,  # the rules ask for it
        help_text=_("The day of the application. From old papers also 2019-03, 2019 or empty."),
    )
    received_by = forms.CharField(label=_("received by"), required=False, max_length=50)
    historical = forms.BooleanField(label=_("entered afterwards from old papers"), required=False)
    reason = forms.CharField(
        label=_("why"),
        required=False,
        max_length=200,
        help_text=_("Where the application is entered afterwards."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken_over = self._member_asked()
        if self.taken_over is not None:
            self.instance.member = self.taken_over
            kept = {name: getattr(self.taken_over, name) for name in COPIED}
            kept = {name: value for name, value in kept.items() if name in self.fields}
            kept["unit"] = self.taken_over.unit_id
            protected = self.instance.masks
            for name in set(protected) & set(kept):
                # The number itself does not leave the server: an empty box means this one.
                field: Any = self.fields[name]
                field.kept = kept.pop(name) or ""
                field.widget.mask = protected[name](field.kept) if field.kept else ""
            self.initial = {
                **self.initial,
                **kept,
                "organization": self.taken_over.organization_id,
                "historical": True,
                "reason": _now("on the roll already; the file is kept from now on"),
            }
        elif "on" not in self.initial:
            self.initial["on"] = PartialDate.of(timezone.localdate())

    def _member_asked(self) -> Member | None:
        """The probationary member whom the address names, among those whom the user may change."""
        asked = self.request.GET.get("member", "")
        if not asked.isdecimal() or len(asked) > 18:
            return None
        rows = Member.objects.visible_to(self.request.user, roles.ADD).on_roll()
        return rows.filter(pk=int(asked)).exclude(kind=FULL).first()

    def clean_id_number(self) -> str:
        number = super().clean_id_number()
        taken = self.taken_over
        if taken is not None and number and number == taken.id_number:
            self.refuse_id_number(number)
        return number

    def beginning(self) -> dict[str, Any]:
        """Return what ``begin`` asks for."""
        typed = self.cleaned_data
        received = typed.get("received_by")
        return {
            "on": typed.get("on"),
            "facts": {"received_by": received} if received else {},
            "historical": bool(typed.get("historical")),
            "reason": typed.get("reason") or "",
        }

    def clean(self) -> Any:
        cleaned = super().clean()
        taken, branch = self.taken_over, self.cleaned_data.get("organization")
        if taken is not None and branch is not None and branch.pk != taken.organization_id:
            self.add_error(
                "organization",
                _now("%(name)s belongs to %(branch)s. The file is kept there.")
                % {"name": taken.name, "branch": taken.organization},
            )
        return cleaned
