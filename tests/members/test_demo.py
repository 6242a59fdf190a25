"""The demo: invented people whom the register itself would accept."""

from __future__ import annotations

from collections import Counter as Counted
from dataclasses import replace
from datetime import date
from io import StringIO
from itertools import islice

import pytest
from django.core.management import CommandError, call_command

from branches.models import Organization, Unit
from members.demo.loading import Loader
from members.models import (
    Assessment,
    Attachment,
    Deadline,
    DevelopmentFile,
    Discipline,
    DuesBase,
    DuesPolicy,
    Finding,
    FloatingIn,
    FloatingOut,
    Headcount,
    Member,
    Newcomer,
    Office,
    Payment,
    Placement,
    Quota,
    Reduction,
    Remittance,
    SentBack,
    StepTaken,
    Transfer,
)
from members.models.development.following import rebuild
from members.models.development.reading import Readings
from members.models.dues.yearly import YearlyRun
from members.rules import development
from registry.models import Counter, User
from tests.factories import a_branch

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def demo_mode(settings):
    settings.DEMO = True


@pytest.fixture
def demo(db):
    call_command("demo", seed=7, on=ON, size="small", stdout=StringIO())


def test_every_row_of_the_demo_is_one_that_a_clerk_could_have_entered(demo):
    records = (Organization, Unit, Member, Placement, Office)
    of_development = (DevelopmentFile, StepTaken, Quota, SentBack, Attachment)
    of_standing = (FloatingOut, FloatingIn, Discipline)
    assert all(model.objects.count() > 1 for model in of_standing)
    for model in (
        *records,
        *of_development,
        *of_standing,
        DuesPolicy,
        DuesBase,
        Assessment,
        Reduction,
    ):
        for row in model.objects.all():
            row.full_clean()
    assert Member.objects.count() == 1000


def test_the_headcounts_of_the_demo_are_those_counted(demo):
    loaded = dict(Headcount.objects.values_list("pk", "full"))
    Headcount.recount(Member)
    assert dict(Headcount.objects.values_list("pk", "full")) == loaded


def test_findings_and_missing_items_are_those_that_a_review_would_find(demo):
    loaded = set(Finding.objects.values_list("member", "code"))
    missing = dict(Member.objects.values_list("pk", "missing_count"))
    for member in Member.objects.all():
        member.review(ON)
        assert len(member.missing()) == missing[member.pk]
    assert set(Finding.objects.values_list("member", "code")) == loaded


def test_the_next_member_gets_a_number_of_his_own(demo):
    assert Counter.take("member")[0] == 1001
    a_branch()  # finds a free place in the tree


def test_the_same_seed_invents_the_same_people():
    first, again, other = (
        list(islice(Loader("small", seed, ON)._members(), 50)) for seed in (7, 7, 8)
    )
    assert [row[4] for row in first] == [row[4] for row in again]
    assert [row[4] for row in first] != [row[4] for row in other]


def test_a_demo_has_the_past_in_it(demo):
    assert Placement.objects.filter(ended="moved").exists()
    assert Office.objects.filter(held_until__isnull=False).exists()
    assert User.objects.filter(is_demo=True).count() == 7


def test_the_dues_of_the_demo_are_those_that_a_yearly_run_would_assess(demo):
    loaded = dict(Assessment.objects.of_year(2026).filter(reason="").values_list("pk", "monthly"))
    Assessment.objects.all().delete()
    assessed = [
        proposal.found.monthly
        for top in Organization.objects.filter(parent=None)
        for proposal in YearlyRun(top, 2026).proposals()
        if proposal.found
    ]
    assert len(assessed) > 900
    left = Member.objects.count() - Member.objects.on_roll().count()
    assert len(loaded) - len(assessed) <= left
    assert not set(assessed) - set(loaded.values())


def test_other_data_is_never_mixed_with_invented_people():
    a_branch()
    with pytest.raises(CommandError, match="The register holds data already"):
        call_command("demo", size="small")
    call_command("demo", "--if-empty", verbosity=0)
    assert not Member.objects.exists()


def test_there_is_no_demo_outside_demo_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match=r"Set REGISTRY_DEMO=1 to load it\."):
        call_command("demo")


def test_the_ledger_of_the_demo_holds(demo):
    assert Payment.objects.filter(reverses__isnull=False).exists()
    assert Remittance.objects.exists()
    call_command("check_ledger", stdout=StringIO())


def test_every_step_of_the_demo_is_one_that_a_clerk_could_have_entered_then(demo):
    """Each file is walked once more, step by step: nothing speaks against the next one."""
    files = list(DevelopmentFile.objects.select_related("organization"))
    readings = Readings(files)
    for file in files:
        known = replace(readings.of(file), stopped_on=None)
        rows = readings.taken(file)
        for place, row in enumerate(rows):
            before = replace(known, done=tuple(each.done() for each in rows[:place]))
            said = development.objections(
                row.step,
                before,
                row.taken_on,
                facts=row.facts,
                today=row.entered_on,
                historical=row.historical,
                reason=row.reason,
            )
            assert not [each for each in said if each.level == "error"], (file, row.step)


def test_the_files_of_the_demo_stand_at_every_stage(demo):
    files = DevelopmentFile.objects.open()
    stages = Counted(files.values_list("stage", flat=True))
    assert set(stages) == {"application", "activist", "object", "acceptance", "probation"}
    assert stages["application"] > stages["activist"] > stages["object"]
    assert Deadline.objects.overdue(ON).exists()
    assert Deadline.objects.blocked(ON).exists()
    assert Deadline.objects.sent_back().exists()
    assert Attachment.objects.count() == 2
    assert Quota.objects.filter(year=ON.year).exists()
    assert set(DevelopmentFile.objects.values_list("standing", flat=True)) >= {"probationary"}


def test_the_derived_columns_of_the_demo_are_those_that_follow(demo):
    derived = ("pk", "standing", "stage", "standing_since", "probation_ends_on")
    loaded = list(DevelopmentFile.objects.order_by("pk").values_list(*derived))
    waiting = Deadline.objects.count()
    rebuild(DevelopmentFile.objects.all())
    assert list(DevelopmentFile.objects.order_by("pk").values_list(*derived)) == loaded
    assert Deadline.objects.count() == waiting


def test_transfers_stand_in_every_state(demo):
    found = Transfer.objects.counted(ON)
    assert {state for state, number in found.items() if not number} <= {"passing"}
    assert Transfer.objects.awaiting_acceptance().count() == 2
    assert Newcomer.objects.count() == 2
