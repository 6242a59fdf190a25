"""The page of the yearly run: what it proposes, what is typed and confirmed, whom it turns away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.admin.dues import assessment
from members.models import Assessment, BaseComponent, DuesBase
from members.models.dues.assessing import assess
from members.models.dues.proposals import Known
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.dues import a_policy
from tests.members.ledger import a_payment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day", "clerk")]
PAGE = "/dues/assessment/"
YEAR = TODAY.year
JANUARY = date(YEAR, 1, 1)


def address(organization, **asked) -> str:
    words = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{PAGE}?organization={organization.pk}&year={YEAR}{words and '&' + words}"


def shown(client, organization, **asked):
    response = client.get(address(organization, **asked))
    assert response.status_code == 200
    return response


def names(response) -> list[str]:
    return [line.member.name for line in response.context["lines"]]


def boxes(response) -> dict[str, str]:
    """The boxes of the list, as the browser would send them back."""
    sent = {}
    for line in response.context["lines"]:
        pk = line.member.pk
        sent |= {f"base:{pk}": line.typed, f"was:{pk}": line.income, f"over:{pk}": line.version}
    return sent


def save(client, organization, typed, page=None, **asked):
    """Type bases, by member, into the page as it is, or as it was opened before."""
    page = page or shown(client, organization, **asked)
    sent = boxes(page) | {f"base:{member.pk}": text for member, text in typed.items()}
    return client.post(address(organization, **asked), sent)


def confirm(client, organization, whom="everybody", page=None):
    page = page or shown(client, organization)
    seen = {f"seen:{key}": each.kept for key, each in page.context["confirming"].items()}
    return client.post(address(organization), seen | {"confirm": whom})


def said(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def monthly(member) -> list[str]:
    rows = Assessment.objects.filter(member=member).of_year(YEAR).order_by("month_from")
    return [f"{row.month_from:%m}: {row.monthly}" for row in rows]


def test_who_needs_a_look_stands_first_and_alone_where_nothing_else_is_asked(client, branch):
    plain, more, _none, retired = (
        a_member(branch, name=name) for name in ("平平", "多多", "无无", "退退")
    )
    for member in (plain, more, retired):
        assess(member, date(YEAR - 1, 1, 1), Decimal(4000))
    DuesBase.give(more, YEAR, Decimal(6000))
    retired.category = "retired"
    retired.save()
    DuesBase.give(retired, YEAR, Decimal(5000))

    page = shown(client, branch)
    assert names(page) == ["无无", "退退", "多多"]
    assert [line.notes for line in page.context["lines"]] == [
        [],
        ["Assessed so far at the rate of those in service.", "Changes by more than a fifth."],
        ["Changes by more than a fifth."],
    ]
    assert [line.change for line in page.context["lines"]] == ["", "-38 %", "+125 %"]
    assert names(shown(client, branch, state="all")) == ["无无", "退退", "多多", "平平"]
    assert names(shown(client, branch, state="without_base")) == ["无无"]
    assert names(shown(client, branch, state="all", q="平平")) == ["平平"]
    assert names(shown(client, branch, state="all", q=more.number)) == ["多多"]


def test_a_base_typed_in_the_list_is_kept_and_assesses_nobody_yet(client, branch):
    member, other = a_member(branch), a_member(branch, name="李四")
    answer = save(client, branch, {member: "¥５,000.01元"})

    assert (answer.status_code, answer.url) == (302, address(branch))
    assert said(answer) == ["1 base was saved."]
    assert DuesBase.objects.get(member=member, year=YEAR).amount == Decimal("5000.01")
    assert not DuesBase.objects.filter(member=other).exists()
    assert not Assessment.objects.exists()
    assert str(shown(client, branch).context["confirming"]["everybody"]) == (
        "1 assessment of together 75.00 yuan a month"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-5", "“-5” is below 0. Write an amount of 0 or more."),
        ("10.005", "“10.005” has parts of a fen. Write two digits after the point."),
        ("1e3", "“1e3” is not an amount. Write it in digits, such as 1234.50."),
        ("拾元", "“拾元” is not an amount. Write it in digits, such as 1234.50."),
    ],
)
def test_one_bad_base_keeps_all_from_being_saved_and_is_told_at_its_row(
    client, branch, text, sentence
):
    good, bad = a_member(branch), a_member(branch, name="李四")
    answer = save(client, branch, {good: "4000", bad: text})

    assert answer.status_code == 200
    assert not DuesBase.objects.exists()
    told = {line.member: (line.typed, line.errors) for line in answer.context["lines"]}
    assert told == {good: ("4000", []), bad: (text, [sentence])}


def test_a_base_that_the_rules_have_no_dues_for_is_told_at_its_row(client, branch):
    farmer, good = a_member(branch, category="farmer"), a_member(branch)
    answer = save(client, branch, {farmer: "5", good: "4000"})
    told = {line.member: line.errors for line in answer.context["lines"]}
    assert told[farmer] == [
        "A fixed amount is between 0.20 and 1.00 yuan, in whole fen; this one is 5.00."
    ]
    assert not DuesBase.objects.exists()


def test_emptying_a_box_takes_no_base_back(client, branch):
    member = a_member(branch)
    DuesBase.give(member, YEAR, Decimal(4000))
    answer = save(client, branch, {member: ""}, state="all")
    assert answer.context["lines"][0].errors == [
        "“” is not an amount. Write it in digits, such as 1234.50."
    ]


def test_a_base_that_another_clerk_has_given_meanwhile_is_not_written_over(client, branch, clerk):
    member, other = a_member(branch), a_member(branch, name="李四")
    page = shown(client, branch)
    save(client, branch, {member: "4000"}, page)

    refused = save(client, branch, {member: "6000", other: "3000"}, page)
    line = next(line for line in refused.context["lines"] if line.member == member)
    assert line.errors == [f"{clerk} has given 4000.00 yuan in the meantime. Look, and save again."]
    assert not DuesBase.objects.filter(member=other).exists()
    assert line.typed == "6000"
    assert save(client, branch, {member: "6000", other: "3000"}, refused).status_code == 302
    assert DuesBase.objects.get(member=member).amount == Decimal(6000)


def test_what_another_clerk_has_saved_in_another_row_disturbs_nobody(client, branch):
    member, other = a_member(branch), a_member(branch, name="李四")
    page = shown(client, branch)
    save(client, branch, {member: "4000"}, page)
    assert save(client, branch, {other: "3000"}, page).status_code == 302
    assert DuesBase.objects.count() == 2


def test_the_same_form_sent_twice_saves_once(client, branch):
    member = a_member(branch)
    page = shown(client, branch)
    for _ in range(2):
        assert save(client, branch, {member: "4000"}, page).status_code == 302
    assert DuesBase.objects.get(member=member).version == 1


def test_confirming_writes_all_but_who_has_no_base_and_a_second_time_nothing(client, branch):
    member, none = a_member(branch), a_member(branch, name="无无")
    DuesBase.give(member, YEAR, Decimal(4000))
    answer = confirm(client, branch)
    assert said(answer) == ["1 assessment was written."]
    assert (monthly(member), monthly(none)) == (["01: 40.00"], [])

    entries = Entry.objects.count()
    assert said(confirm(client, branch)) == ["0 assessments were written."]
    assert Entry.objects.count() == entries


def test_those_that_need_no_look_can_be_confirmed_alone(client, branch):
    plain, more = a_member(branch), a_member(branch, name="多多")
    for member in (plain, more):
        assess(member, date(YEAR - 1, 1, 1), Decimal(4000))
    DuesBase.give(more, YEAR, Decimal(6000))
    confirm(client, branch, "plain")
    assert (monthly(plain), monthly(more)) == (["01: 40.00"], [])


def test_what_has_changed_since_it_was_shown_is_not_confirmed(client, branch):
    member = a_member(branch)
    DuesBase.give(member, YEAR, Decimal(4000))
    page = shown(client, branch)
    DuesBase.give(member, YEAR, Decimal(6000))

    [sentence] = said(confirm(client, branch, page=page))
    assert sentence == (
        "Something has changed since the page was opened: it showed 1 assessment of together "
        "40.00 yuan a month, and now it is 1 assessment of together 90.00 yuan a month. Nothing "
        "was written. Look, and confirm again."
    )
    assert not Assessment.objects.exists()
    confirm(client, branch)
    assert monthly(member) == ["01: 90.00"]


def test_a_forged_sum_confirms_nothing(client, branch):
    DuesBase.give(a_member(branch), YEAR, Decimal(4000))
    for forged in ("", "1", "1:40.00:0", "x:y:z"):
        client.post(address(branch), {"confirm": "everybody", "seen:everybody": forged})
    assert not Assessment.objects.exists()


def test_a_base_given_after_a_payment_leads_to_a_change_within_the_year(client, branch):
    member = a_member(branch)
    made = assess(member, JANUARY, Decimal(4000))
    a_payment(member, JANUARY, amount=f"{made.monthly}")
    DuesBase.give(member, YEAR, Decimal(6000))
    page = shown(client, branch)
    [note] = page.context["lines"][0].notes
    assert note == (
        "The base given since is not the one that was assessed. Change the dues from a month on, "
        "with a reason."
    )
    assert f'href="/dues/members/{member.pk}/change/?year={YEAR}"' in page.content.decode()
    assess(member, date(YEAR, 6, 1), Decimal(6000), reason="升职")
    assert shown(client, branch, state="look").context["lines"] == []


def test_a_base_is_typed_by_its_components_where_the_office_has_some(client, branch):
    member = a_member(branch)
    page = f"/dues/members/{member.pk}/base/?year={YEAR}"
    assert client.get(page).status_code == 404, "no components, no page"
    pay, tax = (
        BaseComponent.objects.create(
            organization=branch.parent, name=name, deducted=deducted, month_from=JANUARY
        )
        for name, deducted in (("职务工资", False), ("个人所得税", True))
    )
    assert f'href="{page}"' in shown(client, branch).content.decode()
    seen = client.get(page).context["seen"]
    sent = {"seen": seen, f"part_{pay.pk}": "5200", f"part_{tax.pk}": "199.99"}
    assert client.post(page, sent).status_code == 302
    base = DuesBase.objects.get(member=member)
    assert (base.amount, base.parts.count()) == (Decimal("5000.01"), 2)
    assert client.post(page, sent | {f"part_{tax.pk}": "1"}).status_code == 200, "opened before"
    base.refresh_from_db()
    assert base.amount == Decimal("5000.01")
    sent = {"seen": client.get(page).context["seen"], f"part_{tax.pk}": "9"}
    refused = client.post(page, sent)
    assert refused.context["form"].errors == {
        "__all__": ["The base is -9.00; it cannot be below 0."]
    }


def test_the_rounding_of_the_office_shows_in_the_amount(client, branch):
    a_policy(branch.parent, rounding_unit="1", rounding_mode="up")
    DuesBase.give(a_member(branch), YEAR, Decimal(4010))
    assert shown(client, branch, state="all").context["lines"][0].proposal.found.monthly == 41


def test_who_belongs_to_another_office_is_neither_shown_nor_written(client, branch):
    other = a_branch(a_committee())
    stranger, mine = a_member(other, name="阚远"), a_member(branch)
    assert client.get(address(other)).status_code == 404
    assert client.post(address(other), {"confirm": "everybody"}).status_code == 404
    for key in (stranger.pk, 987_654_321):
        answer = client.post(address(branch), {f"base:{key}": "4000", f"base:{mine.pk}": "4000"})
        assert answer.context["errors"] == [
            f"Somebody in the list is no longer in {branch}. Nothing was saved."
        ]
        assert "阚远" not in answer.content.decode()
    assert not DuesBase.objects.exists()


@pytest.mark.parametrize("role", ["approver", "reader"])
def test_who_sees_only_totals_does_not_see_the_page(client, branch, role):
    a_member(branch)
    client.force_login(a_user(role, branch))
    assert client.get(address(branch)).status_code == 403


@pytest.mark.parametrize("year", ["2007", f"{YEAR + 2}", "x", "20266", "２０２６"])
def test_a_year_without_dues_has_no_page(client, branch, year):
    assert client.get(f"{PAGE}?organization={branch.pk}&year={year}").status_code == 404


def test_looking_writes_nothing(client, branch):
    DuesBase.give(a_member(branch), YEAR, Decimal(4000))
    entries = Entry.objects.count()
    for state in assessment.TABS:
        shown(client, branch, state=state)
    assert (Entry.objects.count(), Assessment.objects.count()) == (entries, 0)


def test_a_long_list_is_paged_and_asks_the_database_no_more(
    client, branch, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(assessment, "ROWS", 10)
    known = [a_member(branch, name=f"员{sign}") for sign in "甲乙丙丁戊己庚辛壬癸子丑"]
    for member in known:
        DuesBase.give(member, YEAR, Decimal(4000))
    with django_assert_max_num_queries(28):
        page = shown(client, branch, state="all", p=2)
    assert names(page) == ["员子", "员丑"]


# Only what is shown is worked out


@pytest.fixture
def worked_out(monkeypatch):
    """The names of all for whom a proposal was worked out, in the order they were."""
    found: list[str] = []
    judged = Known.judged

    def noting(self, pk, number, name, *said):
        found.append(name)
        return judged(self, pk, number, name, *said)

    monkeypatch.setattr(Known, "judged", noting)
    return found


def test_whose_assessment_stands_is_worked_out_only_where_he_is_shown(
    client, branch, monkeypatch, worked_out
):
    monkeypatch.setattr(assessment, "ROWS", 2)
    settled = [a_member(branch, name=name) for name in ("安一", "安二", "安三")]
    a_member(branch, name="新新")
    for member in settled:
        DuesBase.give(member, YEAR, Decimal(4000))
        assess(member, JANUARY, Decimal(4000))
    page = shown(client, branch)
    assert (names(page), worked_out) == (["新新"], ["新新"])
    assert [(tab["label"], tab["count"]) for tab in page.context["tabs"]] == [
        ("to look at", 1), ("without a base", 1), ("assessed already", 3), ("all", 4),
    ]  # fmt: skip
    worked_out.clear()
    assert names(shown(client, branch, state="all")) == ["新新", "安一"]
    assert worked_out == ["新新", "安一"]
    assert names(shown(client, branch, state="all", p=2)) == ["安二", "安三"]
    assert names(shown(client, branch, state="unchanged", p=2)) == ["安三"]
    assert names(shown(client, branch, state="all", q="安二")) == ["安二"]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"base": 6000}, id="another base since"),
        pytest.param({"category": "retired"}, id="another category since"),
        pytest.param({"category": "retired", "base": 4000}, id="a base of the retired"),
        pytest.param({"later": 6000, "base": 6000}, id="a base that was assessed within the year"),
    ],
)
def test_whatever_may_need_a_look_is_worked_out(client, branch, odd, worked_out):
    member = a_member(branch)
    assess(member, JANUARY, Decimal(4000))
    if "later" in odd:
        assess(member, date(YEAR, 7, 1), Decimal(odd["later"]), reason="升职")
    if "category" in odd:
        member.category = odd["category"]
        member.save()
    if "base" in odd:
        DuesBase.give(member, YEAR, Decimal(odd["base"]))
    shown(client, branch, state="look")
    assert worked_out == [member.name]


def test_where_very_many_may_change_all_are_worked_out_and_found(client, branch, monkeypatch):
    monkeypatch.setattr(assessment, "MANY", 1)
    settled = a_member(branch, name="安一")
    assess(settled, JANUARY, Decimal(4000))
    for name in ("新新", "旧旧"):
        a_member(branch, name=name)
    page = shown(client, branch, state="all")
    assert names(page) == ["新新", "旧旧", "安一"]
    assert page.context["people"] == 3
