"""A file is opened: with the application, or for a probationary member who is on the roll."""

from __future__ import annotations

import pytest

from members.models import DevelopmentFile
from registry.calendar import PartialDate
from tests.factories import a_branch, a_member, a_user, an_id_number
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_pages import ADD, DAY, page_of
from tests.members.filled_in import errors, form_of, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一党支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch, name="Clerk Li")
    client.force_login(user)
    return user


def person(branch, **typed):
    return {
        "organization": branch.pk, "on": DAY, "name": "李晓梅", "sex": "F", "ethnicity": "01",
        "born_on": "1996-08-09", "id_number": "", "category": "in_service",
    } | typed  # fmt: skip


def open_file(client, branch, address=ADD, **typed):
    return client.post(address, shown(client, address) | person(branch, **typed))


def test_a_file_begins_with_the_person_and_the_application(client, clerk, branch):
    answer = open_file(client, branch, received_by="赵建国")
    file = DevelopmentFile.objects.get()
    assert (answer.status_code, answer.url) == (302, page_of(file))
    assert (file.name, file.began_on, file.standing) == (
        "李晓梅",
        PartialDate(2026, 11, 20),
        "applicant",
    )
    [step] = file.steps.all()
    assert (step.step, step.facts, step.entered_by) == (
        "application",
        {"received_by": "赵建国"},
        clerk,
    )


def test_the_branch_of_whoever_keeps_one_only_stands_there_already(client, clerk, branch):
    assert client.get(ADD).context["adminform"].form.initial["organization"] == branch.pk


@pytest.mark.parametrize(
    ("typed", "box", "sentence"),
    [
        pytest.param(
            {"born_on": "2008-11-21"},
            "on",
            "2026-11-20 is before the day of turning 18, 2026-11-21. An applicant is at least 18 "
            "years old; check both dates.",
            id="seventeen",
        ),
        pytest.param(
            {"on": "1995-01-01"},
            "on",
            "1995-01-01 is before the day of birth, 1996-08-09. Check both dates.",
            id="before birth",
        ),
        pytest.param(
            {"on": "2026-11-21"},
            "on",
            "2026-11-21 is still to come. Enter the step on the day on which it is taken.",
            id="to come",
        ),
        pytest.param(
            {"on": "昨天"},
            "on",
            "“昨天” is not a date. Write it as 1985-06-12, 1985-06 or 1985.",
            id="no date",
        ),
    ],
)
def test_an_application_that_cannot_be_is_refused_at_its_box(
    client, clerk, branch, typed, box, sentence
):
    assert sentence in errors(open_file(client, branch, **typed))[box]
    assert not DevelopmentFile.objects.exists()


def test_everything_is_said_at_once(client, clerk, branch):
    found = errors(open_file(client, branch, name="", id_number="110101199608091", phone="12"))
    assert {"name", "id_number", "phone"} <= set(found)


def test_a_member_is_named_to_who_sees_him(client, clerk, branch):
    member = a_member(branch, name="赵敏", id_number=an_id_number())
    [sentence] = errors(open_file(client, branch, id_number=member.id_number))["id_number"]
    assert "赵敏" in sentence
    assert member.number in sentence


@pytest.mark.parametrize("whose", ["member", "file"])
def test_of_somebody_elsewhere_nothing_is_told_but_that_he_is_registered(
    client, clerk, branch, whose
):
    other = a_branch(name="Foreign branch")
    holder = a_member(other, name="外人甲") if whose == "member" else a_file(other, name="外人甲")
    [sentence] = errors(open_file(client, branch, id_number=holder.id_number))["id_number"]
    assert sentence == (
        "This ID number is registered in another organisation. Ask there for the papers."
    )


def test_a_foreign_branch_is_no_choice(client, clerk, branch):
    answer = open_file(client, branch, organization=a_branch().pk)
    assert list(errors(answer)) == ["organization"]
    assert not DevelopmentFile.objects.exists()


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_who_only_looks_opens_no_file(client, branch, role):
    client.force_login(a_user(role, branch))
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, person(branch)).status_code == 403


def test_a_double_click_opens_one_file(client, clerk, branch):
    typed = shown(client, ADD) | person(branch)
    for _time in range(2):
        assert client.post(ADD, typed).status_code == 302
    assert DevelopmentFile.objects.count() == 1


@pytest.fixture
def newcomer(branch):
    return a_member(
        branch, name="孙悦", kind="probationary", joined_on=PartialDate(2026, 3, 1),
        full_member_on=None, phone="13912345678",
    )  # fmt: skip


def test_a_file_for_a_probationary_member_begins_with_what_the_register_has(
    client, clerk, branch, newcomer
):
    address = f"{ADD}?member={newcomer.pk}"
    page = client.get(address)
    form = page.context["adminform"].form
    assert (form.initial["name"], form.initial["historical"]) == ("孙悦", True)
    html = page.content.decode()
    assert newcomer.id_number not in html
    assert newcomer.phone not in html

    typed = shown(client, address) | {"on": "", "organization": branch.pk}
    assert client.post(address, typed).status_code == 302
    file = DevelopmentFile.objects.get()
    assert (file.member, file.name, file.id_number) == (newcomer, "孙悦", newcomer.id_number)
    assert file.phone == "13912345678"


def test_a_second_file_for_the_same_member_is_refused(client, clerk, branch, newcomer):
    address = f"{ADD}?member={newcomer.pk}"
    typed = shown(client, address) | {"on": "", "organization": branch.pk}
    client.post(address, typed)
    again = shown(client, address) | {"on": "", "organization": branch.pk}
    [sentence] = errors(client.post(address, again))["id_number"]
    assert "There is an open file of" in sentence


def test_nobody_takes_over_a_member_whom_he_does_not_keep(client, clerk, branch):
    stranger = a_member(a_branch(), name="外人甲", kind="probationary", full_member_on=None)
    page = client.get(f"{ADD}?member={stranger.pk}")
    assert page.context["taken_over"] is None
    assert "外人甲" not in page.content.decode()
    for asked in ("x", "9" * 30, "0"):
        assert client.get(f"{ADD}?member={asked}").context["taken_over"] is None


def test_the_page_of_a_probationary_member_leads_to_his_file(client, clerk, branch, newcomer):
    page = client.get(form_of(newcomer))
    assert page.context["development"][1] == f"{ADD}?member={newcomer.pk}"
    typed = shown(client, page.context["development"][1])
    client.post(f"{ADD}?member={newcomer.pk}", typed | {"on": "", "organization": branch.pk})
    page = client.get(form_of(newcomer))
    assert page.context["development"][1] == page_of(DevelopmentFile.objects.get())
    full = a_member(branch, name="周正")
    assert client.get(form_of(full)).context["development"] is None
