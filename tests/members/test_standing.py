"""A membership ends, is stopped, comes back or begins anew; wrong entries are put right."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Headcount, Member, MembershipDecision, Office, SecondMembership
from members.models.standing.contact import find_again, lose_contact
from members.models.standing.correcting import correct_leaving, undo_leaving
from members.models.standing.readmitting import readmit
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_member
from tests.members.development import a_branch_that_develops, a_file
from tests.members.figures import the_balance

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)


def heads(branch):
    return Headcount.objects.get(pk=branch.pk).full


def refused(deed):
    with pytest.raises(ValidationError) as error:
        deed()
    return {field: [text for each in found for text in each.messages]
            for field, found in error.value.update_error_dict({}).items()}  # fmt: skip


def kept_of(member):
    return [
        (each.what, each.decided_on, each.document, each.note) for each in member.decisions.all()
    ]


# Leaving


def test_a_leaving_keeps_what_decided_it():
    member = a_member()
    member.leave("expelled", MAY, document="纪发〔2025〕3号", note="支部大会通过")
    assert kept_of(member) == [("expelled", MAY, "纪发〔2025〕3号", "支部大会通过")]
    other = a_member()
    other.leave("died", MAY)
    assert kept_of(other) == []


def test_every_reason_against_a_leaving_is_said_and_nothing_is_done():
    member = a_member(since=date(2024, 1, 1))
    said = refused(lambda: member.leave("candidacy_cancelled", date(2004, 1, 1), today=TODAY))
    assert [len(said["leaving_reason"]), len(said["left_on"])] == [1, 2]
    said = refused(lambda: member.leave("died", date(2026, 11, 21), today=TODAY))
    assert said == {"left_on": ["2026-11-21 is still to come. Enter it on that day."]}
    member.refresh_from_db()
    assert member.is_on_roll
    assert heads(member.organization) == 1


def test_a_second_membership_ends_with_the_membership():
    member = a_member()
    branch = a_branch(sort="temporary")
    second = SecondMembership(member=member, organization=branch, begins_on=MAY)
    second.begin()
    member.leave("died", JUNE)
    second.refresh_from_db()
    assert second.ends_on == JUNE


# Coming back


def test_the_months_of_a_suspension_are_no_party_age():
    member = a_member()
    before = member.party_age(TODAY)
    member.suspend(date(2024, 1, 15))
    member.restore(date(2025, 3, 20), document="机委〔2025〕9号", today=TODAY)
    assert member.party_age_correction == -14
    assert member.party_age(TODAY) == (before[0] - 1, before[1] - 2)
    assert kept_of(member) == [("restored", date(2025, 3, 20), "机委〔2025〕9号", "")]


def test_an_overturned_decision_costs_no_party_age():
    member = a_member()
    member.leave("expelled", MAY)
    member.restore(date(2026, 5, 1), document="纪发〔2026〕1号")
    assert member.party_age_correction == 0
    assert [what for what, *_rest in kept_of(member)] == ["overturned"]


def test_everything_against_coming_back_is_said_at_once():
    member = a_member()
    member.leave("died", JUNE)
    gone = a_branch()
    gone.dissolve(on=MAY)
    said = refused(lambda: member.restore(MAY, gone))
    assert {field: len(found) for field, found in said.items()} == {
        "leaving_reason": 1, "on": 1, "organization": 1,
    }  # fmt: skip


def test_who_was_expelled_joins_anew_and_the_former_record_stays():
    former = a_member(party_age_correction=3, note="旧")
    former.leave("expelled", date(2020, 5, 1))
    branch = a_branch()
    later = readmit(former, branch, date(2026, 5, 20), today=TODAY, document="机委〔2026〕2号")
    former.refresh_from_db()
    assert (later.former, former.readmitted_on) == (former, date(2026, 5, 20))
    assert later.id_number == former.id_number
    assert later.number != former.number
    assert (later.kind, later.joined_on) == ("probationary", PartialDate(2026, 5, 20))
    assert (later.full_member_on, later.party_age_correction) == (None, 0)
    assert kept_of(later) == [("readmitted", date(2026, 5, 20), "机委〔2026〕2号", "")]
    assert Member.of_id_number(later.id_number) == later
    assert the_balance(branch, date(2026, 1, 1), TODAY)["developed"] == 1
    # The number is held once all the same, and nothing more happens to the former record.
    with pytest.raises(ValidationError, match="This ID number is registered already."):
        a_member(id_number=former.id_number)
    assert "Go on with the later record." in str(refused(lambda: former.restore(TODAY)))
    assert "Go on with the later record." in str(refused(lambda: undo_leaving(former)))
    later.mark_wrong("张冠李戴")
    former.refresh_from_db()
    assert former.readmitted_on is None


def test_nobody_joins_anew_within_five_years():
    former = a_member()
    former.leave("expelled", MAY)
    said = refused(lambda: readmit(former, a_branch(), TODAY, today=TODAY))
    assert said == {
        "on": ["After “expelled” on 2025-05-01 张三 may join again only from 2030-05-01 on."]
    }
    assert Member.objects.count() == 1


def test_the_way_of_development_leads_to_a_later_record():
    branch = a_branch_that_develops()
    former = a_member(branch, name="李复来")
    former.leave("struck_off", date(2016, 5, 1))
    file = a_file(branch, until="approval", name="李复来", id_number=former.id_number)
    former.refresh_from_db()
    assert file.member.former == former
    assert former.readmitted_on == file.member.joined_on.first_day


# What was entered wrongly


def test_a_wrong_reason_and_day_are_corrected_and_the_figures_count_right():
    branch = a_branch()
    member = a_member(branch)
    office = Office.objects.create(
        organization=branch, member=member, post="secretary", held_from=date(2024, 1, 1)
    )
    member.leave("transferred_out", MAY, document="介绍信5号")
    correct_leaving(member, "died", JUNE, document="死亡证明", today=TODAY)
    office.refresh_from_db()
    assert office.held_until == JUNE
    assert the_balance(branch) == {"opening": 1, "died": 1, "closing": 0}
    assert kept_of(member) == [("died", JUNE, "死亡证明", "")]
    [*_rest, (field, old, new)] = [
        change for change in Entry.objects.about(member).first().changes
        if change[0] == "leaving_reason"
    ]  # fmt: skip
    assert (field, old, new) == ("leaving_reason", "transferred_out", "died")
    correct_leaving(member, "suspended", JUNE, today=TODAY)
    assert (member.left_on, member.suspended_on) == (None, JUNE)
    assert the_balance(branch)["suspended"] == 1
    assert heads(branch) == 0


def test_a_leaving_that_never_was_is_no_event():
    branch = a_branch()
    member = a_member(branch)
    office = Office.objects.create(
        organization=branch, member=member, post="secretary", held_from=date(2024, 1, 1)
    )
    member.leave("died", MAY, document="误报")
    undo_leaving(member)
    office.refresh_from_db()
    assert (member.is_on_roll, office.held_until, heads(branch)) == (True, None, 1)
    assert the_balance(branch) == {"opening": 1, "closing": 1}
    assert not MembershipDecision.objects.exists()
    assert refused(lambda: undo_leaving(member)) == {"__all__": ["张三 has not left."]}


# Lost contact


def test_lost_contact_is_kept_until_somebody_is_found_again():
    member, other = a_member(), a_member(name="李四")
    lose_contact(member, PartialDate(2026, 5), "moved_house", TODAY)
    lose_contact(other, PartialDate(2026, 5, 21), "abroad", TODAY)
    rows = Member.objects.all()
    assert list(rows.lost_contact_for_six_months(TODAY)) == [member]
    find_again(member)
    assert (member.lost_contact_since, member.lost_contact_reason) == (None, "")
    assert refused(lambda: find_again(member)) == {
        "__all__": ["Contact with 张三 is not marked as lost."]
    }


def test_two_years_after_a_suspension_striking_off_is_examined():
    long_gone, lately, abroad = a_member(), a_member(), a_member()
    long_gone.suspend(date(2024, 11, 20))
    lately.suspend(date(2024, 11, 21))
    abroad.suspend(date(2020, 1, 1), "suspended_abroad")
    assert list(Member.objects.all().suspended_for_two_years(TODAY)) == [long_gone]
