"""Every address, every method, every role: nobody sees or touches what is not his.

For each role a user works at one organisation, and another one stands beside, above or below it.
All addresses of the site are asked with all methods for a record of that other organisation. No
answer may name a foreign person, organisation, number or count, none may be a traceback, and
nothing foreign may have changed. A new page is walked without being listed; one whose address has
a part that the walk cannot fill, or that has no policy, fails.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from branches.models import PartyGroup, Unit
from branches.rules import roles
from registry.models import ImportJob, User
from tests.access_world import (
    RELATIONS,
    Place,
    a_world,
    addresses,
    filled,
    home_of,
    strange_to,
)
from tests.factories import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlogged")]

METHODS = ("GET", "POST", "PUT")
# Both databases compare paths, so on the second one neighbours tell; where each stands is the same.
WALKED = tuple(RELATIONS) if connection.vendor == "sqlite" else ("sibling",)
# Answered by what answers GET, so one relation tells whether they are.
ALSO = {"sibling": ("HEAD", "OPTIONS")}
# Addresses that need no verb: who asks them is nobody yet, or sees only his own account.
OPEN = {
    "login", "logout", "set_language", "second_factor", "second_factor_set_up",
    "second_factor_picture", "alive", "preferences", "index", "password_change",
    "password_change_done", "autocomplete", "jsi18n",
}  # fmt: skip


def forged(place: Place) -> dict[str, Any]:
    """A form that asks for everything at once, with foreign records in every place."""
    organization, member = place.organization.pk, place.member.pk
    return {
        "organization": organization, "target": organization, "parent": organization,
        "branch": place.branch.pk, "member": member, "members": [member],
        "unit": place.records[Unit].pk,
        "party_group": place.records[PartyGroup].pk, "user": place.records[User].pk,
        "job": place.records[ImportJob].pk, "_selected_action": [member], "select_across": "1",
        "action": "move_many", "confirmed": "1", "reason": "测试", "on": "2026-11-01",
        "day": "2026-11-01",
        "name": "新名", "note": "改了", "confirm": "1", "apply": "1", "_save": "1",
        "role": "reader",
        "app_label": "members", "model_name": "member", "field_name": "organization",
        "version": "1", "document": "测试", "kind": "branch", "code": "777", "file":
        SimpleUploadedFile("a.xlsx", b"not a workbook"),
    }  # fmt: skip


def state_of(place: Place) -> dict[str, Any]:
    """The rows of a place as they stand in the database."""
    return {
        model.__name__: model._base_manager.filter(pk=record.pk).values().first()
        for model, record in place.records.items()
    }


class Watch:
    """Whether a statement has written to one of the tables in which records of a place stand.

    Reading all of them again after each of many thousand questions would take most of the time.
    """

    def __init__(self, place: Place) -> None:
        self.tables = {f'"{model._meta.db_table}"' for model in place.records}
        self.has_written = False

    def __call__(self, execute: Any, sql: str, *said: Any) -> Any:
        if not sql.startswith(("SELECT", "INSERT")) and any(t in sql for t in self.tables):
            self.has_written = True
        return execute(sql, *said)


def asked(client: Client, method: str, address: str, place: Place) -> Any:
    """Ask, and take back whatever the answer has changed of one's own."""
    point, watch = transaction.savepoint(), Watch(place)
    with connection.execute_wrapper(watch):
        if method == "POST":
            answer = client.post(address, forged(place))
        else:
            answer = client.generic(
                method, address, QUERY_STRING=f"organization={place.organization.pk}"
            )
    changed = state_of(place) if watch.has_written else None
    transaction.savepoint_rollback(point)
    return answer, changed


@pytest.mark.parametrize("relation", WALKED)
@pytest.mark.parametrize("role", roles.ROLES)
def test_no_answer_names_or_changes_what_is_foreign(role, relation):
    world = a_world()
    at, asked_for = (getattr(world, name) for name in RELATIONS[relation])
    home = home_of(role, at)
    user = a_user(role, home, username="walker", name="行者")
    words, links = strange_to(user, world)
    before = state_of(asked_for)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    cases, faults = 0, []
    for route, name in addresses():
        if name in {"logout", "password_change", "set_language"}:
            continue
        address = filled(route, asked_for)
        for method in (*METHODS, *ALSO.get(relation, ())):
            answer, changed = asked(client, method, address, asked_for)
            cases += 1
            said = answer.getvalue().decode(errors="replace") + str(answer.headers)
            where = f"{method} {address} → {answer.status_code}"
            if answer.status_code >= 500:
                faults.append(f"{where}: a traceback")
            # Within the member links, not “/12/” inside “/112/”.
            faults += [f"{where}: {word}" for word in sorted(words) if word in said]
            faults += [
                f"{where}: {link}"
                for link in sorted(links)
                if link in said and not address.startswith(link)
            ]
            if changed not in (None, before) and role not in roles.roles_with(
                roles.MANAGE_ACCOUNTS
            ):
                faults.append(f"{where}: changed something foreign")
    assert state_of(asked_for) == before
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:40]])
    assert cases * len(WALKED) * len(roles.ROLES) >= 1000


def test_every_address_has_a_policy():
    """A page asks for a verb, belongs to a scoped admin, or is one of the few open ones."""
    guarded = {name for _route, _view, name, _verb in admin.site.pages}
    own = tuple(
        f"{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry
    )
    loose = [
        (route, name)
        for route, name in addresses()
        if name not in guarded | OPEN and not route.startswith(own)
    ]
    assert not loose
