"""One meeting, many people: an assembly, a class, a decision or a notice is entered once.

Those are offered whose plan allows the step and for whom this user enters it. All ticked are
recorded or nobody; what speaks against one of them stands at his row, and what was typed stays.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.deeds import typed
from members.admin.development.occasion_forms import (
    OccasionForm,
    PersonForm,
    PersonLine,
    labels_of,
)
from members.admin.development.pages import file_url, page
from members.admin.development.questions import label_of, own_steps
from members.admin.doors import address_of
from members.models import Deadline, DevelopmentFile, LocalStep, Occasion
from members.models.development.acting import BRANCH, ENTERED_AT
from members.models.development.holding import holders_of
from members.models.development.offering import Holding, holdings, waiting_on
from members.rules import development, vote
from members.rules.development.together import ASSEMBLIES, HANDS, is_voted, may_be_shared
from registry.admin.autocomplete import keys_among
from registry.admin.saving import is_sent_again
from registry.language import said
from registry.login.kept_forms import keeps_form
from registry.models import StaleRecord

HERE = "development_together"
OFFERED = 300  # people on one page
LATELY = 10


class TogetherForm(AskingForm):
    """Of which organisation, which step, and whether from old papers."""

    step = forms.ChoiceField(
        label=_("step"),
        required=False,
        error_messages={
            "invalid_choice": _("“%(value)s” is no step that is taken together. Choose another.")
        },
    )
    historical = forms.BooleanField(label=_("entered afterwards from old papers"), required=False)

    def __init__(self, data: Any, own: Any) -> None:
        super().__init__(data, own)
        top = own.filter(pk=data["organization"]).first()
        self.steps = development.STEPS | {
            code: local.step() for code, local in (own_steps(top) if top else {}).items()
        }
        fields: Any = self.fields
        fields["step"].choices = [
            ("", "---------"),
            *(
                (code, f"{step.number} {said(step.label)}")
                for code, step in self.steps.items()
                if may_be_shared(step)
            ),
        ]


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def together_page(request: HttpRequest) -> HttpResponse:
    """The occasion of ``?organization=&step=``; without a step, what may be taken together."""
    organization, form = asking(request, TogetherForm, roles.VIEW)
    more: dict[str, Any] = {"asking": form}
    if not form.is_valid():
        return page(request, "together", organization, HERE, **more)
    code = form.cleaned_data["step"]
    if not code:
        more |= _choices(request, organization)
        return page(request, "together", organization, HERE, **more)
    historical = form.cleaned_data["historical"]
    sheet = OccasionPage(request, organization, form.steps[code], historical=historical)
    if request.method == "POST" and (done := sheet.saved()):
        return done
    return page(request, "together", organization, HERE, **more, **sheet.context())


def _choices(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    """The steps that people wait for, and what was held lately."""
    rows = Deadline.objects.visible_to(request.user).under(organization)
    rows = rows.waiting_for(request.user).filter(sent_back=False).open_on(timezone.localdate())
    counted = rows.order_by().values("step").annotate(people=Count("pk"))
    numbers = {row["step"]: row["people"] for row in counted}
    own = own_steps(organization)
    steps = development.STEPS | {code: local.step() for code, local in own.items()}
    held = Occasion.objects.visible_to(request.user).filter(
        organization__path__gte=organization.path, organization__path__lt=organization.end_path
    )
    return {
        "choices": [
            (step.number, label_of(code, own), numbers[code],
             address_of(HERE, organization, step=code))
            for code, step in steps.items()
            if code in numbers and may_be_shared(step)
        ],
        "held": [_held(each, own) for each in held.select_related("organization")[:LATELY]],
        "choosing": True,
    }  # fmt: skip


def _held(occasion: Occasion, own: dict[str, LocalStep]) -> dict[str, Any]:
    return {
        "occasion": occasion,
        "label": label_of(occasion.step, own),
        "url": reverse("admin:development_occasion", args=[occasion.pk]),
    }


class OccasionPage:
    """One occasion on the screen: opened, filled in, refused, or recorded."""

    def __init__(
        self,
        request: HttpRequest,
        organization: Organization,
        step: development.Step,
        *,
        historical: bool,
    ) -> None:
        self.request, self.organization, self.step = request, organization, step
        self.historical, self.today = historical, timezone.localdate()
        self.data = typed(request)
        self.ticked = {int(each) for each in keys_among(self.data.getlist("tick"))} if (
            self.data is not None
        ) else set()  # fmt: skip
        rows = waiting_on(organization, step.code, request.user, self.today, historical=historical)
        self.holdings = holdings(rows, step, organization)
        self.chosen = self._chosen()
        self.form = OccasionForm(
            self.data, step=step, user=request.user, initial={"on": self.today}
        )
        self.too_many = False
        self.lines = self._lines(rows)
        known = {line.file.pk for line in self.lines}
        self.strangers = self.ticked - known

    def _chosen(self) -> Holding | None:
        """Who holds it: the organisation that is asked for, or the only one that can."""
        for each in self.holdings:
            if each.organization == self.organization:
                return each
        return self.holdings[0] if len(self.holdings) == 1 else None

    def _lines(self, rows: Any) -> list[PersonLine]:
        """Those who are offered, and whoever was ticked and does not wait any more."""
        offered = {}
        if self.chosen:
            if len(self.holdings) > 1:
                rows = rows.filter(organization__in=self.chosen.branches)
            some = list(rows.by_branch()[: OFFERED + 1])
            self.too_many = len(some) > OFFERED
            offered = {row.file_id: row for row in some[:OFFERED]}
        people = DevelopmentFile.objects.visible_to(self.request.user)
        people = people.select_related("organization").defer("id_number", "phone", "address")
        files = people.in_bulk([*offered, *(self.ticked - set(offered))])
        keys = [*offered, *sorted(self.ticked - set(offered))]
        return [self._line(files[key], offered.get(key)) for key in keys if key in files]

    def _line(self, file: DevelopmentFile, row: Deadline | None) -> PersonLine:
        known = self.data is not None and f"p{file.pk}-reason" in self.data
        return PersonLine(
            file=file,
            form=PersonForm(self.data if known else None, file, self.step, self.request.user),
            ticked=file.pk in self.ticked,
            url=file_url(file.pk),
            waits=row is not None,
            due_by=row.due_by if row else None,
            late=bool(row and row.due_by and row.due_by < self.today),
        )

    @property
    def holder(self) -> Organization:
        """Who holds it for those who are ticked; the verb says whom it cannot be for."""
        branches = {line.file.organization for line in self.lines if line.ticked}
        if ENTERED_AT[self.step.acts] == BRANCH and self.step.code not in ASSEMBLIES:
            return self.organization
        found = set(holders_of(self.step.acts, branches).values())
        return found.pop() if len(found) == 1 else self.organization

    # Recording

    def saved(self) -> HttpResponse | None:
        """Record it for all who are ticked; None where something speaks against it."""
        ticked = [line for line in self.lines if line.ticked]
        for line in ticked:
            line.objections = _unread(line.form)
        if self.strangers:
            text = _now("Somebody whom you ticked is not here any more. Look who is ticked now.")
            self.form.add_error(None, text)
        if not self.form.is_valid() or any(line.objections for line in ticked):
            return None
        people = [
            (line.file, line.form.facts(), line.form.cleaned_data["reason"]) for line in ticked
        ]
        try:
            with transaction.atomic():
                if is_sent_again(self.request):
                    messages.info(self.request, _now("This was recorded already, once."))
                    return HttpResponseRedirect(address_of(HERE, self.organization))
                occasion = Occasion.hold(
                    self.step.code,
                    self.holder,
                    self.form.cleaned_data["on"],
                    self.form.facts(),
                    people,
                    by=self.request.user,
                    today=self.today,
                    historical=self.historical,
                )
        except ValidationError as error:
            self._object(error)
            return None
        except StaleRecord:
            self.form.add_error(
                None, _now("Somebody else has just saved the same. Look, and do it again.")
            )
            return None
        self._say(ticked)
        # From old papers a branch enters what its committee has held, whose page is not its own.
        if may(self.request.user, roles.VIEW, occasion.organization.path):
            return HttpResponseRedirect(reverse("admin:development_occasion", args=[occasion.pk]))
        return HttpResponseRedirect(address_of(HERE, self.organization))

    def _object(self, error: ValidationError) -> None:
        of_one = self.form.object_to(error)
        for line in self.lines:
            line.objections += of_one.get(line.file.pk, [])

    def _say(self, ticked: list[PersonLine]) -> None:
        count = len(ticked)
        text = ngettext("Recorded for %(count)s person.", "Recorded for %(count)s people.", count)
        messages.success(self.request, text % {"count": count})
        if not is_voted(self.step):
            return
        room = self.form.facts()
        for line in ticked:
            facts = line.form.facts()
            numbers = {name: facts.get(name, 0) for name in HANDS} | {"present": room["present"]}
            for sentence in vote.adding_up(numbers):
                messages.warning(self.request, f"{line.file.name}: {said(sentence)}")

    # Showing

    def context(self) -> dict[str, Any]:
        others = [each for each in self.holdings if each is not self.chosen]
        return {
            "step": self.step,
            "step_label": label_of(self.step.code, own_steps(self.organization)),
            "form": self.form if self.lines else None,
            "lines": self.lines,
            "headings": labels_of(self.lines),
            "voted": self.form.voted,
            "holder": self.chosen.organization if self.chosen else self.organization,
            "due": self.form.due,
            "others": [
                (each.organization, each.waiting,
                 address_of(HERE, each.organization, **self._asked))
                for each in others
            ],
            "too_many": self.too_many,
            "offered": OFFERED,
            "several_branches": len({line.file.organization_id for line in self.lines}) > 1,
            "errors": self._errors(),
            "is_changed": self.data is not None,
            "blocked_url": address_of(
                "development", self.organization, step=self.step.code, state="blocked"
            ),
        }  # fmt: skip

    @property
    def _asked(self) -> dict[str, str]:
        return {"step": self.step.code} | ({"historical": "on"} if self.historical else {})

    def _errors(self) -> list[tuple[str, str]]:
        """Everything that speaks against it, each with the place on the page; none when opened."""
        if self.request.method != "POST":
            return []
        found = [("", f"{text}") for text in self.form.non_field_errors()]
        for name, errors in self.form.errors.items():
            if name in self.form.fields:
                box = self.form[name]
                found += [(f"{box.id_for_label}", f"{box.label}: {text}") for text in errors]
        for line in self.lines:
            found += [(f"person-{line.file.pk}", text) for text in line.objections]
        return found


def _unread(form: PersonForm) -> list[str]:
    """What in one person's boxes cannot be read, each sentence beginning with his name."""
    if form.is_valid():
        return []
    if not form.is_bound:
        return [_now("%(name)s: Fill in his row first.") % {"name": form.file.name}]
    return [f"{form.file.name}: {text}" for errors in form.errors.values() for text in errors]


admin.site.page(  # type: ignore[attr-defined]
    "development/together/", together_page, HERE, roles.VIEW
)
