"""A small world of organisations, each with everything that can hang on one, and what in it is
foreign to whom: what the walks of ``test_access.py`` and ``test_access_questions.py`` go by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from branches.models import (
    Area,
    Grant,
    Organization,
    OrganizationPeriod,
    PartyGroup,
    Reorganization,
    Unit,
)
from branches.rules import roles
from members.models import (
    AccountEntry,
    Assessment,
    Attachment,
    Ballot,
    BaseComponent,
    Candidate,
    Certificate,
    Closing,
    Confirmation,
    ConfirmationRound,
    DevelopmentFile,
    DevelopmentPolicy,
    Discipline,
    DuesPolicy,
    Election,
    FiguresReport,
    Finding,
    FloatingIn,
    FloatingOut,
    Headcount,
    Layout,
    LocalStep,
    Member,
    Newcomer,
    Notice,
    Occasion,
    Office,
    OwnField,
    PartyWorker,
    Payment,
    Placement,
    PrintJob,
    Reduction,
    Remittance,
    ReturnRun,
    SecondMembership,
    SentBack,
    StepTaken,
    Term,
    Transfer,
    TransferPolicy,
)
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry, ImportJob, JobRow, PreparedFile, User
from tests.access_rooms import (
    confirmations_of,
    development_of,
    money_of,
    standing_of,
    terms_of,
    transfers_of,
)
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.dues import a_policy, a_reduction, an_assessment
from tests.members.ledger import a_payment


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
    member = a_member(
        branch,
        name=f"阚{mark}",
        job_title=f"职务{mark}",
        phone=f"139{number:08}",
        floating=True,  # so that he stands on the lists of papers
        hardship=True,
        lost_contact_since=PartialDate(2026, 1),
    )
    [own_field] = OwnField.keep(organization, [f"自定{mark}"])
    member.own = {own_field.name: f"值{mark}"}
    member.save()
    for _ in range(number % 5 + 1):
        a_member(branch, name=f"佘{mark}")
    # A headcount that no other organisation has, so that it is noticed wherever it is shown.
    Headcount.objects.filter(pk=organization.pk).update(full=54_000 + number)
    unit = Unit.objects.create(name=f"单位{mark}")
    organization.units.add(unit)
    area = Area.objects.create(name=f"片区{mark}")
    Organization.objects.filter(pk=organization.pk).update(area=area)
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
    prepared = PreparedFile.keep(user, f"导出{mark}.xlsx", "text/plain", f"佘{mark}".encode())
    print_job = PrintJob.objects.create(
        user=user,
        organization=organization,
        paper="roster",
        on=date(2026, 11, 20),
        bound="zip",
        language="en",
        state="done",
        papers=1,
        failures=[[f"直{mark}", f"佘{mark}"]],
        file=f"佘{mark}".encode(),
    )
    records = {
        Organization: organization,
        Member: member,
        Unit: unit,
        Area: area,
        PartyGroup: PartyGroup.objects.create(organization=branch, name=f"小组{mark}"),
        Grant: user.grants.get(),
        User: user,
        Office: Office.objects.create(
            organization=branch, member=member, post="secretary", held_from=date(2024, 1, 1)
        ),
        Placement: member.placements.get(),
        OwnField: own_field,
        Certificate: Certificate(member=member, addressee=f"接收{mark}").issue(
            date(2026, 11, 20), by=OPERATOR, today=date(2026, 11, 20)
        ),
        Layout: Layout.objects.create(organization=organization, name=f"版式{mark}"),
        Finding: Finding.objects.create(
            member=member, code="full_too_soon", found_on=date(2026, 1, 1)
        ),
        OrganizationPeriod: organization.periods.get(),
        Reorganization: Reorganization.objects.create(
            kind="rename", organization=organization, on=date(2026, 1, 1), document=f"文{mark}"
        ),
        ImportJob: job,
        PreparedFile: prepared,
        PrintJob: print_job,
        Entry: Entry.objects.about(member).first(),
        **money_of(organization, mark),
        **terms_of(organization, mark),
        **standing_of(branch, member, mark),
        **confirmations_of(organization, branch, mark),
        Assessment: an_assessment(member),
        Reduction: a_reduction(member, date(2026, 3, 1), reason=f"困难{mark}"),
        DuesPolicy: a_policy(organization, share_upward="50"),
        BaseComponent: BaseComponent.objects.create(
            organization=organization, name=f"工资{mark}", month_from=date(2020, 1, 1)
        ),
        Payment: a_payment(member, kind="extra"),
        FiguresReport: FiguresReport.submit(
            organization, date(2025, 12, 31), date(2026, 11, 20), by=user
        ),
        **development_of(organization, branch, mark),
        **transfers_of(organization, member, mark),
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


def a_world() -> World:
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
ABOUT = {
    "organizations/": Organization,
    "rosters/": Organization,
    "papers/": Organization,
    "print-jobs/": PrintJob,
    "uploads/": ImportJob,
    "files/": PreparedFile,
    "own-fields/": OwnField,
    "layouts/": Layout,
    "statistics/reports/": FiguresReport,
    "terms/elections/": Election,
    "terms/ballots/": Ballot,
    "terms/candidates/": Candidate,
    "terms/workers/": PartyWorker,
    "terms/notices/": Notice,
    "terms/": Term,
    "transfers/policies/": TransferPolicy,
    "transfers/": Transfer,
    "standing/away/": FloatingOut,
    "standing/guests/": FloatingIn,
    "standing/second/": SecondMembership,
    "standing/discipline/": Discipline,
    "confirmations/": ConfirmationRound,
    "dues/closings/": Closing,
    "dues/entries/": AccountEntry,
    "dues/remittances/": Remittance,
    "dues/returns/": ReturnRun,
    "dues/members/": Member,
    "dues/assessments/": Assessment,
    "dues/reductions/": Reduction,
    "dues/policies/": DuesPolicy,
    "dues/components/": BaseComponent,
    "dues/receipts/": Payment,
    "development/files/": DevelopmentFile,
    "development/steps/": StepTaken,
    "development/returns/": SentBack,
    "development/attachments/": Attachment,
    "development/occasions/": Occasion,
    "development/policies/": DevelopmentPolicy,
    "development/own-steps/": LocalStep,
}
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
    route = route.replace("<slug:step>", "first_talk")
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
            words |= set(place.member.own.values())
            words.add(place.records[Certificate].addressee)
            words.add(place.records[Transfer].to_outside)
            words |= development_words(place)
            words.add(place.records[Reduction].reason)
            words |= {place.records[FloatingOut].place, place.records[FloatingIn].name}
            links.add(f"/members/member/{place.member.pk}/")
            if roles.VIEW_LOG not in carried:  # the log knows people by their numbers
                words.add(place.member.number)
        if roles.VIEW_DISCIPLINE not in carried or place.member.name in words:
            words.add(place.records[Discipline].document)
        if roles.VIEW_DUES not in carried:
            words.add(place.records[Reduction].reason)
        if not seen:
            words |= {place.records[Newcomer].name, place.records[TransferPolicy].fax}
        if not seen and roles.VIEW_ACCOUNTS not in carried:
            words |= {f"{54_000 + number}", place.records[User].name}
            words |= {place.records[ImportJob].file_name, place.records[PartyGroup].name}
            words.add(place.records[AccountEntry].note)
            words |= {place.records[ConfirmationRound].name, place.records[Confirmation].remark}
            if place.organization.pk not in above:
                words |= {place.organization.name, place.organization.short_name}
                words |= {place.records[Unit].name, place.records[Area].name}
                words |= {place.records[OwnField].name, place.records[Layout].name}
                words.add(place.records[BaseComponent].name)
                words.add(place.records[LocalStep].name)
    return words, links


def development_words(place: Place) -> set[str]:
    file = place.records[DevelopmentFile]
    return {
        file.name, file.job_title, place.records[SentBack].reason, place.records[Attachment].name,
        place.records[Occasion].facts["place"],
    }  # fmt: skip


def home_of(role: str, place: Place) -> Organization | None:
    """Return the organisation on which ``role`` is granted to who works at ``place``."""
    if role not in roles.roles_with(roles.VIEW):
        return None
    branch_needed = role == roles.BRANCH_CLERK and place.organization.kind != "branch"
    return place.branch if branch_needed else place.organization
