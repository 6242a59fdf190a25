"""An election of two bodies from the request to the new offices, and what is refused on the way."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Candidate, Election, Office, Term
from members.models.terms.concluding import conclude, reopen
from tests.factories import TODAY, a_branch, a_committee, a_member, a_work_committee
from tests.members.papers import office
from tests.members.terms import BEGAN, DAYS, a_term, an_election, here, stand, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return a_committee()


@pytest.fixture
def branch(committee):
    return a_branch(committee)


def votes(people, *numbers) -> dict[int, int]:
    return dict(zip([each.pk for each in people], numbers, strict=True))


def held(committee, branch) -> tuple[Election, list[Candidate]]:
    """An election of three seats whose assembly was held."""
    election = an_election(committee)
    people = stand(election.ballots.get(), branch, "王一", "王二", "王三", "王四")
    take(election, "request", "review", "reply", "assembly")
    return election, people


def test_two_bodies_are_elected_in_one_election(committee, branch):
    a_term(committee)
    before = office(a_member(branch, name="老书记"), organization=committee)
    election = an_election(committee, discipline=1)
    members, discipline = election.ballots.all()
    people = stand(members, branch, "王一", "王二", "王三", "王四")
    people[1].post = "organisation_member"
    people[1].save()
    stand(discipline, branch, "李一", "李二")
    take(election, "request", "review", "reply")
    secretary = election.ask("committee", 1, "secretary")
    chosen = secretary.name(people[0].member)
    take(election, "assembly")
    result = members.count_votes(here(abroad=2), 40, votes(people, 40, 30, 21, 20))
    assert result.elected == ("王一", "王二", "王三")
    discipline.count_votes(here(), 40, votes(discipline.candidates.all(), 39, 1))
    secretary.count_votes(here(3, 3), 3, {chosen.pk: 3})
    take(election, "report")
    begun = conclude(election, {"committee": 5, "discipline": 5}, TODAY, document="工委〔2026〕8号")
    assert [(t.body, t.began_on, t.due_on) for t in begun] == [
        ("committee", DAYS["assembly"], date(2031, 10, 8)),
        ("discipline", DAYS["assembly"], date(2031, 10, 8)),
    ]
    offices = Office.objects.on(DAYS["assembly"]).filter(organization=committee)
    assert sorted((each.holder, each.post) for each in offices) == [
        ("李一", "discipline_committee_member"),
        ("王一", "secretary"),
        ("王三", "member"),
        ("王二", "organisation_member"),
    ]
    before.refresh_from_db()
    assert before.held_until == DAYS["assembly"]
    assert Term.objects.get(began_on=BEGAN).ended_on == DAYS["assembly"]
    members.refresh_from_db()
    assert (members.entitled, members.excused, members.due) == (47, {"abroad": 2}, 45)


def test_an_election_that_cannot_be_opened_says_everything():
    top = a_work_committee()
    with pytest.raises(ValidationError) as refused:
        Election.open(top, {"committee": 0}, TODAY)
    assert refused.value.messages == [
        f"The bodies of {top} are appointed, not elected.",
        "A body has one seat or more.",
    ]
    branch = a_branch()
    with pytest.raises(ValidationError, match="has no discipline committee"):
        Election.open(branch, {"committee": 3, "discipline": 1}, TODAY)
    an_election(branch)
    with pytest.raises(ValidationError, match="An election is under way already"):
        an_election(branch)


def test_too_few_candidates_are_not_sent_up(committee, branch):
    election = an_election(committee)
    with pytest.raises(ValidationError, match="Nobody stands yet"):
        take(election, "request")
    stand(election.ballots.get(), branch, "王一", "王二", "王三")
    with pytest.raises(ValidationError) as refused:
        take(election, "request")
    assert refused.value.messages == ["3 seats need 4 candidates at least; there are 3. Name more."]


def test_who_may_not_stand(committee, branch):
    ballot = an_election(committee).ballots.get()
    newcomer = a_member(branch, name="新人", kind="probationary", full_member_on=None)
    with pytest.raises(ValidationError, match="can neither vote nor stand"):
        ballot.name(newcomer)
    [first] = stand(ballot, branch, "王一")
    with pytest.raises(ValidationError, match="stands for these seats already"):
        ballot.name(first.member)
    with pytest.raises(ValidationError, match="belongs to another body"):
        ballot.name(a_member(branch, name="王二"), post="discipline_secretary")


def test_the_list_is_closed_by_the_reply(committee, branch):
    election, people = held(committee, branch)
    ballot = election.ballots.get()
    closed = "The list of candidates is closed. Take back the steps after it first."
    with pytest.raises(ValidationError) as refused:
        ballot.strike(people[0])
    assert refused.value.messages == [closed]
    election.take_back()
    election.take_back()
    ballot.strike(people[0])
    assert ballot.candidates.count() == 3


def test_an_assembly_that_was_too_small_keeps_nothing(committee, branch):
    election, people = held(committee, branch)
    ballot = election.ballots.get()
    with pytest.raises(ValidationError) as refused:
        ballot.count_votes(here(35), 36, votes(people, 37, 30, 20, 10))
    assert refused.value.message_dict == {
        "present": [
            "35 of 45 due are present; an election needs four fifths, 36. Hold it on another day."
        ],
        "returned": [
            "36 ballots came back, but only 35 are present; nobody votes for another. Vote again."
        ],
        "votes": ["王一 has 37 votes, but 36 ballots came back. Count again."],
    }
    ballot.refresh_from_db()
    assert (ballot.present, people[0].votes) == (None, None)


def test_nothing_is_counted_before_the_assembly(committee, branch):
    election = an_election(committee)
    people = stand(election.ballots.get(), branch, "王一", "王二", "王三", "王四")
    with pytest.raises(ValidationError, match="The assembly was not held yet"):
        election.ballots.get().count_votes(here(), 40, votes(people, 40, 30, 21, 20))


def test_an_uncounted_or_tied_vote_is_not_concluded(committee, branch):
    election, people = held(committee, branch)
    with pytest.raises(ValidationError, match="Not every vote is counted"):
        take(election, "report")
    with pytest.raises(ValidationError, match="The result was not sent up yet"):
        conclude(election, {"committee": 5}, TODAY)
    ballot = election.ballots.get()
    ballot.count_votes(here(), 40, votes(people, 40, 39, 30, 30))
    take(election, "report")
    with pytest.raises(ValidationError) as refused:
        conclude(election, {"committee": 5}, TODAY)
    assert refused.value.messages == [
        "committee: members: 王三、王四 have the same votes. Vote between them again."
    ]
    assert not Term.objects.exists()


def test_taking_back_the_assembly_forgets_what_was_counted(committee, branch):
    election, people = held(committee, branch)
    ballot = election.ballots.get()
    ballot.count_votes(here(), 40, votes(people, 40, 39, 30, 20))
    election.take_back()
    ballot.refresh_from_db()
    assert (ballot.present, ballot.returned, ballot.excused) == (None, None, {})
    assert not Candidate.objects.filter(elected=True).exists()


def test_a_concluded_election_stays_as_it_is(committee, branch):
    election, people = held(committee, branch)
    election.ballots.get().count_votes(here(), 40, votes(people, 40, 39, 30, 20))
    take(election, "report")
    with pytest.raises(ValidationError) as refused:
        conclude(election, {"committee": 9}, TODAY)
    assert refused.value.message_dict == {"years": ["A term of 9 years is none. Enter 2 to 5."]}
    conclude(election, {"committee": 5}, TODAY)
    with pytest.raises(ValidationError, match="was concluded on 2026-11-20"):
        election.take_back()
    with pytest.raises(ValidationError, match="was concluded on 2026-11-20"):
        conclude(election, {"committee": 5}, TODAY)


def test_a_conclusion_is_taken_back_while_nothing_was_built_on_it(committee, branch):
    a_term(committee)
    before = office(a_member(branch, name="老书记"), organization=committee)
    election, people = held(committee, branch)
    election.ballots.get().count_votes(here(), 40, votes(people, 40, 39, 30, 20))
    take(election, "report")
    with pytest.raises(ValidationError, match="is still under way; there is nothing to take back"):
        reopen(election)
    conclude(election, {"committee": 5}, TODAY)
    elected = Office.objects.filter(organization=committee, held_from=DAYS["assembly"]).first()
    Office.objects.filter(pk=elected.pk).update(held_until=TODAY)
    with pytest.raises(ValidationError, match="was held until 2026-11-20 only. Correct that post"):
        reopen(election)
    assert Term.objects.count() == 2, "nothing was taken back by half"
    Office.objects.filter(pk=elected.pk).update(held_until=None)
    reopen(election)
    before.refresh_from_db()
    [term] = Term.objects.all()
    assert (term.ended_on, before.held_until, election.concluded_on) == (None, None, None)
    assert [each.holder for each in Office.objects.filter(organization=committee)] == ["老书记"]
    conclude(election, {"committee": 5}, TODAY)
    assert Term.objects.count() == 2
