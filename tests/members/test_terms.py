"""Terms by their verbs: begun, postponed, ended, withdrawn, and how they stand on any day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import Unit
from members.models import Term, UnitHead
from members.models.terms.standing import heads_of, looked_at, standing_on
from registry.access import OPERATOR
from tests.factories import (
    TODAY,
    a_branch,
    a_committee,
    a_member,
    a_user,
    a_work_committee,
    an_organization,
)
from tests.members.papers import office
from tests.members.terms import BEGAN, a_term, a_worker

pytestmark = pytest.mark.django_db


def test_a_new_term_ends_the_one_before(db):
    committee = a_committee()
    first = a_term(committee, date(2016, 6, 1), 4)
    second = a_term(committee)
    first.refresh_from_db()
    assert (first.due_on, first.ended_on) == (date(2020, 6, 1), BEGAN)
    assert (second.due_on, second.ended_on) == (date(2026, 6, 10), None)
    assert [term.pk for term in Term.objects.on(BEGAN)] == [second.pk]
    assert [term.pk for term in Term.objects.on(date(2021, 6, 9))] == [first.pk]


def test_two_bodies_have_terms_of_their_own():
    committee = a_committee()
    a_term(committee)
    a_term(committee, body="discipline")
    assert Term.objects.on(TODAY).count() == 2


def test_all_objections_come_at_once_and_nothing_changes():
    branch = a_branch(founded_on=date(2022, 1, 1))
    with pytest.raises(ValidationError) as refused:
        a_term(branch, BEGAN, 7, body="discipline")
    assert refused.value.message_dict == {
        "body": ["“branch” has no discipline committee. Choose the committee."],
        "years": ["A term of 7 years is none. Enter 2 to 5."],
        "began_on": [
            (
                "The term begins on 2021-06-10, before the organisation was founded on "
                "2022-01-01. Check the day."
            )
        ],
    }
    assert not Term.objects.exists()


def test_what_is_appointed_has_no_due_day():
    office_of_town = a_work_committee()
    term = a_term(office_of_town, years=None)
    assert (term.due_on, term.due()) == (None, None)
    temporary = a_branch(a_committee(office_of_town), sort="temporary")
    with pytest.raises(ValidationError, match="appointed and have no term"):
        a_term(temporary, years=3)


def test_a_postponement_holds_from_its_approval():
    committee = a_committee()
    term = a_term(committee)
    term.postpone(date(2026, 12, 10), "机关工委", date(2026, 6, 1), TODAY)
    [before] = Term.objects.with_due(date(2026, 5, 31))
    [after] = Term.objects.with_due(date(2026, 6, 1))
    assert (before.due_then, after.due_then) == (date(2026, 6, 10), date(2026, 12, 10))
    assert term.due(date(2026, 5, 31)) == date(2026, 6, 10)
    with pytest.raises(ValidationError) as refused:
        term.postpone(date(2026, 12, 10), "", date(2026, 6, 1), TODAY)
    assert refused.value.message_dict == {
        "until": ["It is due on 2026-12-10 anyway. Choose a later day than 2026-12-10."],
        "approved_by": ["Only the superior may postpone an election. Name who approved it."],
    }


def test_over_a_year_is_kept_and_warned_about():
    term = a_term(a_committee())
    [warning] = term.postponing(date(2028, 1, 1), "机关工委", TODAY, TODAY)
    assert warning.code == "postponed_over_a_year"
    term.postpone(date(2028, 1, 1), "机关工委", TODAY, TODAY)
    assert term.due() == date(2028, 1, 1)


def test_a_withdrawn_term_lets_the_one_before_run_on():
    committee = a_committee()
    first = a_term(committee, date(2016, 6, 1), 5)
    second = a_term(committee)
    with pytest.raises(ValidationError, match="A later term follows"):
        first.withdraw()
    second.withdraw()
    first.refresh_from_db()
    assert first.ended_on is None


def test_a_term_ends_once_and_after_it_began():
    term = a_term(a_committee())
    with pytest.raises(ValidationError) as refused:
        term.end(BEGAN, TODAY)
    assert refused.value.message_dict == {
        "on": ["It began on 2021-06-10. Choose a later day than 2021-06-10."]
    }
    term.end(date(2026, 1, 1), TODAY)
    with pytest.raises(ValidationError, match="It ended on 2026-01-01 already"):
        term.end(date(2026, 2, 1), TODAY)


def states(day: date, user=OPERATOR, top=None) -> dict[str, str]:
    return {f"{line.then.name} {line.body}": line.state for line in standing_on(day, user, top)}


def test_the_bodies_of_the_tree_stand_as_they_stood_on_the_day():
    office_of_town = a_work_committee(name="工委")
    committee = a_committee(office_of_town, name="财政局")
    branch = a_branch(committee, name="一支部")
    a_branch(committee, name="临时", sort="temporary")
    a_term(committee)
    a_term(committee, body="discipline")
    assert states(date(2026, 6, 11)) == {
        "财政局 committee": "overdue",
        "财政局 discipline": "overdue",
        "一支部 committee": "unrecorded",
    }
    a_term(branch, date(2024, 1, 1), 3)
    assert states(date(2026, 6, 10), top=branch) == {"一支部 committee": "running"}
    assert states(date(2026, 7, 1), top=branch) == {"一支部 committee": "due_soon"}
    committee.rename("财政和金融局", on=date(2026, 9, 1))
    assert "财政局 committee" in states(date(2026, 6, 11))
    assert states(date(1999, 1, 1)) == {}


def test_nobody_sees_the_terms_of_others():
    mine, theirs = a_committee(name="我"), a_committee(name="他")
    a_term(mine)
    a_term(theirs)
    clerk = a_user("committee_clerk", mine)
    assert states(TODAY, clerk) == {"我 committee": "overdue"}
    assert [term.organization for term in Term.objects.visible_to(clerk)] == [mine]


def findings(top) -> list[tuple[str, str]]:
    return [(each.organization.name, each.code) for each in looked_at(top, OPERATOR, TODAY)]


def test_a_committee_without_secretary_and_too_small_is_found():
    committee = a_committee(name="局")
    branch = a_branch(committee, name="一支部")
    people = [a_member(branch, name=f"员{sign}") for sign in "甲乙丙丁戊己庚"]
    office(people[0], organization=committee)
    a_worker(committee, member=people[0], certified_on=date(2024, 5, 1), certificate_number="9")
    assert findings(committee) == [
        ("一支部", "vacant_secretary"),
        ("一支部", "committee_too_small"),
    ]
    office(people[0])
    office(people[0], "organisation_member")
    office(people[1], "publicity_member")
    assert findings(committee) == [("一支部", "committee_too_small")]
    office(people[2], "discipline_member")
    assert findings(committee) == []
    office(people[3], organization=committee)
    assert findings(committee) == [("局", "secretary_without_certificate")]


def test_the_share_of_heads_who_are_secretary():
    committee = a_committee()
    branch = a_branch(committee)
    person, other = a_member(branch), a_member(branch, name="李四")
    first, second = Unit.objects.create(name="甲局"), Unit.objects.create(name="乙局")
    Unit.objects.create(name="无负责人")
    committee.units.add(first, second)
    UnitHead.objects.create(unit=first, member=person)
    UnitHead.objects.create(unit=second, member=other)
    office(person, organization=committee)
    found = heads_of(committee, OPERATOR, TODAY)
    assert ([u.name for u in found.both], [u.name for u in found.apart]) == (["甲局"], ["乙局"])
    assert found.share == (1, 2)
    assert heads_of(an_organization("work_committee"), OPERATOR, TODAY).share == (0, 0)


def test_a_party_worker_is_checked():
    committee = a_committee()
    with pytest.raises(ValidationError) as refused:
        a_worker(
            committee,
            name_from_elsewhere="王五",
            worker_until=date(2019, 1, 1),
            trained_on=date(2027, 1, 1),
            certificate_number="7",
        )
    assert refused.value.message_dict == {
        "trained_on": ["2027-01-01 is still to come. Enter it on that day."],
        "certified_on": ["A certificate has a day. Enter it."],
        "__all__": ["Party work ends after it begins. Check both days."],
    }
