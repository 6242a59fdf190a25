"""A clerk at his own pages asks for what is foreign: by name, by number, by id, in a form.

Whatever he asks, the answer for something foreign is the answer for something that never was, to
the letter; and no form of his offers a foreign record, or takes one that is posted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.apps import apps
from django.db import connection, models, transaction
from django.forms.formsets import BaseFormSet
from django.test import Client

from branches.models import Organization, Unit
from members.models import Member
from registry.models import User
from tests.access_world import Place, World, a_world, addresses, filled, home_of, strange_to
from tests.factories import a_user, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlogged")]

# Who works where, and what is foreign to him there.
WALKS = [
    ("branch_clerk", "sibling", "branch"),
    ("committee_clerk", "committee", "other_committee"),
][: None if connection.vendor == "sqlite" else 1]  # what stands beside tells on the second one
NOWHERE = 987_654_321  # the id of nothing
# What differs from one answer to the next by itself.
PASSING = re.compile(
    r'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"|data-csrf="[^"]*"|value="[\w-]{22}"'
    r"|打印：\w+\s+\d{4}-\d\d-\d\d \d\d:\d\d"
)
# A person may be sent to the branch next door, which stands in the list of where to.
NEXT_DOOR = {"members_member_move", "development_move"}


@pytest.fixture(params=WALKS, ids=lambda walk: f"{walk[0]}-{walk[1]}")
def walk(request: Any) -> tuple[Client, User, World, Place, Place]:
    role, at, foreign = request.param
    world = a_world()
    mine, other = getattr(world, at), getattr(world, foreign)
    user = a_user(role, home_of(role, mine), username="walker", name="行者")
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client, user, world, mine, other


def said_of(client: Client, address: str, parameter: str, value: Any) -> str:
    """The answer, less what differs by itself."""
    client.cookies.pop("messages", None)  # what the page before has left to say
    answer = client.get(address, {parameter: value})
    assert answer.status_code < 500, f"{address}?{parameter}={value}: a traceback"
    text = answer.getvalue().decode(errors="replace") + answer.headers.get("Location", "")
    return f"{answer.status_code} {PASSING.sub('', text)}"


def without_echo(text: str, *asked: Any) -> str:
    """An answer less the echo of what was asked, which differs from one question to the next."""
    for echo in sorted(map(str, asked), key=len, reverse=True):
        if isinstance(asked[0], int):
            text = re.sub(rf'((?:=|%3D)"?|“|: ){echo}(?!\d)', r"\1?", text)
        else:
            for written in (quote(quote(echo)), quote(echo), echo):
                text = text.replace(written, "?")
    return text


def pages_of_rows() -> list[str]:
    """The addresses that are about no single record."""
    left_out = {"logout", "language", "jsi18n", "login", "add", "pdf", "xlsx", "password_change"}
    return sorted(
        {
            filled(route, None)
            for route, _name in addresses()
            if "<" not in route and not left_out & set(re.split(r"\W+", route))
        }
    )


def questions(place: Place) -> Iterator[tuple[str, Any, Any]]:
    """(parameter, a foreign value, a value of the same shape that nobody has)."""
    member, organization = place.member, place.organization
    yield "q", member.name, "阚没有"
    yield "q", member.id_number, an_id_number()
    yield "q", member.phone, "13877777777"
    yield "q", member.number, "D00777777"
    yield "q", organization.name, f"无{organization.name}无"
    yield "q", organization.code, f"{int(organization.code) + 400_000:06}"
    yield "term", organization.name, f"无{organization.name}无"
    yield "organization", organization.pk, NOWHERE
    yield "at", organization.pk, NOWHERE
    yield "unit", place.records[Unit].pk, NOWHERE
    yield "area", organization.area_id, NOWHERE
    yield "user", place.records[User].pk, NOWHERE


def test_what_is_foreign_and_what_never_was_get_the_same_answer(walk):
    client, _user, _world, _mine, other = walk
    other.organization.refresh_from_db()
    faults = []
    for address in pages_of_rows():
        nothing: dict[str, tuple[Any, str]] = {}  # nobody's value is asked once for each parameter
        for parameter, foreign, never in questions(other):
            with transaction.atomic():
                if parameter not in nothing:
                    nothing[parameter] = never, said_of(client, address, parameter, never)
                said = said_of(client, address, parameter, foreign)
                transaction.set_rollback(True)
            nobody, answer = nothing[parameter]
            one, two = (without_echo(each, foreign, nobody) for each in (said, answer))
            if one != two:
                faults.append(f"{address}?{parameter}={foreign}: {first_difference(one, two)}")
    assert not faults, "\n".join(faults)


def first_difference(one: str, two: str) -> str:
    place = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
    return f"…{one[max(0, place - 40) : place + 60]}… ≠ …{two[max(0, place - 40) : place + 60]}…"


def test_no_list_of_choices_finds_a_foreign_row(walk):
    """Every related field of every registered model, those without a list among them."""
    client, user, world, _mine, other = walk
    words, _links = strange_to(user, world)
    faults = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            for term in ("", other.member.name, other.organization.name[:3]):
                answer = client.get(
                    "/autocomplete/",
                    {
                        "app_label": model._meta.app_label,
                        "model_name": model._meta.model_name,
                        "field_name": field.name,
                        "term": term,
                    },
                )
                assert answer.status_code in {200, 403, 404}
                said = answer.content.decode("unicode_escape", errors="replace")
                faults += [
                    f"{model.__name__}.{field.name} “{term}”: {word}"
                    for word in words
                    if answer.status_code == 200 and word in said
                ]
    assert not faults, "\n".join(faults)


def forms_in(answer: Any) -> Iterator[tuple[str, forms.BaseForm]]:
    """Every form that a page was drawn with: (where in the context, the form)."""
    for name, value in drawn_with(answer):
        yield from ((name, form) for form in forms_of(value))


def drawn_with(answer: Any) -> Iterator[tuple[str, Any]]:
    """Every value that a page was drawn with, those in lists one by one."""
    for context in answer.context or ():
        for layer in getattr(context, "dicts", [context]):
            for name, value in layer.items():
                yield from ((name, each) for each in _each(value))


def _each(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def forms_of(value: Any) -> list[forms.BaseForm]:
    """The forms that a value of the context is, or stands for."""
    if isinstance(value, forms.BaseForm):
        return [value]
    if isinstance(value, BaseFormSet):
        return [*value.forms, value.empty_form]
    inner = getattr(value, "formset", None) or getattr(value, "form", None)
    return forms_of(inner) if isinstance(inner, forms.BaseForm | BaseFormSet) else []


def test_no_form_offers_a_foreign_row(walk):
    client, user, _world, mine, other = walk
    foreign = {Organization: other.organization.pk, Member: other.member.pk}
    foreign |= {model: record.pk for model, record in other.records.items()}
    asked, faults = 0, []
    for route, name in addresses():
        if name in {"logout", "autocomplete"} | NEXT_DOOR:
            continue
        answer = client.get(filled(route, mine))
        if not hasattr(answer, "context"):
            continue
        for where, form in forms_in(answer):
            for label, field in form.fields.items():
                if not isinstance(field, forms.ModelChoiceField) or label == "id":
                    continue  # the hidden id of a row below is posted in the next test
                asked += 1
                pk = foreign.get(field.queryset.model._meta.concrete_model)
                if pk and field.queryset.filter(pk=pk).exists():
                    faults.append(f"{route}: {where}.{label} offers {pk}")
    assert asked > 10, user
    assert not faults, "\n".join(faults)


def posted_again(answer: Any) -> dict[str, Any]:
    """What the browser would send back from the forms of a page as it was drawn."""
    data: dict[str, Any] = {}
    for _name, value in drawn_with(answer):
        formset = getattr(value, "formset", value)
        if isinstance(formset, BaseFormSet):
            data |= initial_of(formset.management_form)
    for where, form in forms_in(answer):
        if "__prefix__" not in str(form.prefix) and where != "filterset":
            data |= initial_of(form)
    return data


def initial_of(form: forms.BaseForm) -> dict[str, Any]:
    values = {}
    for bound in form:
        value = bound.value()
        if bound.field.widget.needs_multipart_form or value in (None, False):
            continue
        values[bound.html_name] = "on" if value is True else value
    return values


def pointing_at(place: Place) -> dict[str, Any]:
    """The records of ``place``, and how many rows point at each, through any column."""
    return {
        model.__name__: model._base_manager.filter(pk=record.pk).values().first()
        for model, record in place.records.items()
    } | {
        f"{model.__name__}.{field.name} → {target.__name__}": model._base_manager.filter(
            **{field.name: record.pk}
        ).count()
        for target, record in place.records.items()
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model._meta.concrete_model is target
    }


class Writing:
    """Whether a statement has written anything; only then need the records be looked at again."""

    def __init__(self) -> None:
        self.found = False

    def __call__(self, execute: Any, sql: str, *said: Any) -> Any:
        self.found |= sql.startswith(("INSERT", "UPDATE", "DELETE"))
        return execute(sql, *said)

    def happened(self) -> bool:
        """Tell, and forget it."""
        found, self.found = self.found, False
        return found


def test_no_form_takes_a_foreign_row_that_is_posted(walk):
    client, _user, _world, mine, other = walk
    pks = {model: record.pk for model, record in other.records.items()}
    before, writing = pointing_at(other), Writing()
    posted, faults = 0, []
    for route, name in addresses():
        address = filled(route, mine)
        page = client.get(address)
        if name in {"logout", "autocomplete"} | NEXT_DOOR or page.status_code != 200:
            continue
        related = {
            form.add_prefix(label): field.queryset.model._meta.concrete_model
            for _where, form in forms_in(page)
            for label, field in form.fields.items()
            if isinstance(field, forms.ModelChoiceField)
        }
        data = posted_again(page)
        for label, model in related.items():
            if model not in pks or "__prefix__" in label:
                continue
            with transaction.atomic():
                with connection.execute_wrapper(writing):
                    client.post(address, data | {label: pks[model], "_save": "1"})
                taken = writing.happened() and pointing_at(other) != before
                transaction.set_rollback(True)
            posted += 1
            if taken:
                faults.append(f"{address}: {label}={pks[model]} was taken")
    assert not faults, "\n".join(faults)
    assert posted >= 5
