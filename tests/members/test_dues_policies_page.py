"""The page of policies: what holds and who has decided it, new ones, and components of the base."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from members.models import BaseComponent, DuesPolicy
from registry.models import Entry
from tests.factories import a_branch, a_committee, a_user
from tests.members.dues import a_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clerk")]


def page_of(organization, **asked) -> str:
    words = "".join(f"&{name}={value}" for name, value in asked.items())
    return f"/dues/policies/?organization={organization.pk}{words}"


def add_to(organization, what="policies") -> str:
    return f"/dues/{what}/add/?organization={organization.pk}"


def items(client, organization, **asked) -> dict[str, tuple[str, str, str]]:
    page = client.get(page_of(organization, **asked))
    assert page.status_code == 200
    lines = page.context["items"]
    return {str(line["label"]): (line["value"], line["kept_by"], line["since"]) for line in lines}


def decided(**typed) -> dict[str, str]:
    return {"valid_from": "2026-01", "reopening_needs_two": "unknown"} | typed


def typed_in(client, page) -> dict[str, str]:
    form = client.get(page).context["form"]
    known = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in known.items()}


def test_each_item_says_its_value_and_who_has_decided_it(client, branch, committee):
    a_policy(committee.parent, date(2020, 1, 1), rounding_unit="0.1", share_upward=Decimal(40))
    a_policy(committee, date(2026, 1, 1), share_upward=Decimal(50), reopening_needs_two=False)
    a_policy(branch, date(2030, 1, 1), share_upward=Decimal(60))
    said = items(client, branch, month="2026-03")
    assert said["rounded to"] == ("jiao", f"{committee.parent}", "2020-01")
    assert said["share remitted upward"] == ("50 %", f"{committee}", "2026-01")
    assert said["a second person opens a closed month again"] == ("no", f"{committee}", "2026-01")
    assert said["rounded"] == ("half up", "by the rules: nobody above has decided", "")
    assert items(client, branch, month="2025-12")["share remitted upward"][0] == "40 %"
    assert items(client, branch, month="2030-01")["share remitted upward"] == (
        "60 %",
        "decided here",
        "2030-01",
    )
    assert items(client, branch, month="never"), "this month where none can be read"


def test_a_policy_is_added_with_its_first_month(client, committee):
    answer = client.post(add_to(committee), decided(rounding_unit="1", rounding_mode="up"))
    assert (answer.status_code, answer.url) == (302, page_of(committee))
    made = DuesPolicy.objects.get()
    assert (made.organization, made.valid_from) == (committee, date(2026, 1, 1))
    assert (made.rounding_unit, made.share_upward, made.reopening_needs_two) == ("1", None, None)


@pytest.mark.parametrize(
    ("typed", "box", "sentence"),
    [
        ({}, "__all__", "Decide at least one item; the others stay as above."),
        (
            {"valid_from": "2026-13", "rounding_unit": "1"},
            "valid_from",
            "“2026-13” is not a month. Write it as 2026-01.",
        ),
        (
            {"share_upward": "101"},
            "share_upward",
            "Ensure this value is less than or equal to 100.",
        ),
        (
            {"valid_from": "2025-01", "rounding_unit": "1"},
            "__all__",
            "This office has a policy from that month already.",
        ),
    ],
)
def test_a_policy_that_cannot_be_is_told(client, committee, typed, box, sentence):
    a_policy(committee, date(2025, 1, 1), rounding_unit="0.1")
    answer = client.post(add_to(committee), decided(**typed))
    assert answer.context["form"].errors == {box: [sentence]}
    assert DuesPolicy.objects.count() == 1


def test_a_policy_is_corrected_and_two_clerks_are_asked_which_is_right(client, committee):
    policy = a_policy(committee, date(2026, 1, 1), share_upward=Decimal(40))
    page = f"/dues/policies/{policy.pk}/"
    typed = typed_in(client, page) | {"share_upward": "50"}
    client.force_login(a_user("committee_clerk", committee, name="Clerk Wang"))
    other = typed_in(client, page) | {"share_upward": "45", "rounding_unit": "1"}
    assert client.post(page, other).status_code == 302

    refused = client.post(page, typed)
    [conflict] = refused.context["conflicts"]
    assert (conflict.name, conflict.mine, conflict.theirs) == ("share_upward", "50", "45.00")
    policy.refresh_from_db()
    assert policy.share_upward == 45
    form = refused.context["form"]
    settled = typed | {
        "asked": "share_upward", "keep_share_upward": "mine", "settled": form.settles,
        "rounding_unit": form["rounding_unit"].value(), "version": form["version"].value(),
    }  # fmt: skip
    assert client.post(page, settled).status_code == 302
    policy.refresh_from_db()
    assert (policy.share_upward, policy.rounding_unit) == (50, "1")


def test_a_component_is_added_and_ended(client, branch, committee):
    typed = {"name": "职务工资", "month_from": "2026-01", "display_order": "1"}
    assert client.post(add_to(committee, "components"), typed).status_code == 302
    again = client.post(add_to(committee, "components"), typed)
    assert again.context["form"].errors == {
        "__all__": ["The office has this component from that month already."]
    }
    kept = BaseComponent.objects.get()
    page = f"/dues/components/{kept.pk}/end/"
    assert client.post(page, {"through": "2025-12", "ended": ""}).context["form"].errors == {
        "__all__": ["It ends after it begins. Check both months."]
    }
    assert client.post(page, {"through": "2026-12", "ended": ""}).status_code == 302
    kept.refresh_from_db()
    assert kept.month_until == date(2027, 1, 1)
    stale = client.post(page, {"through": "2027-06", "ended": ""})
    assert stale.context["form"].errors == {
        "__all__": ["Somebody else has ended it with 2026-12 meanwhile. Look, and save again."]
    }
    lines = client.get(page_of(branch)).context["components"]
    assert [(line["first"], line["last"], line["own"]) for line in lines] == [
        ("2026-01", "2026-12", False)
    ]


@pytest.mark.parametrize("role", ["approver", "reader"])
def test_who_sees_totals_reads_policies_and_changes_none(client, committee, role):
    policy = a_policy(committee, rounding_unit="1")
    client.force_login(a_user(role, committee))
    page = client.get(page_of(committee))
    assert page.status_code == 200
    assert "/add/" not in page.content.decode()
    for address in (add_to(committee), f"/dues/policies/{policy.pk}/"):
        assert client.post(address, decided(rounding_unit="0.1")).status_code == 403
    assert client.post(page_of(committee)).status_code == 405


def test_a_clerk_below_reads_what_is_above_and_changes_only_his_own(client, branch, committee):
    policy = a_policy(committee, rounding_unit="1")
    component = BaseComponent.objects.create(
        organization=committee, name="职务工资", month_from=date(2020, 1, 1)
    )
    client.force_login(a_user("branch_clerk", branch))
    assert items(client, branch)["rounded to"][:2] == ("yuan", f"{committee}")
    strange = a_branch(a_committee())
    for address in (
        page_of(committee), add_to(committee), page_of(strange), add_to(strange, "components"),
        f"/dues/policies/{policy.pk}/", f"/dues/components/{component.pk}/end/",
        "/dues/policies/987654/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404
    entries = Entry.objects.count()
    assert client.post(add_to(committee), decided(rounding_unit="1")).status_code == 404
    assert Entry.objects.count() == entries


def test_a_new_policy_begins_with_the_next_month_unless_told(client, committee):
    form = client.get(add_to(committee)).context["form"]
    assert form["valid_from"].value() > f"{timezone.localdate():%Y-%m}"
