"""Who may print a paper of dues: the verb that it names is asked at every door."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from branches.models import Grant
from branches.rules import roles
from members.models import PrintJob
from members.papers.batches import batch_of
from members.papers.kinds import PAPERS
from members.papers.print_jobs import may_fetch
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.papers import asked

pytestmark = pytest.mark.django_db
PEOPLE = ("dues_register", "dues_arrears", "dues_branch_publication")
SUMS = ("dues_summary", "dues_remittances", "dues_returns", "dues_publication")


@pytest.fixture
def committee():
    return a_committee(code="020000")


@pytest.fixture
def branch(committee):
    return a_branch(committee, code="020100")


@pytest.fixture
def reader(branch, client):
    user = a_user("reader", branch)
    client.force_login(user)
    return user


def test_every_paper_names_a_verb_that_roles_carry():
    assert {paper.verb for paper in PAPERS.values()} <= roles.VERBS


def test_papers_with_people_and_papers_with_sums_ask_for_different_verbs():
    assert {PAPERS[key].verb for key in PEOPLE} == {roles.VIEW_DUES}
    assert {PAPERS[key].verb for key in SUMS} == {roles.VIEW_DUES_TOTALS}
    assert PAPERS["dues_receipt"].verb == roles.VIEW_DUES


@pytest.mark.usefixtures("reader")
def test_a_reader_has_the_pages_of_sums_and_not_those_of_people(client, branch):
    page = client.get("/papers/dues_summary/").content.decode()

    for key in SUMS:
        assert f'"/papers/{key}/?' in page
        assert client.get(f"/papers/{key}/{branch.pk}/").content.startswith(b"%PDF")
    for key in PEOPLE:
        assert f"/papers/{key}/" not in page
        assert client.get(f"/papers/{key}/").status_code in (403, 404)
        assert client.get(f"/papers/{key}/{branch.pk}/").status_code in (403, 404)


def test_the_command_asks_the_verb_of_the_paper(branch, reader, tmp_path):
    def printed(key: str) -> None:
        call_command(
            "print_paper", key, "020100", username=reader.username, output=tmp_path / "paper.pdf"
        )

    printed("dues_summary")
    for key in PEOPLE:
        with pytest.raises(CommandError, match=r"There is no organisation of code “020100”\."):
            printed(key)


def test_a_clerk_prints_the_register_of_his_branch(client, branch):
    member = a_member(branch, name="李伟")
    client.force_login(a_user("branch_clerk", branch))

    assert "李伟" in client.get("/papers/dues_register/").content.decode()
    assert client.get(f"/papers/dues_register/{branch.pk}/").content.startswith(b"%PDF")
    assert client.get(f"/papers/dues_register/{a_branch().pk}/").status_code == 404
    assert member.id_number not in client.get("/papers/dues_register/").content.decode()


@pytest.mark.usefixtures("reader")
def test_a_batch_asks_it_too(client, branch, committee):
    user, clerk = a_user("reader", committee), a_user("committee_clerk", committee)

    assert len(batch_of(PAPERS["dues_register"], committee, asked(reader=clerk)).leaves) == 1
    with pytest.raises(ValidationError, match="No branch stood below"):
        batch_of(PAPERS["dues_register"], committee, asked(reader=user))
    assert client.get("/print-jobs/", {"paper": "dues_register"}).status_code == 404
    assert client.get("/print-jobs/", {"paper": "dues_summary"}).status_code == 200


def test_who_has_become_a_reader_fetches_registers_no_more(committee):
    clerk = a_user("committee_clerk", committee)
    same = {"on": TODAY, "bound": "zip", "language": "en"}
    registers = PrintJob.order(clerk, committee, paper="dues_register", **same)
    sums = PrintJob.order(clerk, committee, paper="dues_summary", **same)
    gone = PrintJob.order(clerk, committee, paper="no_such_paper", **same)
    assert [may_fetch(job, clerk) for job in (registers, sums, gone)] == [True, True, False]

    Grant.objects.filter(user=clerk).update(role="reader")
    clerk = type(clerk).objects.get(pk=clerk.pk)

    assert [may_fetch(job, clerk) for job in (registers, sums)] == [False, True]
