"""Every address, every method, every role: nobody sees or touches what is not his.

For each role a user works at one organisation, and another one stands beside, above or below it.
All addresses of the site are asked with all methods for a record of that other organisation. No
answer may name a foreign person, organisation, number or count, none may be a traceback, and
nothing foreign may have changed. A new page is walked without being listed; one whose address has
a part that the walk cannot fill, or that has no policy, fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from branches.models import Area, Grant, Organization, OrganizationPeriod, PartyGroup, Unit
from branches.rules import roles
from members.models import Finding, Headcount, Member, Office, Placement
from registry.models import Entry, ImportJob, JobRow, User
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT")
# Addresses that need no verb: who asks them is nobody yet, or sees only his own account.
OPEN = {
    "login", "logout", "set_language", "second_factor", "second_factor_set_up",
    "second_factor_picture", "alive", "preferences", "index", "password_change",
    "password_change_done", "autocomplete", "jsi18n",
}  # fmt: skip


@dataclass
class Place:
    """An organisation with everything that can hang on one."""

    organization: Organization
    branch: Organization
    member: Member
    records: dict[type, Any]


def furnished(organization: Organization, mark: str, number: int) -> Place:
    """Give an organisation people and things whose names occur nowhere else."""
    branch = organization
    if not organization.holds_members:
        branch = a_branch(organization, name=f"直属{mark}支部", short_name=f"直{mark}")
    member = a_member(branch, name=f"阚{mark}", job_title=f"职务{mark}", phone=f"139{number:08}")
    for _ in range(number % 5 + 1):
        a_member(branch, name=f"佘{mark}")
    # A headcount that no other organisation has, so that it is noticed wherever it is shown.
    Headcount.objects.filter(pk=organization.pk).update(full=54_000 + number)
    unit = Unit.objects.create(name=f"单位{mark}")
    organization.units.add(unit)
    user = a_user("reader", organization, username=f"reader-{mark}", name=f"读者{mark}")
    job = ImportJob.objects.create(
        kind="members",
        file_name=f"名册{mark}.xlsx",
        file=b"x",
        scope_path=organization.path,
        scope_label=f"名册{mark}",
        opening_on=date(2026, 11, 20),
        user=user,
    )
    JobRow.objects.create(job=job, sheet="Sheet1", number=4, state="new")
    records = {
        Organization: organization,
        Member: member,
        Unit: unit,
        Area: Area.objects.create(name=f"片区{mark}"),
        PartyGroup: PartyGroup.objects.create(organization=branch, name=f"小组{mark}"),
        Grant: user.grants.get(),
        User: user,
        Office: Office.objects.create(
            organization=branch, member=member, post="secretary", held_from=date(2024, 1, 1)
        ),
        Placement: member.placements.get(),
        Finding: Finding.objects.create(
            member=member, code="full_too_soon", found_on=date(2026, 1, 1)
        ),
        OrganizationPeriod: organization.periods.get(),
        ImportJob: job,
        Entry: Entry.objects.about(member).first(),
    }
    return Place(organization, branch, member, records)


@dataclass
class World:
    top: Place
    committee: Place
    branch: Place
    sibling: Place
    other_committee: Place

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.top, self.committee, self.branch, self.sibling, self.other_committee)


@pytest.fixture
def world() -> World:
    top = a_work_committee(name="工委顶", short_name="顶委")
    committee = a_committee(top, name="委员会甲", short_name="甲委")
    return World(
        top=furnished(top, "鼎鼎", 1),
        committee=furnished(committee, "甲甲", 2),
        branch=furnished(a_branch(committee, name="支部乙", short_name="乙支"), "乙乙", 3),
        sibling=furnished(a_branch(committee, name="支部丙", short_name="丙支"), "丙丙", 4),
        other_committee=furnished(a_committee(top, name="委员会丁", short_name="丁委"), "丁丁", 5),
    )


# (where the user works, whose records he asks for)
RELATIONS = {
    "sibling": ("sibling", "branch"),
    "child": ("branch", "committee"),
    "parent": ("committee", "other_committee"),
}


def addresses() -> list[tuple[str, str]]:
    """(route, name) of every address of the site."""

    def walk(patterns: list[Any], before: str) -> Any:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield route, pattern.name or ""

    return sorted(set(walk(get_resolver().url_patterns, "")))


# Which record an address is about: the model of its admin, or what its first word says.
ABOUT = {"organizations/": Organization, "rosters/": Organization, "uploads/": ImportJob}
ABOUT |= {
    f"{model._meta.app_label}/{model._meta.model_name}/": model._meta.concrete_model
    for model in admin.site._registry
}


def filled(route: str, place: Place) -> str:
    """Return the address with the record of ``place`` in it."""
    route = re.sub(r"\\Z|\$|\^", "", route).replace("(?P<url>.*)", "")
    if "<" not in route:
        return "/" + route
    model = next((m for prefix, m in ABOUT.items() if route.startswith(prefix)), None)
    assert model, f"{route}: say in ABOUT which record the address is about."
    record = place.records[model]
    return "/" + re.sub(r"<[^>]+>", str(record.pk), route)


def strange_to(user: User, world: World) -> tuple[set[str], set[str]]:
    """What no page may say to ``user``, and the addresses of foreign members."""
    grant = user.grants.get()
    low, high = grant.scope
    home = grant.organization
    above = {each.pk for each in home.ancestors()} if home else set()
    carried = roles.ROLES[grant.role].verbs
    words, links = set(), set()
    for number, place in enumerate(world.places, start=1):
        seen = home is not None and low <= place.organization.path < high
        if not (home is not None and low <= place.branch.path < high):
            words |= {place.member.name, place.member.name.replace("阚", "佘")}
            words.add(place.member.job_title)
            links.add(f"/members/member/{place.member.pk}/")
            if roles.VIEW_LOG not in carried:  # the log knows people by their numbers
                words.add(place.member.number)
        if not seen and roles.VIEW_ACCOUNTS not in carried:
            words |= {f"{54_000 + number}", place.records[User].name}
            words |= {place.records[ImportJob].file_name, place.records[PartyGroup].name}
            if place.organization.pk not in above:
                words |= {place.organization.name, place.organization.short_name}
    return words, links


def forged(place: Place) -> dict[str, Any]:
    """A form that asks for everything at once, with foreign records in every place."""
    organization, member = place.organization.pk, place.member.pk
    return {
        "organization": organization, "target": organization, "parent": organization,
        "branch": place.branch.pk, "member": member, "members": [member],
        "unit": place.records[Unit].pk,
        "party_group": place.records[PartyGroup].pk, "user": place.records[User].pk,
        "job": place.records[ImportJob].pk, "_selected_action": [member], "select_across": "1",
        "action": "move", "reason": "测试", "on": "2026-11-01", "day": "2026-11-01",
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


def asked(client: Client, method: str, address: str, place: Place) -> Any:
    """Ask, and take back whatever the answer has changed of one's own."""
    point = transaction.savepoint()
    if method == "POST":
        answer = client.post(address, forged(place))
    else:
        answer = client.generic(
            method, address, QUERY_STRING=f"organization={place.organization.pk}"
        )
    changed = state_of(place)
    transaction.savepoint_rollback(point)
    return answer, changed


CASES = []


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("role", roles.ROLES)
def test_no_answer_names_or_changes_what_is_foreign(role, relation, world):
    at, asked_for = (getattr(world, name) for name in RELATIONS[relation])
    home = at.organization if role in roles.roles_with(roles.VIEW) else None
    if role == "branch_clerk" and home and home.kind != "branch":
        home = at.branch
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
        for method in METHODS:
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
            if changed != before and role not in roles.roles_with(roles.MANAGE_ACCOUNTS):
                faults.append(f"{where}: changed something foreign")
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:40]])
    assert cases * len(RELATIONS) * len(roles.ROLES) >= 1000


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
