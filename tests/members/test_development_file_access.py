"""What is tried at the files of somebody else, and at steps that are not one's own."""

from __future__ import annotations

import pytest

from members.models import Attachment, SentBack, StepTaken
from tests.factories import TODAY, a_branch, a_user
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_pages import LIST, confirmed, errors, step_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]
PAGES = (
    LIST + "{file}/change/",
    LIST + "{file}/history/",
    LIST + "{file}/reveal/",
    "/development/files/{file}/steps/first_talk/",
    "/development/files/{file}/steps/approval/",
    "/development/files/{file}/steps/approval/send-back/",
    "/development/files/{file}/move/",
    "/development/files/{file}/stop/",
    "/development/files/{file}/resume/",
    "/development/files/{file}/mark-wrong/",
    "/development/files/{file}/attachments/",
    "/development/steps/{step}/withdraw/",
    "/development/returns/{returned}/answer/",
    "/development/attachments/{scan}/",
    "/development/attachments/{scan}/take-away/",
)
SECRETS = ("外人甲", "Foreign branch", "缺材料")


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一党支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


@pytest.fixture
def stranger():
    file = a_file(a_branch_that_develops(name="Foreign branch"), name="外人甲")
    SentBack.objects.create(file=file, step="activist_filed", reason="缺材料", sent_back_on=TODAY)
    Attachment.attach(file, "外人甲.pdf", b"%PDF-1.7", by=None, on=TODAY)
    return file


def keys_of(file, beyond: int = 0) -> dict[str, int]:
    return {
        "file": file.pk + beyond,
        "step": StepTaken.objects.get(file=file).pk + beyond,
        "returned": SentBack.objects.get(file=file).pk + beyond,
        "scan": Attachment.objects.get(file=file).pk + beyond,
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_a_foreign_file_and_one_that_never_was_get_the_same_answer(
    client, clerk, stranger, page, method
):
    here, never = keys_of(stranger), keys_of(stranger, beyond=1000)
    answers = [getattr(client, method)(page.format(**keys)) for keys in (here, never)]
    assert [answer.status_code for answer in answers] == [404, 404]
    contents = [
        answer.content.decode().replace(page.format(**keys), "")
        for answer, keys in zip(answers, (here, never), strict=True)
    ]
    assert contents[0] == contents[1]
    assert not any(secret in contents[0] for secret in SECRETS)


@pytest.mark.parametrize("page", PAGES)
def test_who_only_looks_changes_nothing(client, branch, page):
    file = a_file(branch)
    SentBack.objects.create(file=file, step="activist_filed", reason="补", sent_back_on=TODAY)
    Attachment.attach(file, "a.pdf", b"%PDF-1.7", by=None, on=TODAY)
    client.force_login(a_user("reader", branch))
    answer = client.post(page.format(**keys_of(file)), {"reason": "x", "on": "2026-11-20"})
    assert answer.status_code == 403
    assert file.steps.count() == 1


def test_the_clerk_of_a_branch_records_no_step_of_the_committee(client, clerk, branch):
    file = a_file(branch, until="activist")
    url = step_of(file, "activist_filed")
    page = client.get(url)
    assert page.context["form"].initial["historical"] is True
    assert f"{branch.parent} enters this step" in page.content.decode()
    assert errors(client.post(url, {"on": "2022-09-10"}))["__all__"] == [
        f"“filing of the activist” is entered by {branch.parent}. Ask a clerk there."
    ]
    typed = {"on": "2022-09-10", "historical": "on", "reason": "旧档案"}
    assert confirmed(client, url, **typed).status_code == 302


def test_an_approval_of_the_branch_from_old_papers_makes_nobody_a_member(client, clerk, branch):
    file = a_file(branch, until="committee_talk")
    typed = {"on": "2024-07-15", "result": "agreed", "historical": "on", "reason": "旧档案"}
    assert (
        "李晓梅 is not on the roll. An approval entered afterwards makes nobody a member: enter "
        "the member first, with the same ID number."
        in errors(client.post(step_of(file, "approval"), typed))["__all__"]
    )


def test_the_approver_of_a_committee_records_its_steps_and_no_step_of_the_branch(client, branch):
    file = a_file(branch, until="activist")
    client.force_login(a_user("approver", branch.parent))
    assert client.get(step_of(file, "first_talk")).status_code == 403
    assert client.post(step_of(file, "mentors"), {"on": "2022-09-10"}).status_code == 403
    answer = confirmed(client, step_of(file, "activist_filed"), on="2022-09-10")
    assert answer.status_code == 302


def test_the_list_and_its_filters_name_nobody_elsewhere(client, clerk, stranger):
    for question in ("", "?state=all", "?q=外人甲", "?q=wrj", f"?q={stranger.id_number}"):
        page = client.get(f"{LIST}{question}")
        assert page.status_code == 200
        assert not page.context["cl"].result_list
        assert "Foreign branch" not in page.content.decode()
    foreign = client.get(LIST, {"organization": stranger.organization_id})
    assert not foreign.context["cl"].result_list


@pytest.mark.parametrize(
    "question",
    ["id_digest__startswith=0", "phone=1", "organization__name__startswith=F", "x=y"],
)
def test_a_question_that_is_no_filter_narrows_nothing(client, clerk, branch, question):
    file = a_file(branch)
    page = client.get(f"{LIST}?{question}", follow=True)
    assert [each.pk for each in page.context["cl"].result_list] == [file.pk]


def test_the_choice_of_people_offers_ones_own_only(client, clerk, branch, stranger):
    asked = {
        "app_label": "members", "model_name": "developmentfile", "field_name": "member",
        "term": "赵建国",
    }  # fmt: skip
    found = client.get("/autocomplete/", asked).json()["results"]
    assert len(found) == 1, "the 赵建国 of the other branch is not offered"


def test_a_file_that_has_moved_away_is_gone(client, clerk, branch):
    file = a_file(branch)
    file.move_to(a_branch(branch.parent), TODAY, by=None)
    assert client.get(f"{LIST}{file.pk}/change/").status_code == 404
