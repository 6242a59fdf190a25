"""The lists, notices and reports of a year: who stands on them, in which order, as far as seen."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import DevelopmentFile, Occasion, StepTaken
from members.papers.development.kinds import OF_ORGANIZATIONS
from members.papers.development.lists import ACCEPTED, ACTIVISTS, APPLICANTS, BECAME_FULL, OBJECTS
from members.papers.kinds import PAPERS
from members.papers.printing import print_paper
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.papers.writing import DOCX, HTML, PDF, XLSX
from tests.factories import a_branch, a_member, a_user
from tests.members.development import TODAY, a_file, an_approving_committee
from tests.members.development_papers import letter_text, made_of, word_text
from tests.members.papers import asked, column, headings, made, names, rows, text_of

pytestmark = pytest.mark.django_db
KEYS = [paper.key for paper in OF_ORGANIZATIONS]
LETTERS = [paper.key for paper in OF_ORGANIZATIONS if DOCX in paper.forms]


@pytest.fixture
def committee():
    return an_approving_committee(name="中共某局机关委员会", short_name="某局机关党委")


def developing(committee, name="中共某局第一支部委员会", short_name="一支部"):
    branch = a_branch(committee, name=name, short_name=short_name)
    a_member(branch, name="赵建国")
    a_member(branch, name="钱学礼")
    return branch


@pytest.fixture
def branch(committee):
    return developing(committee)


def on_day(key, organization, day, **more):
    return names(key, organization, day, more=more)


# Who stands on the lists of stages


@pytest.mark.parametrize(
    ("key", "day", "listed"),
    [
        ("applicants", date(2022, 2, 28), False),
        ("applicants", date(2022, 3, 1), True),
        ("applicants", date(2022, 8, 31), True),
        ("applicants", date(2022, 9, 1), False),
        ("activists", date(2022, 8, 31), False),
        ("activists", date(2022, 9, 1), True),
        ("activists", date(2023, 10, 7), True),
        ("activists", date(2023, 10, 8), False),
        ("development_objects", date(2023, 10, 8), True),
        ("development_objects", date(2024, 7, 14), True),
        ("development_objects", date(2024, 7, 15), False),
    ],
)
def test_a_person_stands_on_one_list_at_a_time(branch, key, day, listed):
    a_file(branch, until="approval")

    assert on_day(key, branch, day) == (["李晓梅"] if listed else [])


def test_the_list_of_a_year_that_is_over_is_made_as_at_its_end(branch):
    a_file(branch, until="approval")

    assert on_day("activists", branch, TODAY, year=2022, which="standing") == ["李晓梅"]
    assert on_day("activists", branch, TODAY, year=2023, which="standing") == []
    paper = made("activists", branch, more={"year": 2022, "which": "standing"})
    assert paper.title == "一支部2022年度入党积极分子名册"
    assert column(paper, "object_on") == [] if "object_on" in rows(paper)[0] else True


@pytest.mark.parametrize(
    ("key", "year"), [("applicants", 2022), ("activists", 2022), ("development_objects", 2023)]
)
def test_who_became_so_in_the_year_stands_on_the_other_list(branch, key, year):
    a_file(branch, until="approval")

    assert on_day(key, branch, TODAY, year=year, which="new") == ["李晓梅"]
    assert on_day(key, branch, TODAY, year=year + 1, which="new") == []
    title = made(key, branch, more={"year": year, "which": "new"}).title
    assert title.startswith(f"一支部{year}年度新")


def test_who_was_accepted_counts_in_the_year_of_the_approval(branch):
    a_file(branch, until="approval")
    refused = {"approval": {"result": "refused"}}
    a_file(branch, name="周正", until="approval", changed=refused)

    assert on_day("newly_accepted", branch, TODAY, year=2024) == ["李晓梅"]
    assert on_day("newly_accepted", branch, TODAY, year=2023) == []
    [row] = rows(made("newly_accepted", branch, more={"year": 2024}))
    assert (row["assembly_on"], row["approval_on"]) == ("2024.06.20", "2024.07.15")
    assert row["form_number"] == "3301000017"
    assert row["sponsors"] == "赵建国、钱学礼"


def test_who_became_a_full_member_and_not_whose_probation_was_extended(branch):
    a_file(branch, until="full_approval")
    extended = {"full_assembly": {"result": "extended", "extended_months": 6}}
    a_file(branch, name="周正", until="full_approval", changed=extended)

    assert on_day("became_full", branch, TODAY, year=2025) == ["李晓梅"]
    [row] = rows(made("became_full", branch, more={"year": 2025}))
    assert row["full_member_on"] == "2025.06.20"


def test_a_stopped_file_stands_on_no_list_from_that_day(branch):
    file = a_file(branch, until="activist")
    file.stop("withdrawn", "", date(2023, 5, 1), by=None)

    assert on_day("activists", branch, date(2023, 4, 30)) == ["李晓梅"]
    assert on_day("activists", branch, date(2023, 5, 1)) == []


def test_a_withdrawn_step_and_a_file_made_by_mistake_stand_on_no_list(branch):
    wrong, withdrawn = a_file(branch), a_file(branch, name="周正", until="first_talk")
    a_file(branch, name="吴敏", until="activist")
    wrong.mark_wrong("twice")
    step = withdrawn.record(
        "activist", date(2022, 9, 1), {"recommendation": "members"}, by=None, today=TODAY
    )
    withdrawn.withdraw(step, "wrong person", by=None, on=TODAY)

    assert on_day("activists", branch, TODAY) == ["吴敏"]
    assert on_day("applicants", branch, TODAY) == ["周正"]


def test_a_year_that_has_not_begun_is_a_sentence(branch):
    with pytest.raises(ValidationError) as error:
        made("activists", branch, more={"year": 2027, "which": "standing"})
    assert error.value.messages == ["2027 has not begun on 2026-11-20. Choose an earlier year."]


# How they look


def test_a_committee_has_its_branches_one_below_the_other(committee, branch):
    other = developing(committee, "中共某局第二支部委员会", "二支部")
    a_file(other, name="周正", until="activist")
    a_file(branch, until="activist")

    paper = made("activists", committee)

    assert list(headings(paper)) == [
        "中共某局第一支部委员会（1人）",
        "中共某局第二支部委员会（1人）",
    ]
    assert column(paper, "number") == ["1", "2"]
    assert paper.count_line == "共2人"


def test_numbers_are_masked_unless_asked_for_in_full(branch):
    file = a_file(branch, until="approval", phone="13800001234")
    [masked] = column(made("newly_accepted", branch, more={"year": 2024}), "id_number")
    full = made("newly_accepted", branch, more={"year": 2024}, in_full=True)

    assert masked == f"{'*' * 15}{file.id_number[-3:]}"
    assert column(full, "id_number") == [file.id_number]
    assert full.footer.endswith("含完整身份证号码")


@pytest.mark.parametrize("key", KEYS)
def test_an_organisation_without_files_prints_every_paper(branch, key):
    text = text_of(key, branch)

    assert text.startswith("一支部") or "一支部" in text
    assert "None" not in text
    for form in PAPERS[key].forms:
        assert print_paper(PAPERS[key], branch, asked(), form).data


@pytest.mark.parametrize("paper", [APPLICANTS, ACTIVISTS, OBJECTS, ACCEPTED, BECAME_FULL])
def test_sixty_people_stand_on_one_list_in_every_form(branch, paper):
    first = a_file(branch, until="full_approval")
    many(first, 59)
    year = {"applicants": 2022, "activists": 2022, "development_objects": 2023}.get(paper.key)
    more = {"year": year or (2024 if paper is ACCEPTED else 2025), "which": "new"}

    made_paper = paper.make(branch, asked(more=more))

    assert made_paper.count == 60
    for form in (PDF, XLSX, HTML):
        assert print_paper(paper, branch, asked(more=more), form).data
    assert "第1页共" in text_of(paper.key, branch, more=more)


def many(file: DevelopmentFile, how_many: int) -> None:
    """Copies of a file with all of its steps, written at once."""
    steps = list(file.steps.all())
    for number in range(how_many):
        copy = DevelopmentFile.objects.get(pk=file.pk)
        copy.pk, copy.name, copy.id_number, copy.member = None, f"王小{number}", "", None
        copy._state.adding = True
        copy.save()
        for step in steps:
            step.pk, step.file = None, copy
        StepTaken.objects.bulk_create(steps)


def test_many_people_ask_the_database_as_often_as_one(branch):
    file = a_file(branch, until="approval")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            made("newly_accepted", branch, more={"year": 2024})
        return len(captured)

    few = queries()
    many(file, 20)
    assert queries() == few


# Classes, votes, pre-review


def test_each_class_of_the_year_has_a_page_with_its_people(branch):
    files = [a_file(branch, name=name, until="political_review") for name in ("李一", "李二")]
    facts = {"days": 3, "hours": 24, "place": "市委党校"}
    Occasion.hold(
        "training", branch.parent, date(2024, 3, 5), facts,
        [(file, {"result": "合格"}, "补录") for file in files], by=None, today=TODAY,
    )  # fmt: skip
    a_file(branch, name="周正", until="training")

    paper = made("training_class", branch, more={"year": 2024, "whose": "object"})

    assert paper.title == "一支部2024年度发展对象培训班学员名册"
    assert paper.page_per_section
    heads = list(headings(paper))
    assert len(heads) == 2
    assert "2024.03.05　主办：中共某局机关委员会　地点：市委党校　2人" in heads
    assert {(row["name"], row["lasted"]) for row in rows(paper)} == {
        ("李一", "3天24学时"), ("李二", "3天24学时"), ("周正", "3天"),
    }  # fmt: skip


def test_a_review_is_a_class_only_where_days_or_hours_were_recorded(branch):
    a_file(branch, until="cultivation")
    a_file(branch, name="周正", until="cultivation", changed={"cultivation": {"days": 2}})

    more = {"year": 2023, "whose": "activist"}
    assert names("training_class", branch, more=more) == ["周正"]


def test_every_vote_of_the_year_is_a_line(branch):
    a_file(branch, until="full_assembly")

    [admission] = rows(made("vote_results", branch, more={"year": 2024}))
    assert (admission["subject"], admission["result"]) == ("接收预备党员", "同意")
    assert (admission["due"], admission["present"], admission["agreed"]) == ("12", "11", "10")
    [full] = rows(made("vote_results", branch, more={"year": 2025}))
    assert (full["subject"], full["result"]) == ("预备党员转正", "按期转正")


@pytest.mark.parametrize(("half", "listed"), [("", True), ("1", True), ("2", False)])
def test_the_pre_review_list_is_that_of_a_year_or_half_of_it(branch, half, listed):
    a_file(branch, until="branch_review")

    more = {"year": 2024, "half": half}
    assert names("pre_review_list", branch, more=more) == (["李晓梅"] if listed else [])


# Reports and notices


def test_a_report_names_its_people_and_has_their_list_behind_it(branch):
    for name in ("李一", "李二", "李三", "李四"):
        a_file(branch, name=name, until="activist")
    more = {"year": 2022}

    letter = made_of("activists_report", branch, more=more)

    assert letter_text("activists_report", branch, more=more).split("\n") == [
        "一支部关于入党积极分子备案的报告",
        "〔2026〕　　号",
        "中共某局机关委员会",
        (
            "2022年9月1日，经党员推荐（群团组织推优），党支部委员会研究，确定李一、李二、李三等4"
            "名同志为入党积极分子。按照发展党员工作有关规定，现将有关情况报上，请予备案。"
        ),
        "特此报告。",
        "中共某局第一支部委员会",
        "2026年11月20日",
    ]
    assert [row[1] for row in letter.annex.table.rows] == ["李一", "李二", "李三", "李四"]
    for text in (
        text_of("activists_report", branch, more=more),
        word_text("activists_report", branch, more=more),
    ):
        assert "附件：入党积极分子备案名册" in text
        assert "2022.09.01" in text


def test_a_report_of_one_day_leaves_the_others_out(branch):
    a_file(branch, until="activist")
    another = a_file(branch, name="周正", until="first_talk")
    facts = {"recommendation": "members"}
    another.record("activist", date(2022, 10, 8), facts, by=None, today=TODAY)

    both = made_of("activists_report", branch, more={"year": 2022})
    one = made_of("activists_report", branch, more={"year": 2022, "held_on": date(2022, 10, 8)})

    assert both.paragraphs[0].startswith("2022年以来，经")
    assert [row[1] for row in one.annex.table.rows] == ["周正"]
    assert one.paragraphs[0].startswith("2022年10月8日，经")


def test_the_committee_reports_whom_it_has_accepted(committee, branch):
    a_file(branch, until="approval")
    text = letter_text("accepted_report", committee, more={"year": 2024})

    assert text.startswith("某局机关党委关于预备党员备案的报告\n")
    assert "接收李晓梅同志为中共预备党员。" in text
    assert text.endswith("中共某局机关委员会\n2026年11月20日")


def test_sixty_people_are_behind_one_report_in_both_forms(branch):
    many(a_file(branch, until="activist"), 59)
    more = {"year": 2022}

    assert "王小58" in text_of("activists_report", branch, more=more)
    assert "王小58" in word_text("activists_report", branch, more=more)


def test_the_notice_of_many_is_that_of_the_last_day_or_of_the_one_asked_for(branch):
    for name, day in (("李一", 20), ("李二", 20), ("周正", 27)):
        file = a_file(branch, name=name, until="cultivation")
        until = {"until": "2023-10-07"}
        file.record("object_notice", date(2023, 9, day), until, by=None, today=TODAY, reason="补录")

    assert "拟确定周正同志为发展对象。" in letter_text("object_notices", branch)
    asked_for = letter_text("object_notices", branch, more={"held_on": date(2023, 9, 20)})
    assert "拟确定李一、李二等2名同志为发展对象。" in asked_for
    assert asked_for.startswith("一支部关于拟确定发展对象的公示\n")


# Who sees whom


@pytest.mark.parametrize("key", KEYS)
def test_nobody_of_another_branch_stands_on_a_paper(committee, branch, key):
    """Also where the organisation itself may be printed, the files are those of the reader."""
    other = developing(committee, "中共某局第二支部委员会", "二支部")
    a_file(other, name="周正", until="archive")
    a_file(branch, until="archive")
    reader = a_user("branch_clerk", branch)
    fields = PAPERS[key].questions.base_fields

    for year in (2022, 2023, 2024, 2025):
        more = {"year": year} if "year" in fields else {}
        said = list(PAPERS[key].make(committee, asked(reader=reader, more=more)).texts())
        assert not any("周正" in text for text in said)


def test_more_people_than_a_paper_has_room_for_is_a_sentence(branch, monkeypatch):
    monkeypatch.setattr("members.papers.development.lines.MOST", 1)
    a_file(branch)
    a_file(branch, name="周正")

    for key in ("applicants", "vote_results"):
        if key == "applicants":
            with pytest.raises(ValidationError) as error:
                made(key, branch)
            assert error.value.messages == [
                "More than 1 people of 一支部. Choose an organisation below it."
            ]


def test_a_step_whose_day_nobody_knows_counts_as_taken(branch):
    file = a_file(branch, until="activist")
    StepTaken.objects.filter(file=file, step="activist").update(taken_on=None)
    StepTaken.objects.filter(file=file, step="application").update(taken_on=PartialDate(2022))

    [row] = rows(made("activists", branch, TODAY, OPERATOR))
    assert (row["name"], row["activist_on"], row["application_on"]) == ("李晓梅", "", "2022")
