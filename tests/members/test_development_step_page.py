"""One step of one file through its page: recorded, refused at its boxes, confirmed for a reason."""

from __future__ import annotations

import time
from datetime import date

import pytest

from members.models import Member, StepTaken
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import PASSWORD, a_member, a_user
from tests.members.development import VOTES, a_branch_that_develops, a_file, people_of
from tests.members.development_pages import (
    DAY,
    confirmed,
    errors,
    page_of,
    step_of,
    warnings,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]


@pytest.fixture
def branch():
    return a_branch_that_develops()


@pytest.fixture
def clerk(client, branch):
    """The clerk of the committee, who keeps its branches too."""
    user = a_user("committee_clerk", branch.parent, name="Clerk Li")
    client.force_login(user)
    return user


def last(file, step) -> StepTaken:
    return file.steps.in_force().filter(step=step).latest("pk")


@pytest.fixture
def applicant(branch):
    return a_file(branch)


def test_a_step_is_recorded_with_just_its_data(client, clerk, branch):
    file = a_file(branch, until="activist")
    page = client.get(step_of(file, "activist_filed"))
    assert list(page.context["form"].fields) == ["on", "document", "historical", "reason"]
    assert page.context["form"].initial["on"] == PartialDate(2026, 11, 20)

    answer = client.post(
        step_of(file, "activist_filed"), {"on": "2022.9.10", "document": "机委〔2022〕3号"}
    )
    assert (answer.status_code, answer.url) == (302, f"{page_of(file)}#step-activist_filed")
    row = last(file, "activist_filed")
    assert (row.taken_on, row.facts) == (PartialDate(2022, 9, 10), {"document": "机委〔2022〕3号"})
    assert row.entered_by == clerk


def test_everything_that_is_wrong_is_said_at_once_each_at_its_box(client, clerk, branch):
    file = a_file(branch, until="pre_review")
    typed = VOTES | {"on": "1990-01-01", "result": "", "votes_for": "20", "entitled": "十二"}
    found = errors(client.post(step_of(file, "assembly"), typed))
    assert set(found) == {"entitled", "on", "result", "votes_for", "reason"}
    assert found["entitled"] == ["“十二” is not a whole number. Write it in digits, such as 12."]
    assert found["on"][0] == "1990-01-01 is before the day of birth, 1996-08-09. Check both dates."
    assert found["result"] == ["“result” is missing. Enter it."]
    assert found["votes_for"] == [
        "21 votes, but only 11 present. Written opinions stand in their own field; count again."
    ]
    assert not file.steps.filter(step="assembly").exists()


def test_a_live_step_before_its_time_is_refused_with_the_day_from_which_it_is_possible(
    client, clerk, branch
):
    file = a_file(branch, until="cultivation")
    typed = {"on": "2023-08-31", "opinions": "一致同意"}
    [sentence] = errors(client.post(step_of(file, "object"), typed))["on"]
    assert sentence == (
        "“naming as an object of development” is possible from 2023-09-01, not on 2023-08-31; "
        "counted from “naming as an activist” (中国共产党发展党员工作细则 (2014), article 13). "
        "Wait for that day."
    )


def test_a_late_step_asks_for_its_reason_and_is_then_recorded(client, clerk, applicant):
    typed = {"on": "2022-05-01", "who": "赵建国"}
    refused = client.post(step_of(applicant, "first_talk"), typed)
    assert list(errors(refused)) == ["reason"]
    [warning] = warnings(refused)
    assert warning.startswith("“first talk” on 2022-05-01 came after 2022-04-01")

    typed |= {"reason": "支部换届", "confirmed": refused.context["form"].confirms}
    assert client.post(step_of(applicant, "first_talk"), typed).status_code == 302
    assert last(applicant, "first_talk").reason == "支部换届"


def test_a_warning_is_confirmed_before_anything_is_written(client, clerk, applicant):
    typed = {"on": "2022-05-01", "who": "赵建国", "reason": "支部换届"}
    asked = client.post(step_of(applicant, "first_talk"), typed)
    assert errors(asked) == {}
    assert asked.context["button"] == "Record all the same"
    assert not applicant.steps.filter(step="first_talk").exists()
    # The day was changed since: what is odd now has not been read.
    typed |= {"on": "2022-06-01", "confirmed": asked.context["form"].confirms}
    assert warnings(client.post(step_of(applicant, "first_talk"), typed))
    assert confirmed(client, step_of(applicant, "first_talk"), **typed).status_code == 302


def test_old_papers_may_have_no_day(client, clerk, applicant):
    typed = {"on": "", "historical": "on", "reason": "旧档案"}
    assert confirmed(client, step_of(applicant, "first_talk"), **typed).status_code == 302
    row = last(applicant, "first_talk")
    assert (row.taken_on, row.historical, row.reason) == (None, True, "旧档案")


def test_who_is_due_is_counted_where_the_box_is_empty(client, clerk, branch):
    file = a_file(branch, until="application_form")
    typed = VOTES | {
        "on": "2024-06-20", "due": "", "excused_bedridden": "1", "result": "agreed",
        "reason": "补录",
    }  # fmt: skip
    assert confirmed(client, step_of(file, "assembly"), **typed).status_code == 302
    facts = last(file, "assembly").facts
    assert (facts["entitled"], facts["due"]) == (12, 11)
    assert facts["excused"] == [{"reason": "bedridden"}]


@pytest.mark.parametrize(
    ("votes", "box", "sentence"),
    [
        pytest.param(
            {"present": "6", "votes_for": "6", "votes_against": "0"},
            "present",
            "6 of 12 are present; an assembly decides only with more than half of those due. "
            "Hold it again.",
            id="half of those due",
        ),
        pytest.param(
            {"votes_for": "6", "votes_against": "5"},
            "votes_for",
            "6 of 12 due are for it, written opinions included; more than half are needed. "
            "Record that the assembly did not agree.",
            id="half for it",
        ),
        pytest.param(
            {"due": "13"},
            "due",
            "12 entitled less 0 excused are 12, not 13 due. Count again.",
            id="due by another count",
        ),
        pytest.param(
            {"abstained": "-1"}, "abstained", "-1 is below 0. Enter 0 or more.", id="negative"
        ),
    ],
)
def test_votes_that_do_not_add_up_are_refused(client, clerk, branch, votes, box, sentence):
    file = a_file(branch, until="application_form")
    typed = VOTES | {"on": "2024-06-20", "result": "agreed", "reason": "补录"} | votes
    assert sentence in errors(client.post(step_of(file, "assembly"), typed))[box]
    assert not file.steps.filter(step="assembly").exists()


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        pytest.param(
            [0],
            "1 of the people named are full members and free to act; at least 2 are needed. "
            "Name another one.",
            id="one only",
        ),
        pytest.param([0, 0], "“赵建国” is named twice. Name somebody else.", id="the same twice"),
        pytest.param(
            [0, 2],
            "“周新” is no full member. Sponsors and mentors are full members; name somebody else.",
            id="a probationary one",
        ),
    ],
)
def test_sponsors_who_cannot_be_are_refused(client, clerk, branch, named, sentence):
    a_member(
        branch, name="周新", kind="probationary", joined_on=PartialDate(2026, 5, 1),
        full_member_on=None,
    )  # fmt: skip
    file = a_file(branch, until="object_filed")
    people = [*people_of(branch), {"member": Member.objects.get(name="周新").pk}]
    typed = {f"sponsors_{place}": people[one]["member"] for place, one in enumerate(named, 1)}
    answer = client.post(step_of(file, "sponsors"), typed | {"on": "2023-10-25"})
    assert sentence in errors(answer)["sponsors"]


def test_sponsors_are_chosen_from_the_register_or_named(client, clerk, branch):
    file = a_file(branch, until="object_filed")
    typed = {
        "on": "2023-10-25", "sponsors_1": people_of(branch)[1]["member"],
        "sponsors_2_name": "周国平", "sponsors_2_full": "on",
    }  # fmt: skip
    assert confirmed(client, step_of(file, "sponsors"), **typed).status_code == 302
    first, second = last(file, "sponsors").facts["sponsors"]
    assert (first["name"], first["full_member"]) == ("钱学礼", True)
    assert (second["name"], second["full_member"], second.get("member")) == ("周国平", True, None)


def test_nobody_is_named_whom_the_clerk_does_not_see(client, branch):
    client.force_login(a_user("branch_clerk", branch))
    stranger = a_member(name="外人甲")
    file = a_file(branch, until="object_filed")
    typed = {"on": "2023-10-25", "sponsors_1": stranger.pk, "sponsors_2": 10**17}
    found = errors(client.post(step_of(file, "sponsors"), typed))
    assert found["sponsors_1"] == found["sponsors_2"]
    assert not file.steps.filter(step="sponsors").exists()


def test_a_day_to_come_or_of_another_age_is_refused(client, clerk, applicant):
    url = step_of(applicant, "first_talk")
    future = client.post(url, {"on": "2026-11-21", "who": "赵建国"})
    assert (
        "2026-11-21 is still to come. Enter the step on the day on which it is taken."
        in errors(future)["on"]
    )
    far = client.post(url, {"on": "9999-12-31", "who": "赵建国"})
    assert errors(far)["on"] == ["9999-12-31 is no day of a file. Check the year."]


def test_an_approval_makes_the_person_a_member(client, clerk, branch):
    file = a_file(branch, until="committee_talk")
    typed = {"on": "2024-07-15", "result": "agreed", "document": "机委〔2024〕8号"}
    answer = confirmed(client, step_of(file, "approval"), **typed)
    assert answer.status_code == 302
    file.refresh_from_db()
    assert file.member.kind == "probationary"
    page = client.get(page_of(file)).content.decode()
    assert f"/members/member/{file.member_id}/change/" in page


def test_an_approval_without_the_right_or_the_assembly_is_refused(client):
    branch = a_branch_that_develops()
    type(branch).objects.filter(pk=branch.parent_id).update(approves_members=False)
    branch.refresh_from_db()
    client.force_login(a_user("committee_clerk", branch.parent))
    file = a_file(branch, until="sponsors")
    found = errors(client.post(step_of(file, "approval"), {"on": DAY, "result": "agreed"}))
    assert (
        "This organisation does not approve members. Send it to a committee that is entitled to."
        in found["__all__"]
    )
    assert any("assembly on admission" in each for each in found["__all__"])


def test_a_form_sent_twice_is_recorded_once(client, clerk, branch):
    file = a_file(branch, until="mentors")
    once = client.get(step_of(file, "cultivation")).context["once"]
    typed = {"on": "2023-02-20", "opinion": "表现良好", "once": once}
    for _time in range(2):
        assert client.post(step_of(file, "cultivation"), typed).status_code == 302
    assert file.steps.filter(step="cultivation").count() == 1


def test_what_was_typed_survives_an_ended_session(client, clerk, applicant):
    client.logout()
    login = {"username": clerk.username, "password": PASSWORD}
    client.post("/login/", login)
    session = client.session
    session["active"] = int(time.time()) - 900
    session.save()
    url = step_of(applicant, "first_talk")
    late = client.post(url, {"on": "2022-03-20", "who": "赵建国"})
    assert late.url.startswith("/login/?next=/development/files/")
    client.post(late.url, login)
    page = client.get(url).content.decode()
    assert 'value="2022-03-20"' in page
    assert 'value="赵建国"' in page
    assert "What you had typed before your session ended is back." in page
    assert not applicant.steps.filter(step="first_talk").exists()


def test_the_log_says_who_recorded_what_and_why(client, clerk, applicant):
    typed = {"on": "2022-05-01", "who": "赵建国", "reason": "支部换届"}
    confirmed(client, step_of(applicant, "first_talk"), **typed)
    entry = Entry.objects.about(last(applicant, "first_talk")).first()
    assert (entry.user, entry.reason) == (clerk, "支部换届")


def test_no_step_is_made_up(client, clerk, applicant):
    assert client.get(step_of(applicant, "no_such_step")).status_code == 404
    assert client.get(step_of(applicant, "local_x")).status_code == 404


def test_an_extension_says_its_months(client, clerk, branch):
    file = a_file(branch, until="full_application")
    typed = VOTES | {
        "on": "2025-06-25", "result": "extended", "extended_months": "5", "reason": "补录",
    }  # fmt: skip
    assert errors(client.post(step_of(file, "full_assembly"), typed))["extended_months"] == [
        "Probation is extended by 6 to 12 months, not by 5. Enter whole months."
    ]
    typed["extended_months"] = "6"
    assert confirmed(client, step_of(file, "full_assembly"), **typed).status_code == 302
    assert last(file, "full_assembly").facts["extended_months"] == 6
    assert date(2025, 6, 20) == file.probation_ends_on.first_day
