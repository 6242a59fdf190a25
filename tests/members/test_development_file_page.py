"""The list of files and one person's file: what stands there, for whom, and what it leads to."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import DevelopmentFile
from registry.models import Entry
from registry.models.log import Action
from tests.factories import TODAY, a_user
from tests.members.development import a_branch_that_develops, a_file, go_on
from tests.members.development_pages import LIST, course_of, lines, page_of, step_of
from tests.members.filled_in import errors as form_errors
from tests.members.filled_in import save, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]
ACTIVIST = {"until": "mentors"}


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一党支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("committee_clerk", branch.parent, name="Clerk Li")
    client.force_login(user)
    return user


def names(answer) -> list[str]:
    assert answer.status_code == 200
    return [file.name for file in answer.context["cl"].result_list]


# The list


@pytest.mark.parametrize("text", ["李晓梅", "李", "lxm", "lixiaomei", "13912345678", "{id}"])
def test_the_search_finds_a_file_by_name_pinyin_phone_and_id_number(client, clerk, branch, text):
    file = a_file(branch, phone="13912345678")
    a_file(branch, name="王芳")
    page = client.get(LIST, {"q": text.format(id=file.id_number)})
    assert names(page) == ["李晓梅"]


def test_a_search_for_a_protected_value_is_logged(client, clerk, branch):
    client.get(LIST, {"q": "13912345678"})
    [entry] = Entry.objects.filter(action=Action.SEARCH)
    assert entry.changes == [["phone", "", "139****5678"]]


def test_the_list_shows_open_files_and_by_the_filter_the_others(client, clerk, branch):
    a_file(branch, name="甲一")
    a_file(branch, name="乙二").stop("withdrawn", "", TODAY, by=None)
    a_file(branch, name="丙三").mark_wrong("重复录入")
    assert names(client.get(LIST)) == ["甲一"]
    assert names(client.get(LIST, {"state": "stopped"})) == ["乙二"]
    assert names(client.get(LIST, {"state": "wrong"})) == ["丙三"]
    assert len(names(client.get(LIST, {"state": "all"}))) == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"standing": "applicant"}, ["甲一"]),
        ({"standing": "activist"}, ["乙二"]),
        ({"stage": "activist"}, ["乙二"]),
        ({"step": "first_talk"}, ["甲一"]),
        ({"deadline": "overdue"}, ["甲一", "乙二"]),
        ({"sex": "M"}, []),
        ({"front_line": "1"}, ["乙二"]),
        ({"age_to": "25"}, []),
    ],
)
def test_the_filters_narrow_by_standing_stage_and_what_is_waited_for(
    client, clerk, branch, asked, found
):
    a_file(branch, name="甲一")
    a_file(branch, name="乙二", front_line=True, **ACTIVIST)
    assert names(client.get(LIST, asked)) == found


def test_each_sees_what_waits_for_him(client, branch):
    a_file(branch, name="甲一")  # the talk is the branch's
    filing = a_file(branch, name="乙二", until="activist")  # the filing is the committee's
    go_on(filing, "mentors", "cultivation")
    client.force_login(a_user("approver", branch.parent))
    assert names(client.get(LIST, {"mine": "1"})) == ["乙二"]


def test_the_list_says_what_comes_next_by_when_and_for_whom(client, clerk, branch):
    a_file(branch)
    html = client.get(LIST).content.decode()
    assert "First talk" in html or "first talk" in html
    assert '<span class="badge bad">2022-04-01</span>' in html


def test_the_questions_of_the_list_do_not_grow_with_its_rows(client, clerk, branch):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    a_file(branch)
    count()
    one = count()
    for name in ("甲一", "乙二", "丙三"):
        a_file(branch, name=name)
    assert count() == one


def test_the_list_goes_out_as_a_sheet(client, clerk, branch):
    a_file(branch)
    page = client.get(f"{LIST}export/")
    assert page.status_code == 200
    assert "下一步骤" in page.content.decode(), "in the columns of the registers that come in"


# The file


def test_all_steps_stand_in_five_stages_with_state_and_days(client, clerk, branch):
    file = a_file(branch, until="activist")
    page = client.get(page_of(file))
    parts = page.context["timeline"].parts
    assert [part.label for part in parts] == [
        "Application for membership",
        "Activists",
        "Objects of development",
        "Acceptance as a probationary member",
        "Probation and full membership",
    ]
    found = lines(page)
    assert len(found) >= 25
    assert found["first_talk"].state == "done"
    assert found["activist_filed"].is_next
    assert found["approval"].state == "blocked"
    assert found["approval"].acts == "committee"
    assert found["object"].planned.possible_from.isoformat() == "2023-09-01"
    html = page.content.decode()
    for text in ("2022-03-20", "赵建国", "entered on 2026-11-20", "from 2023-09-01"):
        assert text in html


def test_a_step_that_is_late_is_overdue_and_one_that_was_late_says_so(client, clerk, branch):
    file = a_file(branch)
    assert lines(client.get(page_of(file)))["first_talk"].state == "overdue"
    file.record("first_talk", "2022-05-01", {"who": "赵建国"}, by=None, today=TODAY, reason="补录")
    [[sentence, is_error]] = lines(client.get(page_of(file)))["first_talk"].faults
    assert sentence.startswith("“first talk” on 2022-05-01 came after 2022-04-01")
    assert not is_error


def test_gaps_and_days_out_of_order_are_shown(client, clerk, branch):
    file = a_file(branch, until="activist", without=("first_talk",))
    file.record(
        "first_talk", "2022-12-01", {"who": "赵建国"}, by=None, today=TODAY,
        historical=True, reason="旧档案",
    )  # fmt: skip
    skipped = a_file(branch, name="王芳", until="activist", without=("first_talk",))
    assert any(
        "which follows it" in sentence or "which it follows" in sentence
        for line in lines(client.get(page_of(file))).values()
        for sentence, _error in line.faults
    )
    line = lines(client.get(page_of(skipped)))["first_talk"]
    assert line.state == "missing"
    assert line.faults[0][0] == (
        "“first talk” is not recorded, though later steps are. Enter it from the papers, or leave "
        "the gap with a reason."
    )
    assert line.enter == step_of(skipped, "first_talk")


def test_the_protected_values_are_masked_until_they_are_revealed(client, clerk, branch):
    file = a_file(branch, phone="13912345678")
    html = client.get(page_of(file)).content.decode()
    assert file.id_number not in html
    assert "13912345678" not in html
    answer = client.post(f"{LIST}{file.pk}/reveal/", {"reason": "核对档案"})
    assert file.id_number in answer.content.decode()
    assert Entry.objects.about(file).filter(action=Action.REVEAL).exists()


def test_what_the_clerk_corrects_in_the_person_is_saved(client, clerk, branch):
    file = a_file(branch)
    kept = file.id_number
    answer = save(client, page_of(file), job_title="财政局一级主任科员")
    assert (answer.status_code, answer.url) == (302, page_of(file))
    file.refresh_from_db()
    assert file.job_title == "财政局一级主任科员"
    assert file.id_number == kept  # an empty box means unchanged


def test_two_clerks_at_one_file_lose_no_typing(client, clerk, branch):
    file = a_file(branch)
    opened = shown(client, page_of(file))
    other = DevelopmentFile.objects.get(pk=file.pk)
    other.job_title = "副主任"
    other.correct(TODAY)
    answer = client.post(page_of(file), opened | {"job_title": "主任"})
    assert [each.name for each in answer.context["conflicts"]] == ["job_title"]
    file.refresh_from_db()
    assert file.job_title == "副主任"


def test_an_id_number_of_another_open_file_is_refused(client, clerk, branch):
    first, second = a_file(branch, name="甲一"), a_file(branch, name="乙二")
    answer = client.post(
        page_of(second), shown(client, page_of(second)) | {"id_number": first.id_number}
    )
    [sentence] = form_errors(answer)["id_number"]
    assert "甲一" in sentence
    assert page_of(first) in sentence


def test_a_stopped_file_says_why_and_offers_to_go_on(client, clerk, branch):
    file = a_file(branch)
    file.stop("left_unit", "调往省厅", TODAY, by=None)
    page = client.get(page_of(file))
    html = page.content.decode()
    assert "Stopped on 2026-11-20: left the unit" in html
    assert "调往省厅" in html
    assert {each["url"] for each in page.context["courses"]} >= {course_of(file, "resume")}
    assert not any(line.enter for line in lines(page).values())


def test_the_history_tells_of_the_steps_too(client, clerk, branch):
    file = a_file(branch, until="first_talk")
    html = client.get(f"{LIST}{file.pk}/history/").content.decode()
    assert "step taken" in html.lower()
    assert "赵建国" in html


def test_a_reader_sees_the_file_and_no_way_to_change_it(client, branch):
    client.force_login(a_user("reader", branch))
    file = a_file(branch, until="activist")
    page = client.get(page_of(file))
    assert page.status_code == 200
    assert page.context["courses"] == []
    assert not any(line.enter or line.send_back for line in lines(page).values())
    assert not any(each.withdraw for line in lines(page).values() for each in line.taken)
    assert file.id_number not in page.content.decode()


def test_the_clerk_of_a_branch_sees_what_waits_for_the_committee(client, branch):
    client.force_login(a_user("branch_clerk", branch))
    file = a_file(branch, until="activist")
    line = lines(client.get(page_of(file)))["activist_filed"]
    assert line.organization == branch.parent
    assert not line.is_next
    assert line.enter  # from old papers


def test_a_file_of_a_year_without_holidays_marks_its_days_as_provisional(client, clerk, branch):
    file = a_file(branch, until="activist", rule_set="2026-05")
    far = TODAY.replace(year=2040)
    file.record(
        "object_notice", "2039-12-20", {"until": "2039-12-30"}, by=None, today=far, reason="补录"
    )
    line = lines(client.get(page_of(file)))["object"]
    assert line.planned.provisional
    assert "provisional" in client.get(page_of(file)).content.decode()


def test_a_file_of_a_branch_under_a_general_branch_shows_its_deliberation(client, branch):
    file = a_file(branch)
    client.force_login(a_user("reader", branch))
    assert lines(client.get(page_of(file)))["deliberation"].state == "not_needed"


def test_an_empty_list_says_what_to_do_first(client, clerk):
    html = client.get(LIST).content.decode()
    assert "There is no open file yet. Open one when somebody applies" in html
