"""What goes out comes back in, and nothing changes: whatever members hold, in every kind of sheet."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from branches.models import Organization, PartyGroup
from branches.sheets.exporting import OrganizationExport
from branches.sheets.organizations import OrganizationResource
from members.models import Member, Office
from members.rules import codes
from members.sheets.exporting import MemberExport
from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import ImportJob
from registry.sheets import staging
from registry.sheets.cells import BLANK_WORDS, CLEAR_WORD
from registry.sheets.exporting import Export
from registry.sheets.staging import Scope
from tests.factories import LONG_AGO, TODAY, a_branch, a_committee, a_member, an_id_number

pytestmark = pytest.mark.django_db

NAMES = ("陶敏", "欧阳明", "古丽娜尔·买买提江", "𠮷野", "张三")
# Signs that begin a formula, part columns, quote, or are markup; and a few that people write.
SIGNS = "=+-@'\"＝＋－＠,;，&<>_x0DA处长科员（）·1"


def texts(longest=20, signs=SIGNS):
    """What a field may hold: a sheet says nothing, and clears, by a few words that none is."""
    return some.text(signs, max_size=longest).filter(
        lambda text: text.casefold() not in BLANK_WORDS and text != CLEAR_WORD
    )


def codes_of(table):
    return some.sampled_from(["", *table])


def days(first, last):
    """A day, or only its month or its year."""
    day = some.builds(
        PartialDate, some.integers(first, last), some.integers(1, 12), some.integers(1, 28)
    )
    month = some.builds(PartialDate, some.integers(first, last), some.integers(1, 12))
    return some.one_of(
        day, month, some.builds(PartialDate, some.integers(first, last)), some.none()
    )


MEMBERS = some.fixed_dictionaries(
    {
        "name": some.sampled_from(NAMES),
        "sex": codes_of(codes.SEXES),
        "ethnicity": codes_of(codes.ETHNIC_GROUPS),
        "native_place": texts(),
        "education": codes_of(codes.EDUCATION),
        "education_channel": codes_of(codes.EDUCATION_CHANNELS),
        "degree": codes_of(codes.DEGREES),
        "work_began_on": days(1995, 1999),
        "joined_on": days(2001, 2005),
        "full_member_on": days(2007, 2009),
        "category": some.sampled_from(list(codes.CATEGORIES)),
        "party_age_correction": some.integers(-36, 36),
        "employer": texts(),
        "job_title": texts(),
        "rank": texts(),
        "leading_cadre": some.booleans(),
        "phone": some.sampled_from(["", "13800001234", "13800001234 13900005678"]),
        "office_phone": some.sampled_from(["", "0551-62601234", "62601234"]),
        "address": texts(),
        "joined_in": texts(),
        "file_kept_at": texts(),
        "floating": some.booleans(),
        "floating_to": texts(),
        "lost_contact_since": days(2020, 2024),
        "hardship": some.booleans(),
        "note": texts(40, SIGNS + "\n").map(lambda text: text.strip("\n")).filter(
            lambda text: text.casefold() not in BLANK_WORDS
        ),
    }
)  # fmt: skip


def a_file(source, rows, file_format, *, full):
    buffer = io.BytesIO()
    Export("名册", source, rows, list(source.columns), file_format, full).write(buffer)
    return buffer.getvalue()


def staged(kind, data, file_format, organization):
    scope = Scope(organization.path, f"{organization}")
    return staging.stage(
        kind, data, f"名册.{file_format}", user=OPERATOR, scope=scope, opening_on=TODAY, today=TODAY
    )


def only(job):
    """The states that rows of a job are in, and what is changed where something is."""
    changes = [change for row in job.rows.all() for change in row.values.get("changes", ())]
    findings = [str(each) for each in job.findings.exclude(level="warning")]
    return {state: count for state, count in job.counts.items() if count}, changes, findings


@pytest.mark.parametrize(
    ("file_format", "full"),
    [
        pytest.param("xlsx", True, id="workbook"),
        pytest.param("csv", True, id="text"),
        pytest.param("xlsx", False, id="workbook with masks"),
    ],
)
def test_members_go_out_and_come_back_and_nothing_changes(file_format, full):
    committee = a_committee(name="中共临江市交通局机关委员会")
    branches = [a_branch(committee, name="第一支部"), a_branch(committee, name="第二支部")]
    same_name = a_branch(a_committee(committee.parent), name="第一支部")
    groups = {
        each.pk: PartyGroup.objects.create(organization=each, name="一组") for each in branches
    }

    @settings(
        max_examples=4,
        deadline=None,
        phases=[Phase.generate],  # a smaller case would take minutes to find
        suppress_health_check=list(HealthCheck),
    )
    @given(some.lists(MEMBERS, min_size=4, max_size=12))
    def nothing_changes(described):
        with transaction.atomic():
            for number, fields in enumerate(described):
                branch = branches[number % 2]
                member = a_member(
                    branch,
                    id_number=an_id_number() if number % 3 else "",
                    party_group=groups[branch.pk] if number % 2 else None,
                    born_on=PartialDate(1975, 5) if number % 3 == 0 else PartialDate(1980, 5, 17),
                    staff_number=f"{number:06}" if number % 2 else "",
                    sponsors="李四、王五" if number % 2 else "",
                    **{**fields, "sex": "M" if number % 3 else fields["sex"]},
                )
                if number % 4 == 0:
                    Office.objects.create(
                        organization=branch, member=member, post="secretary", held_from=LONG_AGO
                    )
            a_member(same_name, name="外人")
            rows = Member.objects.under(committee.parent).in_roster_order()
            data = a_file(MemberExport(OPERATOR, TODAY), rows, file_format, full=full)
            job = staged(MemberResource, data, file_format, committee.parent)
            assert only(job) == ({"unchanged": len(described) + 1}, [], [])
            transaction.set_rollback(True)

    nothing_changes()


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_organisations_go_out_and_come_back_and_nothing_changes(file_format):
    committee = a_committee(
        name="中共临江市交通局机关委员会",
        contact="=王五",
        phone="+86 551 62601234",
        address="@梅园路",
    )
    a_branch(committee, name="第一联合支部", short_name="-一支部", sort="joint", founded_on=None)
    a_branch(committee, name="退休支部", sort="retired", display_order=7)
    rows = Organization.objects.order_by("path")
    data = a_file(OrganizationExport(), rows, file_format, full=False)
    job = staged(OrganizationResource, data, file_format, committee.parent)
    assert only(job) == ({"unchanged": 4}, [], [])
    assert ImportJob.objects.get().layout["sheets"][0]["unknown"] == {}
