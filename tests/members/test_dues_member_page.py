"""A member's dues on his page: what stands there, for whom, and how they are changed there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.models import Assessment, DuesBase, DuesStanding, Reduction
from members.models.dues.assessing import assess, end
from members.rules.dues_months import next_month
from registry.models import Entry
from registry.models.records import HIDDEN
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.dues import a_reduction
from tests.members.filled_in import form_of
from tests.members.ledger import a_payment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day", "clerk")]
YEAR = TODAY.year
JANUARY, JUNE = date(YEAR, 1, 1), date(YEAR, 6, 1)


def change_of(member) -> str:
    return f"/dues/members/{member.pk}/change/?year={YEAR}"


def reduce_of(member) -> str:
    return f"/dues/members/{member.pk}/reduce/"


def send(client, page, seen=None, **typed):
    """Fill in the page as it is, or as it was opened before."""
    seen = seen or client.get(page).context["seen"]
    return client.post(page, {"seen": seen} | typed)


def changed(**typed) -> dict[str, str]:
    known = {"month": f"{YEAR}-06", "income": "6000", "category": "in_service", "reason": "升职"}
    return known | typed


def granted(**typed) -> dict[str, str]:
    known = {
        "kind": "exempt",
        "amount": "",
        "month_from": f"{YEAR}-03",
        "through": f"{YEAR}-06",
        "approved_by": "机关党委",
        "approved_on": f"{YEAR}-02-20",
        "reason": "生活困难",
    }
    return known | typed


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def months(member) -> list[str]:
    rows = Assessment.objects.filter(member=member).order_by("month_from")
    return [f"{row.month_from:%m}–{row.month_until:%m}: {row.monthly}" for row in rows]


@pytest.fixture
def member(branch):
    found = a_member(branch, name="李伟")
    assess(found, JANUARY, Decimal(4000))
    return found


def test_the_block_says_how_far_he_has_paid_and_what_he_owes(client, member):
    DuesStanding.settle(member, date(YEAR, 2, 1), TODAY)
    a_payment(member, date(YEAR, 3, 1), amount="40.00", receipt_number="0007")
    a_reduction(member, JUNE, month_until=None, kind="paid_elsewhere", reason="外地居住")
    page = client.get(form_of(member))
    block = page.context["dues"]

    assert block["paid_to"] == f"{YEAR}-03"
    assert block["unpaid"] == [(f"{YEAR}-04", Decimal(40)), (f"{YEAR}-05", Decimal(40))]
    assert block["unpaid_sum"] == 80
    assert [payment["receipt_number"] for payment in block["payments"]] == ["0007"]
    html = page.content.decode()
    for text in ("2 months, 80.00 yuan", "外地居住", "0007", change_of(member), reduce_of(member)):
        assert text in html


@pytest.mark.parametrize("role", ["approver", "reader"])
def test_who_sees_only_totals_finds_no_dues_on_the_page(client, member, role):
    client.force_login(a_user(role, member.organization))
    page = client.get(form_of(member))
    assert page.status_code == 200
    assert page.context["dues"] is None
    assert "40.00" not in page.content.decode()
    assert client.get(change_of(member)).status_code == 403


def test_dues_change_from_a_month_on_with_a_reason(client, member):
    answer = send(client, change_of(member), **changed())
    assert (answer.status_code, answer.url) == (302, form_of(member))
    assert months(member) == ["01–06: 40.00", "06–01: 90.00"]
    entry = Entry.objects.filter(model="members.assessment").order_by("-id")[0]
    assert ["base", "", HIDDEN] in entry.changes
    assert entry.reason == "升职"


@pytest.mark.parametrize(
    ("typed", "box", "sentence"),
    [
        ({"reason": " "}, "reason", "Say why the dues change within the year."),
        (
            {"month": f"{YEAR}-13"},
            "month",
            f"“{YEAR}-13” is not a month. Write it as 2026-01.",
        ),
        (
            {"month": "2019-03"},
            "month",
            f"2019-03 is not in {YEAR}. Open the page of that year.",
        ),
        (
            {"month": f"{YEAR}-01"},
            "month",
            f"李伟 is assessed from {YEAR}-01 already. Correct that assessment.",
        ),
        (
            {"income": "拾元"},
            "income",
            "“拾元” is not an amount. Write it in digits, such as 1234.50.",
        ),
        (
            {"category": "fixed"},
            "income",
            "A fixed amount is between 0.20 and 1.00 yuan, in whole fen; this one is 6000.00.",
        ),
    ],
)
def test_a_change_that_cannot_be_is_told_at_its_box(client, member, typed, box, sentence):
    answer = send(client, change_of(member), **changed(**typed))
    assert errors(answer) == {box: [sentence]}
    assert months(member) == ["01–01: 40.00"]


def test_a_change_upon_what_another_clerk_has_changed_is_refused(client, member):
    seen = client.get(change_of(member)).context["seen"]
    assess(member, date(YEAR, 3, 1), Decimal(5000), reason="升职")
    refused = send(client, change_of(member), seen, **changed())
    [sentence] = errors(refused)["__all__"]
    assert f"{YEAR}-03 to {YEAR}-12: 50.00 yuan a month" in sentence
    assert months(member) == ["01–03: 40.00", "03–01: 50.00"]
    assert send(client, change_of(member), refused.context["seen"], **changed()).status_code == 302


def test_a_wrong_figure_is_corrected_for_all_its_months(client, member):
    page = f"/dues/assessments/{Assessment.objects.get().pk}/correct/"
    typed = {"income": "3000", "category": "in_service"}
    assert errors(send(client, page, **typed)) == {
        "reason": ["Say what was wrong with the assessment."]
    }
    assert send(client, page, **typed, reason="看错行").status_code == 302
    assert months(member) == ["01–01: 15.00"]


def test_a_member_without_an_assessment_is_assessed_from_his_page(client, branch):
    member = a_member(branch)
    DuesBase.give(member, YEAR, Decimal(6000))
    form = client.get(change_of(member)).context["form"]
    assert (form["month"].value(), f"{form['income'].value()}") == (f"{YEAR}-01", "6000.00")
    typed = changed(month=f"{YEAR}-01", reason="")
    assert send(client, change_of(member), **typed).status_code == 302
    assert months(member) == ["01–01: 90.00"]


def test_a_reduction_is_granted_through_its_last_month(client, member):
    assert send(client, reduce_of(member), **granted()).status_code == 302
    made = Reduction.objects.get()
    assert (made.month_from, made.month_until) == (date(YEAR, 3, 1), date(YEAR, 7, 1))
    page = client.get(f"/dues/reductions/?organization={member.organization_id}&state=all")
    assert [line["last"] for line in page.context["lines"]] == [f"{YEAR}-06"]


@pytest.mark.parametrize(
    ("typed", "box", "sentence"),
    [
        (
            {"kind": "reduced"},
            "__all__",
            "A reduction says to which amount; an exemption has none.",
        ),
        ({"amount": "5"}, "__all__", "A reduction says to which amount; an exemption has none."),
        ({"through": ""}, "__all__", "A reduction is approved for a period. Name its end."),
        ({"through": f"{YEAR}-02"}, "__all__", "It ends after it begins. Check both months."),
        ({"approved_by": ""}, "approved_by", "This field is required."),
        ({"month_from": "三月"}, "month_from", "“三月” is not a month. Write it as 2026-01."),
    ],
)
def test_a_reduction_that_cannot_be_is_told(client, member, typed, box, sentence):
    assert errors(send(client, reduce_of(member), **granted(**typed))) == {box: [sentence]}
    assert not Reduction.objects.exists()


def test_two_reductions_of_one_month_are_refused_also_where_both_were_open(client, member):
    seen = client.get(reduce_of(member)).context["seen"]
    send(client, reduce_of(member), seen, **granted())
    refused = send(client, reduce_of(member), seen, **granted())
    assert errors(refused)["__all__"][0].startswith("Somebody else has changed this")
    again = send(client, reduce_of(member), **granted())
    assert errors(again)["month_from"] == [
        f"李伟 has a reduction from {YEAR}-03 already. End that one first."
    ]
    assert Reduction.objects.count() == 1


def test_a_reduction_is_ended_or_taken_back(client, member):
    reduction = a_reduction(member, JANUARY)
    page = f"/dues/reductions/{reduction.pk}/end/"
    neither = errors(send(client, page, reason="停"))
    assert neither == {"through": ["Name the last month, or take the reduction back."]}
    assert send(client, page, reason="停", through=f"{YEAR}-04").status_code == 302
    reduction.refresh_from_db()
    assert reduction.month_until == date(YEAR, 5, 1)

    seen = client.get(page).context["seen"]
    end(reduction, JUNE)
    assert "__all__" in errors(send(client, page, seen, reason="停", never="on"))
    assert send(client, page, reason="错录", never="on").status_code == 302
    assert not Reduction.objects.exists()


def test_the_list_shows_what_runs_and_what_is_to_come(client, member):
    month = TODAY.replace(day=1)
    a_reduction(member, date(2020, 1, 1), month_until=date(2020, 5, 1))
    a_reduction(member, month, month_until=next_month(month))
    page = client.get(f"/dues/reductions/?organization={member.organization_id}")
    assert [line["state"] for line in page.context["lines"]] == ["running"]


def test_the_dues_of_a_stranger_get_the_answer_of_nobody(client):
    stranger = a_member(a_branch(a_committee()))
    kept, reduction = assess(stranger, JANUARY, Decimal(4000)), a_reduction(stranger, JUNE)
    for page in (
        change_of(stranger),
        reduce_of(stranger),
        f"/dues/members/{stranger.pk}/base/",
        f"/dues/assessments/{kept.pk}/correct/",
        f"/dues/reductions/{reduction.pk}/end/",
        f"/dues/reductions/?organization={stranger.organization_id}",
    ):
        assert client.get(page).status_code == 404
        assert client.post(page, {"seen": "x"} | changed() | granted()).status_code in {404, 405}
    assert months(stranger) == ["01–01: 40.00"]
