"""The pages of terms: whose rows, what is entered, what is refused, and the letters for many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from branches.models import Unit
from members.models import Election, Notice, Office, PartyWorker, Term, UnitHead
from registry.calendar import years_after
from registry.models import Entry
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.terms import a_term, a_worker, an_election, stand, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def top():
    return a_work_committee(name="工委")


@pytest.fixture
def committee(top):
    return a_committee(top, name="财政局")


@pytest.fixture
def clerk(client, top):
    clerk = a_user("committee_clerk", top)
    client.force_login(clerk)
    return clerk


def begun(days_to_due: int) -> date:
    """The day on which a term of five years began that is due in so many days."""
    return years_after(timezone.localdate() + timedelta(days=days_to_due), -5)


def messages(answer) -> list[str]:
    return [f"{each}" for each in answer.context["messages"]]


def states(answer) -> list[tuple[str, str]]:
    return [(line.standing.then.name, line.standing.state) for line in answer.context["lines"]]


def test_the_desk_shows_the_bodies_by_state(client, clerk, top, committee):
    late, soon = a_committee(top, name="甲"), a_committee(top, name="乙")
    today = timezone.localdate()
    a_term(late, begun(-10), today=today)
    a_term(soon, begun(90), today=today)
    answer = client.get("/terms/")
    assert sorted(states(answer)) == [
        ("乙", "due_soon"),
        ("甲", "overdue"),
        ("财政局", "unrecorded"),
    ]
    assert states(client.get("/terms/", {"state": "overdue"})) == [("甲", "overdue")]
    tabs = {tab["label"]: tab["number"] for tab in answer.context["tabs"]}
    assert (tabs["overdue"], tabs["due in six months"], tabs["all"]) == (1, 1, 3)


def test_letters_for_many_are_printed_and_kept(client, clerk, top):
    today = timezone.localdate()
    chosen = [a_term(a_committee(top), begun(-10), today=today) for _ in range(3)]
    keys = [term.pk for term in chosen]
    for form, kind in (("pdf", "application/pdf"), ("docx", "application/zip")):
        answer = client.post("/terms/?state=overdue", {"terms": keys, "form": form})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert [n.number for n in Notice.objects.order_by("number")] == [1, 2, 3]
    assert {n.kind for n in Notice.objects.all()} == {"urging"}
    assert Entry.objects.filter(action="print").count() == 2
    answer = client.get("/terms/?state=overdue")
    assert all(line.notice for line in answer.context["lines"])
    text = client.get("/terms/notices/").content.decode()
    notice = Notice.objects.first()
    assert f"/terms/notices/{notice.pk}/pdf/" in text
    again = client.get(f"/terms/notices/{notice.pk}/docx/")
    assert again.headers["Content-Type"].endswith("wordprocessingml.document")


def test_letters_that_may_not_be_sent_are_refused(client, clerk, top):
    running = a_term(a_committee(top, name="乙"), begun(900), today=timezone.localdate())
    answer = client.post(
        "/terms/?state=overdue", {"terms": [running.pk], "form": "pdf"}, follow=True
    )
    assert messages(answer) == ["“乙” is not overdue. Take it out of the selection."]
    answer = client.post("/terms/?state=due", {"form": "pdf"}, follow=True)
    assert messages(answer) == ["Nothing is chosen. Choose the terms that the notices are of."]
    for state, form in (("", "pdf"), ("running", "pdf"), ("overdue", "exe")):
        answer = client.post(
            f"/terms/?state={state}", {"terms": [running.pk], "form": form}, follow=True
        )
        assert messages(answer) == ["Choose one of the lists of what is due, and a form."]
    assert not Notice.objects.exists()


def test_a_reader_prints_no_letters_and_changes_nothing(client, top, committee):
    term = a_term(committee, begun(-10), today=timezone.localdate())
    client.force_login(a_user("reader", top))
    text = client.get("/terms/?state=overdue").content.decode()
    assert "财政局" in text
    assert 'name="terms"' not in text
    answer = client.post("/terms/?state=overdue", {"terms": [term.pk], "form": "pdf"}, follow=True)
    assert messages(answer) == ["Notices of 工委 are issued by its clerks. Ask one of them."]
    assert not Notice.objects.exists()
    for page in ("new/", f"{term.pk}/postpone/", f"{term.pk}/end/", f"{term.pk}/withdraw/"):
        assert client.get(f"/terms/{page}").status_code == 403, page


PAGES = [
    "",
    "committees/",
    "elections/",
    "notices/",
    "workers/",
    "new/",
    "elections/new/",
    "workers/new/",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_organisation_is_as_good_as_none(client, clerk, page):
    stranger = a_branch()
    for asked in (stranger.pk, 987_654_321, "10²", "abc", "9" * 40):
        assert client.get(f"/terms/{page}", {"organization": asked}).status_code == 404, asked
    assert client.get(f"/terms/{page}").status_code == 200


def test_foreign_records_are_as_good_as_none(client, clerk):
    stranger = a_committee()
    branch = a_branch(stranger)
    term, worker = a_term(stranger), a_worker(stranger, name_from_elsewhere="王五")
    election = an_election(stranger)
    ballot = election.ballots.get()
    [candidate] = stand(ballot, branch, "王一")
    for pk, kinds in (
        (term.pk, ("postpone", "end", "withdraw")),
        (election.pk, ("elections/{}", "elections/{}/step", "elections/{}/vote",
                       "elections/{}/back", "elections/{}/conclude")),
        (ballot.pk, ("ballots/{}/candidate", "ballots/{}/count")),
        (candidate.pk, ("candidates/{}/strike",)),
        (worker.pk, ("workers/{}",)),
        (1, ("notices/{}/pdf",)),
    ):  # fmt: skip
        for kind in kinds:
            for key in (pk, 987_654_321):
                page = kind.format(key) if "{}" in kind else f"{key}/{kind}"
                assert client.get(f"/terms/{page}/").status_code == 404, page


def test_a_term_is_entered_and_warned_about(client, clerk, committee):
    asked = {"body": "committee", "began_on": "2021-06-10", "years": "4"}
    answer = client.post(f"/terms/new/?organization={committee.pk}", asked, follow=True)
    assert messages(answer) == [
        "The term is entered.",
        (
            "A term of “organ committee” normally lasts 5 years, not 4. If it began under older "
            "rules, leave it."
        ),
    ]
    assert Term.objects.get().due_on == date(2025, 6, 10)


def test_what_is_wrong_with_a_term_stands_at_its_fields(client, clerk, top):
    branch = a_branch(a_committee(top), founded_on=date(2022, 1, 1))
    asked = {"body": "discipline", "began_on": "2021-06-10", "years": "7"}
    answer = client.post(f"/terms/new/?organization={branch.pk}", asked)
    assert answer.context["form"].errors == {
        "body": ["“branch” has no discipline committee. Choose the committee."],
        "years": ["A term of 7 years is none. Enter 2 to 5."],
        "began_on": [
            (
                "The term begins on 2021-06-10, before the organisation was founded on "
                "2022-01-01. Check the day."
            )
        ],
    }  # fmt: skip
    assert not Term.objects.exists()


def test_a_term_is_postponed_ended_and_withdrawn(client, clerk, committee):
    term = a_term(committee)
    asked = {"until": "2028-01-01", "approved_by": "工委", "approved_on": "2026-06-01"}
    answer = client.post(f"/terms/{term.pk}/postpone/", asked, follow=True)
    assert messages(answer) == [
        "The election is postponed.",
        (
            "An election is normally postponed by one year at most, to 2027-06-10, not to "
            "2028-01-01."
        ),
    ]
    answer = client.post(f"/terms/{term.pk}/end/", {"on": "2021-06-10"})
    assert answer.context["form"].errors["on"] == [
        "It began on 2021-06-10. Choose a later day than 2021-06-10."
    ]
    client.post(f"/terms/{term.pk}/withdraw/", {"reason": "另一单位的"})
    assert not Term.objects.exists()


def test_the_findings_of_committees_are_listed(client, clerk, top, committee):
    person = a_member(a_branch(committee, name="一支部"), name="局长")
    unit = Unit.objects.create(name="财政局")
    committee.units.add(unit)
    UnitHead.objects.create(unit=unit, member=person)
    answer = client.get("/terms/committees/")
    found = [(line.organization.name, label) for line, label in answer.context["lines"]]
    assert found == [
        ("工委", "vacant secretary"),
        ("财政局", "vacant secretary"),
        ("一支部", "vacant secretary"),
    ]
    assert (answer.context["secretaries"], answer.context["known"]) == (0, 1)
    assert "Units whose head is not secretary" in answer.content.decode()


def test_an_election_goes_through_its_pages(client, clerk, committee):
    branch = a_branch(committee)
    today = timezone.localdate()
    answer = client.post(
        f"/terms/elections/new/?organization={committee.pk}", {"seats": 1}, follow=True
    )
    election = Election.objects.get()
    assert answer.redirect_chain[-1][0] == f"/terms/elections/{election.pk}/"
    ballot = election.ballots.get()
    for name in ("王一", "王二"):
        member = a_member(branch, name=name)
        client.post(f"/terms/ballots/{ballot.pk}/candidate/", {"member": member.pk})
    client.post(f"/terms/elections/{election.pk}/vote/", {"post": "secretary", "seats": 1})
    page = f"/terms/elections/{election.pk}/"
    for _step in range(4):
        client.post(f"{page}step/", {"on": f"{today}", "document": "1号"})
    secretary = election.ballots.get(post="secretary")
    first, second = ballot.candidates.all()
    client.post(f"/terms/ballots/{secretary.pk}/candidate/", {"member": first.member_id})
    said = {"entitled": 10, "due": 10, "present": 7, "returned": 7}
    votes = {f"votes_{first.pk}": 7, f"votes_{second.pk}": 1}
    answer = client.post(f"/terms/ballots/{ballot.pk}/count/", said | votes)
    assert answer.context["form"].errors["present"] == [
        "7 of 10 due are present; an election needs four fifths, 8. Hold it on another day."
    ]
    said |= {"present": 8, "returned": 8, "excused_abroad": 1, "entitled": 11}
    answer = client.post(f"/terms/ballots/{ballot.pk}/count/", said | votes, follow=True)
    assert messages(answer) == ["Elected: 王一."]
    alone = secretary.candidates.get()
    client.post(f"/terms/ballots/{secretary.pk}/count/", said | {f"votes_{alone.pk}": 8})
    client.post(f"{page}step/", {"on": f"{today}"})
    answer = client.get(page)
    assert answer.context["may_conclude"]
    assert client.get(f"/papers/election_result/?organization={committee.pk}").status_code == 200
    answer = client.post(f"{page}conclude/", {"years": 5}, follow=True)
    assert messages(answer) == [
        "The election is concluded: the new terms run and the elected hold office."
    ]
    [office] = Office.objects.filter(organization=committee)
    assert (office.holder, office.post, office.held_from) == ("王一", "secretary", today)
    assert not client.get(page).context["may_change"]
    answer = client.get(f"{page}back/")
    assert ("last step", f"concluded on {today}") in answer.context["facts"]
    client.post(f"{page}back/", {"reason": "票数录错"})
    assert not Office.objects.filter(organization=committee).exists()
    assert client.get(page).context["may_change"]


def test_what_was_done_on_the_way_is_taken_back(client, clerk, committee):
    election = an_election(committee)
    ballot = election.ballots.get()
    people = stand(ballot, a_branch(committee), "王一", "王二", "王三", "王四")
    take(election, "request")
    client.post(f"/terms/elections/{election.pk}/back/", {"reason": "日期错误"})
    assert election.taken() == {}
    client.post(f"/terms/candidates/{people[0].pk}/strike/", {"reason": "本人不同意"})
    assert ballot.candidates.count() == 3


def test_a_party_worker_is_entered_and_corrected(client, clerk, committee):
    person = a_member(a_branch(committee), name="赵干事")
    asked = {"member": person.pk, "full_time": "on", "worker_from": "2024-01-01"}
    client.post(f"/terms/workers/new/?organization={committee.pk}", asked)
    worker = PartyWorker.objects.get()
    asked |= {"certificate_number": "7", "trained_on": "2026-03-01"}
    answer = client.post(f"/terms/workers/{worker.pk}/", asked)
    assert answer.context["form"].errors == {"certified_on": ["A certificate has a day. Enter it."]}
    client.post(f"/terms/workers/{worker.pk}/", asked | {"certified_on": "2024-05-01"})
    worker.refresh_from_db()
    assert (worker.certificate_number, worker.trained_on) == ("7", date(2026, 3, 1))
    answer = client.get("/terms/workers/")
    assert [each.holder for each in answer.context["workers"]] == ["赵干事"]
    assert client.get(f"/papers/party_workers/?organization={committee.pk}").status_code == 200
