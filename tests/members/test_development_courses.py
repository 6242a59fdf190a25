"""What happens to a file beside its steps: withdrawn, sent back, moved, stopped, taken up again."""

from __future__ import annotations

import pytest

from members.models import DevelopmentFile, SentBack
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_user
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_pages import (
    LIST,
    course_of,
    errors,
    lines,
    page_of,
    withdrawal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一党支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("committee_clerk", branch.parent, name="Clerk Li")
    client.force_login(user)
    return user


def send_back_of(file, step: str) -> str:
    return f"/development/files/{file.pk}/steps/{step}/send-back/"


def test_a_wrong_step_is_withdrawn_for_a_reason_and_stays_in_sight(client, clerk, branch):
    file = a_file(branch, until="first_talk")
    row = file.steps.get(step="first_talk")
    url = withdrawal_of(row)
    assert errors(client.post(url, {"reason": " "})) == {
        "reason": ["Say why the step is withdrawn."]
    }
    answer = client.post(url, {"reason": "填错了人"})
    assert (answer.status_code, answer.url) == (302, f"{page_of(file)}#step-first_talk")
    line = lines(client.get(page_of(file)))["first_talk"]
    assert (line.state, line.taken) == ("overdue", [])
    assert [each.withdrawal_reason for each in line.withdrawn] == ["填错了人"]
    assert "填错了人" in client.get(page_of(file)).content.decode()


def test_a_withdrawn_approval_takes_the_member_out_of_the_register(client, clerk, branch):
    file = a_file(branch, until="approval")
    member = file.member
    client.post(withdrawal_of(file.steps.get(step="approval")), {"reason": "批错了"})
    member.refresh_from_db()
    assert member.wrong_entry
    file.refresh_from_db()
    assert (file.member, file.standing) == (None, "object")


def test_the_application_is_not_withdrawn(client, clerk, branch):
    row = a_file(branch).steps.get()
    assert errors(client.post(withdrawal_of(row), {"reason": "填错"}))["__all__"] == [
        "A file begins with its application. Mark the file as a wrong entry."
    ]


def test_a_file_is_sent_back_and_answered(client, branch):
    file = a_file(branch, until="activist")
    committee, keeper = a_user("approver", branch.parent), a_user("branch_clerk", branch)
    client.force_login(committee)
    line = lines(client.get(page_of(file)))["activist_filed"]
    assert line.send_back == send_back_of(file, "activist_filed")
    assert errors(client.post(line.send_back, {"reason": ""})) == {
        "reason": ["Say what the branch has to mend."]
    }
    assert client.post(line.send_back, {"reason": "缺会议记录"}).status_code == 302
    returned = SentBack.objects.get()

    client.force_login(keeper)
    page = client.get(page_of(file))
    line = lines(page)["activist_filed"]
    assert "缺会议记录" in page.content.decode()
    assert line.answer == f"/development/returns/{returned.pk}/answer/"
    assert errors(client.post(line.answer, {"answer": ""})) == {
        "answer": ["Say what has been mended."]
    }
    assert client.post(line.answer, {"answer": "已补"}).status_code == 302
    returned.refresh_from_db()
    assert (returned.answer, returned.answered_by) == ("已补", keeper)


def test_a_step_of_the_branch_is_not_sent_back(client, clerk, branch):
    file = a_file(branch)
    assert lines(client.get(page_of(file)))["first_talk"].send_back == ""


def test_a_file_is_stopped_with_a_reason_and_started_again(client, clerk, branch):
    file = a_file(branch)
    url = course_of(file, "stop")
    assert errors(client.post(url, {"stop_reason": "other", "on": str(TODAY)})) == {
        "stop_note": ["Say which other reason it is."]
    }
    assert errors(client.post(url, {"stop_reason": "withdrawn", "on": "2021-01-01"})) == {
        "on": ["The file began on 2022-03-01 and cannot be stopped before, on 2021-01-01."]
    }
    assert list(errors(client.post(url, {"stop_reason": "", "on": str(TODAY)}))) == ["stop_reason"]
    assert client.post(url, {"stop_reason": "withdrawn", "on": str(TODAY)}).status_code == 302
    file.refresh_from_db()
    assert (file.stopped_on, file.deadlines.count()) == (TODAY, 0)

    url = course_of(file, "resume")
    assert errors(client.post(url, {"on": str(TODAY), "reason": ""})) == {
        "reason": ["Say why the file goes on."]
    }
    assert client.post(url, {"on": str(TODAY), "reason": "本人重新申请"}).status_code == 302
    file.refresh_from_db()
    assert file.is_open
    assert Entry.objects.about(file).first().reason == "本人重新申请"


def test_a_day_to_come_is_no_day_to_stop_on(client, clerk, branch):
    typed = {"stop_reason": "withdrawn", "on": "2026-11-21"}
    assert errors(client.post(course_of(a_file(branch), "stop"), typed)) == {
        "on": ["2026-11-21 is still to come. Enter it on that day."]
    }


def test_a_file_goes_to_another_branch(client, clerk, branch):
    file, target = a_file(branch), a_branch(branch.parent, name="第二党支部")
    typed = {"organization": target.pk, "on": str(TODAY), "reason": "岗位调整"}
    assert client.post(course_of(file, "move"), typed).status_code == 302
    file.refresh_from_db()
    assert file.organization == target
    assert file.standing == "applicant"


def test_a_clerk_of_one_branch_moves_a_file_out_of_his_sight(client, branch):
    client.force_login(a_user("branch_clerk", branch))
    file, target = a_file(branch), a_branch(branch.parent, name="第二党支部")
    typed = {"organization": target.pk, "on": str(TODAY)}
    answer = client.post(course_of(file, "move"), typed)
    assert (answer.status_code, answer.url) == (302, LIST)
    assert client.get(page_of(file)).status_code == 404


def test_a_file_does_not_go_where_the_clerk_may_send_nobody(client, clerk, branch):
    file = a_file(branch)
    answer = client.post(course_of(file, "move"), {"organization": a_branch().pk, "on": str(TODAY)})
    assert list(errors(answer)) == ["organization"]
    file.refresh_from_db()
    assert file.organization == branch


def test_a_wrong_entry_counts_nowhere_and_its_number_is_free(client, clerk, branch):
    file = a_file(branch)
    assert errors(client.post(course_of(file, "mark-wrong"), {"reason": ""})) == {
        "reason": ["Say why the entry was wrong."]
    }
    assert client.post(course_of(file, "mark-wrong"), {"reason": "重复"}).status_code == 302
    file.refresh_from_db()
    assert file.wrong_entry
    assert "Wrong entry: 重复" in client.get(page_of(file)).content.decode()
    a_file(branch, id_number=file.id_number)
    assert DevelopmentFile.objects.open().count() == 1
