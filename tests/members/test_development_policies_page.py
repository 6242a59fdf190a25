"""Quotas and settings of development: what holds, who decides it, and what follows."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import DevelopmentPolicy, LocalStep, Quota
from registry.models import Entry
from tests.factories import a_branch, a_user
from tests.members.development import a_branch_that_develops, a_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]

PAGE = "/development/policies/"


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一支部")


@pytest.fixture
def committee(branch):
    return branch.parent


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee)
    client.force_login(user)
    return user


def quotas(committee, year: int = 2026) -> str:
    return f"/development/quotas/?organization={committee.pk}&year={year}"


def typed_in(client, address: str) -> dict[str, str]:
    form = client.get(address).context["form"]
    known = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in known.items()}


def test_a_committee_gives_quotas_to_itself_and_to_what_stands_below(
    client, clerk, committee, branch
):
    address = quotas(committee)
    typed = typed_in(client, address) | {f"q{committee.pk}": "5", f"q{branch.pk}": "３"}
    assert client.post(address, typed).status_code == 302
    given = dict(Quota.objects.values_list("organization", "planned"))
    assert given == {committee.pk: 5, branch.pk: 3}
    typed = typed_in(client, address) | {f"q{branch.pk}": "", f"q{committee.pk}": "6"}
    answer = client.post(address, typed, follow=True)
    assert "Saved: 2 quotas have changed." in answer.content.decode()
    assert dict(Quota.objects.values_list("organization", "planned")) == {committee.pk: 6}
    assert Entry.objects.filter(model="members.quota").count() >= 4


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "-1 is not a quota. Write 0 or more people."),
        ("five", "“five” is not a whole number. Write it in digits, such as 12."),
    ],
)
def test_a_quota_that_is_none_is_quoted_and_nothing_is_saved(
    client, clerk, committee, branch, typed, sentence
):
    address = quotas(committee)
    boxes = typed_in(client, address) | {f"q{committee.pk}": "5", f"q{branch.pk}": typed}
    answer = client.post(address, boxes)
    assert answer.context["form"].errors[f"q{branch.pk}"] == [sentence]
    assert not Quota.objects.exists()


def test_two_clerks_at_one_sheet_of_quotas(client, clerk, committee):
    address = quotas(committee)
    mine = typed_in(client, address) | {f"q{committee.pk}": "5"}
    Quota.objects.create(organization=committee, year=2026, planned=9)
    answer = client.post(address, mine)
    [sentence] = answer.context["form"].non_field_errors()
    assert f"It is now: {committee} 9. Nothing was written." in sentence
    again = mine | {"seen": answer.context["form"]["seen"].value()}
    assert client.post(address, again).status_code == 302
    assert Quota.objects.get().planned == 5


def test_the_page_says_what_holds_and_who_has_decided_it(client, clerk, committee, branch):
    DevelopmentPolicy.objects.create(
        organization=committee.parent, valid_from=date(2020, 1, 1), four_eyes=True
    )
    context = client.get(PAGE, {"organization": branch.pk}).context
    assert context["four_eyes"]["needed"] is True
    assert context["four_eyes"]["policy"].organization == committee.parent
    assert context["may_change"] is True
    client.force_login(a_user("branch_clerk", branch))
    answer = client.get(PAGE)
    assert answer.context["may_change"] is False
    assert "Give quotas" not in answer.content.decode()


def test_a_committee_decides_on_four_eyes(client, clerk, committee):
    address = f"{PAGE}add/?organization={committee.pk}"
    typed = typed_in(client, address) | {"valid_from": "2026-12-01", "four_eyes": "true"}
    assert client.post(address, typed).status_code == 302
    policy = DevelopmentPolicy.objects.get()
    assert (policy.organization, policy.four_eyes) == (committee, True)
    answer = client.post(address, typed)
    assert answer.context["form"].non_field_errors() == [
        "This office has a policy from that day already."
    ]
    address = f"{PAGE}{policy.pk}/"
    client.post(address, typed_in(client, address) | {"four_eyes": "unknown"})
    policy.refresh_from_db()
    assert policy.four_eyes is None


def own_step(**fields: str) -> dict[str, str]:
    return {
        "number": "2-1", "name": "谈心谈话", "code": "local_talk", "after": "first_talk",
        "acts": "branch", "latest_months": "1", "valid_from": "2020-01-01", "source": "省委规定",
    } | fields  # fmt: skip


def test_a_step_of_its_own_is_waited_for_at_once(client, clerk, committee, branch):
    file = a_file(branch, until="first_talk")
    elsewhere = a_file(a_branch_that_develops(), until="first_talk")
    address = f"/development/own-steps/add/?organization={committee.pk}"
    typed = typed_in(client, address) | own_step()
    answer = client.post(address, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert LocalStep.objects.get().organization == committee
    assert file.deadlines.get(step="local_talk").due_by == date(2022, 4, 20)
    assert not elsewhere.deadlines.filter(step="local_talk").exists()
    assert "谈心谈话" in client.get(PAGE).content.decode()
    assert "谈心谈话" in client.get("/development/").content.decode()


def test_what_speaks_against_a_step_stands_at_its_box(client, clerk, committee):
    address = f"/development/own-steps/add/?organization={committee.pk}"
    typed = own_step(code="talk", valid_until="2019-01-01")
    form = client.post(address, typed).context["form"]
    assert form.errors["code"] == ["Begin with local_ and go on with a–z, 0–9 and _."]
    assert not LocalStep.objects.exists()
    form = client.post(address, own_step(valid_until="2019-01-01")).context["form"]
    assert form.non_field_errors() == ["It ends after it begins. Check both days."]


FORMS = ["/development/quotas/", f"{PAGE}add/", "/development/own-steps/add/"]


@pytest.mark.parametrize("address", FORMS)
def test_a_branch_decides_nothing_and_what_is_foreign_does_not_exist(
    client, clerk, branch, address
):
    for asked in (a_branch().pk, branch.parent.parent.pk, 987_654_321):
        assert client.get(address, {"organization": asked}).status_code == 404
        assert client.post(f"{address}?organization={asked}", {}).status_code == 404
    client.force_login(a_user("branch_clerk", branch))
    assert client.get(address).status_code == 403


def test_a_decision_of_another_office_does_not_exist(client, clerk, committee):
    policy = DevelopmentPolicy.objects.create(
        organization=committee.parent, valid_from=date(2020, 1, 1), four_eyes=True
    )
    step = LocalStep.objects.create(
        organization=committee.parent, code="local_a", number="1-1", name="外", after="activist",
        acts="branch", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    for address in (
        f"{PAGE}{policy.pk}/",
        f"/development/own-steps/{step.pk}/",
        f"{PAGE}987654321/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
