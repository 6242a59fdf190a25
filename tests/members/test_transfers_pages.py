"""The pages of transfers: whose rows, what is entered, what is refused, and the letters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.models import DuesStanding, Member, Newcomer, Transfer, TransferPolicy
from members.rules import transfers
from registry.calendar import first_of_month
from registry.models import Entry
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee, an_id_number
from tests.members.transfers import OUTSIDE, a_letter, a_newcomer, a_transfer, somebody_came

pytestmark = pytest.mark.django_db


@pytest.fixture
def top():
    return a_work_committee()


@pytest.fixture
def committee(top):
    return a_committee(top, approves_members=True, name="财政局机关党委")


@pytest.fixture
def branch(committee):
    return a_branch(committee, name="一支部")


@pytest.fixture
def clerk(client, committee):
    clerk = a_user("committee_clerk", committee)
    client.force_login(clerk)
    return clerk


@pytest.fixture
def branch_clerk(client, branch):
    clerk = a_user("branch_clerk", branch)
    client.force_login(clerk)
    return clerk


def today():
    return timezone.localdate()


def messages(answer):
    return [f"{each}" for each in answer.context["messages"]]


def lines(answer):
    return [(line.name, line.state) for line in answer.context["lines"]]


def sending(members, **more):
    return {
        "members": [each.pk for each in members],
        "kind": "letter",
        "to_outside": OUTSIDE,
        "addressee": "某省委组织部",
        "validity_days": "30",
        "on": f"{today()}",
        **more,
    }


def test_several_are_proposed_by_a_branch_clerk_and_issued_by_the_committee(
    client, branch_clerk, branch, committee
):
    people = [a_member(branch, name=name) for name in ("甲一", "乙二")]
    page = client.get("/transfers/new/", {"member": ",".join(f"{each.pk}" for each in people)})
    assert page.context["form"].initial["members"] == [each.pk for each in people]
    answer = client.post("/transfers/new/", sending(people), follow=True)
    assert messages(answer)[0] == "2 transfers are entered."
    assert "Nobody knows to which month 甲一 has paid dues. The letter needs it." in messages(
        answer
    )
    assert lines(client.get("/transfers/")) == [("乙二", "proposed"), ("甲一", "proposed")]
    keys = [each.pk for each in Transfer.objects.all()]
    refused = client.post("/transfers/?show=proposed", {"do": "issue", "transfers": keys})
    assert refused.status_code == 302
    assert not Transfer.objects.filter(number__isnull=False).exists(), "no verb, no letter"

    client.force_login(a_user("committee_clerk", committee))
    page = client.get("/transfers/?show=proposed")
    assert [line.is_ticked for line in page.context["lines"]] == [True, True]
    client.post("/transfers/?show=proposed", {"do": "issue", "transfers": keys})
    numbers = Transfer.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]
    printed = client.post(
        "/transfers/?show=under_way", {"do": "print", "transfers": keys, "reason": "转接"}
    )
    assert printed["Content-Type"] == "application/pdf"
    entries = Entry.objects.filter(model="members.transfer", action="print")
    assert [entry.reason for entry in entries] == ["转接", "转接"]
    without = client.post("/transfers/?show=under_way", {"do": "print", "transfers": keys})
    assert without.status_code == 302, "full numbers need a reason"


def test_a_form_that_is_refused_says_everything_at_once(client, branch_clerk, branch):
    member = a_member(branch)
    tomorrow = today() + timedelta(days=1)
    answer = client.post(
        "/transfers/new/", sending([member], validity_days="91", to_outside="", on=f"{tomorrow}")
    )
    assert answer.context["form"].errors == {
        "on": [f"{tomorrow} is still to come. Enter it on that day."],
        "to_outside": ["Name the organisation that he goes to."],
        "validity_days": ["91 days are too many: no letter holds for more than 90."],
    }
    foreign = a_member()
    answer = client.post("/transfers/new/", sending([foreign], to_code="999"))
    assert sorted(answer.context["form"].errors) == ["members", "to_code"]
    assert foreign.name not in str(answer.context["form"].errors)
    assert not Transfer.objects.exists()


def test_both_sides_of_a_transfer_within_the_register(client, branch_clerk, branch, top):
    new = a_branch(a_committee(top), code="777001")
    member = a_member(branch, name="欧阳修远")
    DuesStanding.settle(member, first_of_month(today()), today())
    page = client.post(
        "/transfers/new/",
        sending([member], kind="internal", to_outside="", to_code="777001"),
        follow=True,
    )
    assert messages(page) == ["1 transfer is entered."]
    transfer = Transfer.objects.get()
    possible = {step["label"]: step["reasons"] for step in page.context["steps"]}
    assert possible == {"Withdraw the transfer": []}, "the new branch accepts, not the old one"
    assert client.get(f"/transfers/{transfer.pk}/accept/").status_code == 404

    client.force_login(a_user("branch_clerk", new))
    page = client.get("/transfers/?show=accept")
    assert lines(page) == [("欧***", "under_way")]
    page = client.get(f"/transfers/{transfer.pk}/")
    assert "欧阳修远" not in page.content.decode()
    assert [step["label"] for step in page.context["steps"] if not step["reasons"]] == [
        "Accept", "Send back",
    ]  # fmt: skip
    early = transfer.begun_on - timedelta(days=1)
    answer = client.post(f"/transfers/{transfer.pk}/accept/", {"on": f"{early}"})
    assert "欧*** was sent on" in answer.content.decode()
    assert "欧阳修远" not in answer.content.decode()
    page = client.post(f"/transfers/{transfer.pk}/accept/", {"on": f"{today()}"}, follow=True)
    assert "欧阳修远" in page.content.decode()
    assert Member.objects.get().organization == new
    client.post(f"/transfers/{transfer.pk}/take-back/", {"reason": "误操作"})
    assert Member.objects.get().organization == branch

    client.force_login(a_user("branch_clerk", a_branch(branch.parent)))
    assert client.get(f"/transfers/{transfer.pk}/").status_code == 404


def test_the_way_of_a_letter(client, clerk, branch):
    sent = today() - timedelta(days=40)
    letter = a_letter(a_member(branch), sent, validity_days=10)
    page = client.get(f"/transfers/{letter.pk}/")
    assert [each.split(".")[0] for each in page.context["remarks"]] == [
        f"The letter held until {letter.valid_through}",
        f"The receipt was due on {letter.receipt_due_on}",
    ]
    reasons = {step["label"]: step["reasons"] for step in page.context["steps"]}
    assert reasons["Issue the letter"] == ["The letter was issued already."]
    assert "Passed on" not in reasons, "it goes directly"
    assert reasons["Enter the receipt"] == reasons["Issue again"] == []
    client.post(
        f"/transfers/{letter.pk}/reissue/",
        {"on": f"{today()}", "validity_days": "30", "reason": "遗失"},
    )
    new = Transfer.objects.get(reissue_of=letter)
    answer = client.post(
        f"/transfers/{new.pk}/receipt/",
        {"on": f"{today()}", "accepted_on": f"{today()}", "note": "已编入"},
        follow=True,
    )
    assert messages(answer)[-1] == "The receipt is entered."
    assert not Member.objects.get().is_on_roll
    assert client.get(f"/transfers/{new.pk}/letter/")["Content-Type"] == "application/pdf"
    assert lines(client.get("/transfers/?show=reissued")) == [("张三", "reissued")]
    assert lines(client.get("/transfers/")) == []
    assert lines(client.get("/transfers/", {"show": "all", "direction": "in"})) == []
    assert lines(client.get("/transfers/", {"show": "all", "year": "1999"})) == []
    assert len(lines(client.get("/transfers/", {"show": "all", "year": new.begun_on.year}))) >= 1


def coming(**more):
    return {
        "kind_of_transfer": "letter",
        "document": "〔2026〕第31号",
        "from_outside": "中共某县委组织部",
        "issued_on": f"{today()}",
        "validity_days": "120",
        "paid_to": f"{today():%Y-%m}",
        "on": f"{today()}",
        "name": "田野",
        "id_number": an_id_number(date(1990, 3, 4), sex="F"),
        "sex": "F",
        "ethnicity": "01",
        "born_on": "1990-03-04",
        "kind": "full",
        "joined_on": "2012-06",
        "full_member_on": "2013-06",
        "phone": "139 0000 1234",
        **more,
    }


def test_a_letter_that_came_is_registered_and_the_person_placed(client, clerk, committee, branch):
    answer = client.post("/transfers/incoming/", coming(), follow=True)
    assert messages(answer) == [
        "The letter is registered. Now place the person in a branch.",
        "The letter says 120 days; no letter holds for more than 90.",
    ]
    came = Transfer.objects.get()
    assert (came.to_organization, Newcomer.objects.get().phone) == (committee, "13900001234")
    client.post(f"/transfers/{came.pk}/place/", {"branch": branch.pk, "on": f"{today()}"})
    assert Member.objects.get().organization == branch
    client.post(f"/transfers/{came.pk}/return/", {"on": f"{today()}", "note": ""})
    assert Transfer.objects.get().ending == transfers.COMPLETE


def test_an_id_number_tells_no_more_than_one_may_know(client, clerk, branch):
    mine, foreign = a_member(branch, name="阚甲"), a_member(name="阚乙")
    answers = [
        client.post("/transfers/incoming/", coming(id_number=each.id_number))
        for each in (mine, foreign)
    ]
    [told], [fixed] = (answer.context["form"].errors["id_number"] for answer in answers)
    assert "阚甲" in told
    assert fixed == "This ID number is registered in another organisation. Use a transfer."
    assert not Transfer.objects.exists()


def test_what_an_office_decides_about_letters(client, clerk, committee):
    answer = client.post(
        "/transfers/policies/add/",
        {
            "valid_from": f"{today()}",
            "passes_through": "true",
            "fax": "0571-1",
            "postcode": "310025",
        },
        follow=True,
    )
    assert messages(answer) == ["Saved."]
    assert TransferPolicy.objects.get().passes_through is True
    assert "The work committee passes letters on." in answer.content.decode()


def test_from_the_list_and_the_page_of_members(client, clerk, branch):
    member = a_member(branch)
    page = client.get(f"/members/member/{member.pk}/change/").content.decode()
    assert f"/transfers/new/?member={member.pk}" in page
    answer = client.post(
        "/members/member/", {"action": "transfer_many", "_selected_action": [member.pk]}
    )
    assert answer.headers["Location"] == f"/transfers/new/?member={member.pk}"


def test_a_reader_sees_and_does_nothing(client, committee, branch):
    transfer = a_transfer(a_member(branch))
    came = somebody_came(committee, a_newcomer())
    client.force_login(a_user("reader", committee))
    assert {name for name, _state in lines(client.get("/transfers/"))} == {"张三", "田野"}
    assert client.get(f"/transfers/{transfer.pk}/").context["steps"] == []
    for address in (f"{transfer.pk}/withdraw/", f"{came.pk}/place/", "new/", "incoming/"):
        assert client.get(f"/transfers/{address}").status_code == 403
