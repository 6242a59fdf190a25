"""The letters and forms of one person's file: what the register knows, and room for the rest."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import StepTaken
from members.papers.development.kinds import OF_FILES
from members.papers.kinds import PAPERS
from registry.papers.catalogue import About
from registry.papers.writing import DOCX
from tests.factories import a_branch, a_member
from tests.members.development import (
    VOTES,
    a_branch_that_develops,
    a_file,
    an_approving_committee,
    the_way,
)
from tests.members.development_papers import boxes_of, letter_text, made_of, word_text
from tests.members.papers import text_of

pytestmark = pytest.mark.django_db
KEYS = [paper.key for paper, _step in OF_FILES]
WORD = [paper.key for paper, _step in OF_FILES if DOCX in paper.forms]
VOTED = {
    "assembly": {
        "place": "三楼会议室",
        "chair": "赵建国",
        "recorder": "钱学礼",
        "entitled": 12,
        "excused": [{"reason": "bedridden"}],
        "due": 11,
        "present": 9,
        "written_for": 1,
        "votes_for": 8,
        "votes_against": 1,
    }
}


@pytest.fixture
def branch():
    committee = an_approving_committee(name="中共某局机关委员会", short_name="某局机关党委")
    branch = a_branch(committee, name="中共某局第一支部委员会", short_name="一支部")
    a_member(branch, name="赵建国")
    a_member(branch, name="钱学礼")
    return branch


def test_there_is_a_paper_for_every_stage_of_a_file():
    assert {PAPERS[key].about for key in KEYS} == {About.FILE}
    assert KEYS == [
        "development_record",
        "file_contents",
        "first_talk_record",
        "cultivation_form",
        "object_notice",
        "political_review_letter",
        "political_review_report",
        "pre_review_request",
        "admission_votes",
        "admission_resolution",
        "committee_talk_record",
        "admission_request",
        "admission_reply",
        "full_notice",
        "full_votes",
        "full_resolution",
        "full_request",
        "full_reply",
    ]


@pytest.mark.parametrize("key", KEYS)
def test_a_new_file_prints_every_paper_with_room_and_without_a_word_of_the_machine(branch, key):
    file = a_file(branch, native_place="", education="", born_on=None, sex="", ethnicity="")

    text = text_of(key, file)

    assert "李晓梅" in text
    assert "None" not in text
    assert "{" not in text


@pytest.mark.parametrize("key", WORD)
def test_every_letter_and_form_can_be_edited(branch, key):
    new, whole = a_file(branch), a_file(branch, name="周正", until="archive")

    for file in (new, whole):
        text = word_text(key, file)
        assert file.name in text
        assert "None" not in text


@pytest.mark.parametrize("key", KEYS)
def test_a_file_made_by_mistake_has_no_papers(branch, key):
    file = a_file(branch)
    file.mark_wrong("twice")

    with pytest.raises(ValidationError) as error:
        made_of(key, file)
    assert error.value.messages == ["The entry of 李晓梅 is marked as wrong."]


# Acceptance


def test_the_request_to_accept_tells_the_way_and_the_votes(branch):
    file = a_file(branch, until="assembly", changed=VOTED, job_title="某局办公室科员")

    assert letter_text("admission_request", file).split("\n") == [
        "关于接收李晓梅同志为中共预备党员的请示",
        "〔2026〕　　号",
        "中共某局机关委员会",
        (
            "李晓梅，女，汉族，1996年8月生，大学本科毕业，某局办公室科员。该同志2022年3月1日提出"
            "入党申请，2022年9月1日被确定为入党积极分子，2023年10月8日被确定为发展对象。入党介绍"
            "人为赵建国、钱学礼。"
        ),
        (
            "经政治审查，结论为合格；参加发展对象集中培训3天；2024年5月28日经上级党委预审，结论为"
            "同意。"
        ),
        (
            "2024年6月20日，我支部召开支部大会，讨论接收李晓梅同志为中共预备党员的问题。大会应到"
            "会有表决权的正式党员11名，实到会9名，会前提交书面意见的1名（本支部有表决权的正式党员"
            "12名，其中1名按规定不计入应到会人数）。经无记名投票表决，同意8票，不同意1票，弃权0票"
            "；书面意见同意1票、不同意0票，合计同意9票，超过应到会有表决权的正式党员的半数，大会"
            "决议同意接收李晓梅同志为中共预备党员。"
        ),
        "现将有关材料随文呈报。妥否，请批示。",
        "中共某局第一支部委员会",
        "2026年11月20日",
    ]


def test_the_request_of_a_new_file_leaves_room_for_every_figure(branch):
    text = letter_text("admission_request", a_file(branch))

    assert "应到会有表决权的正式党员____名，实到会____名。" in text
    assert "同意____票，不同意____票，弃权____票，大会决议" in text
    assert "入党介绍人为________。" in text
    assert "　　　　年　　月　　日，我支部召开支部大会" in text
    assert "半数" not in text


def test_the_resolution_is_of_the_day_of_the_assembly(branch):
    file = a_file(branch, until="assembly", changed=VOTED)
    text = letter_text("admission_resolution", file)

    assert text.startswith("关于接收李晓梅同志为中共预备党员的决议\n2024年6月20日，")
    assert "在三楼会议室召开支部大会" in text
    assert "会议由赵建国主持，钱学礼记录。" in text
    assert text.endswith("中共某局第一支部委员会\n2024年6月20日")
    new = letter_text("admission_resolution", a_file(branch, name="周正"))
    assert new.endswith("中共某局第一支部委员会\n　　　　年　　月　　日")


def test_an_assembly_that_did_not_agree_is_told_so(branch):
    refused = {**VOTES, "votes_for": 3, "votes_against": 8, "result": "refused"}
    file = a_file(branch, until="assembly", changed={"assembly": refused})

    request = letter_text("admission_request", file)
    assert "未超过应到会有表决权的正式党员的半数，大会决议不同意接收李晓梅同志" in request
    assert letter_text("admission_resolution", file).startswith(
        "关于不同意接收李晓梅同志为中共预备党员的决议\n"
    )


def test_the_votes_stand_in_the_boxes_of_the_vote_form(branch):
    boxes = boxes_of(made_of("admission_votes", a_file(branch, until="assembly", changed=VOTED)))

    assert boxes["有表决权的正式党员"] == "12"
    assert boxes["不计入应到会人数"] == "1"
    assert (boxes["应到会人数"], boxes["实到会人数"]) == ("11", "9")
    assert (boxes["同意票"], boxes["不同意票"], boxes["弃权票"]) == ("8", "1", "0")
    assert (boxes["书面意见同意"], boxes["同意合计"]) == ("1", "9")
    assert boxes["是否超过应到会有表决权党员的半数"] == "是"
    assert boxes["表决结果"] == "同意"
    assert boxes["发出票数"] == ""  # nobody has recorded it
    empty = boxes_of(made_of("admission_votes", a_file(branch, name="周正")))
    assert [empty[label] for label in ("应到会人数", "同意合计", "表决结果")] == ["", "", ""]


def test_the_reply_is_the_committees_with_its_number_and_day(branch):
    file = a_file(branch, until="approval")
    file.refresh_from_db()

    assert letter_text("admission_reply", file).split("\n") == [
        "关于同意接收李晓梅同志为中共预备党员的批复",
        "机委〔2024〕8号",
        "中共某局第一支部委员会",
        (
            "你支部《关于接收李晓梅同志为中共预备党员的请示》收悉。经2024年7月15日党委会议集体讨"
            "论和表决，同意接收李晓梅同志为中共预备党员，预备期一年，自2024年6月20日起计算，至202"
            "5年6月20日期满。望你支部继续做好对该同志的教育、管理和考察工作。"
        ),
        "此复。",
        "中共某局机关委员会",
        "2024年7月15日",
    ]


def test_a_refusal_of_the_committee_is_a_reply_too(branch):
    file = a_file(branch, until="approval", changed={"approval": {"result": "refused"}})
    text = letter_text("admission_reply", file)

    assert text.startswith("关于不同意接收李晓梅同志为中共预备党员的批复\n")
    assert "预备期" not in text


# Full membership


@pytest.mark.parametrize(
    ("decision", "title", "said"),
    [
        ({}, "关于同意李晓梅同志按期转为中共正式党员的批复", "，转正时间为2025年6月20日，"),
        (
            {"result": "extended", "extended_months": 6},
            "关于同意延长李晓梅同志预备期的批复",
            "同意延长李晓梅同志预备期6个月，至2025年12月20日止。",
        ),
        (
            {"result": "cancelled"},
            "关于同意取消李晓梅同志预备党员资格的批复",
            "同意取消李晓梅同志预备党员资格。",
        ),
    ],
    ids=["on time", "extended", "cancelled"],
)
def test_the_reply_on_full_membership_says_what_was_decided(branch, decision, title, said):
    file = a_file(branch, until="full_approval", changed={"full_assembly": decision})
    file.refresh_from_db()

    text = letter_text("full_reply", file)

    assert text.startswith(f"{title}\n")
    assert said in text
    what = title.removeprefix("关于同意").removesuffix("的批复")
    assert letter_text("full_request", file).startswith(f"关于{what}的请示\n")
    assert letter_text("full_resolution", file).startswith(f"关于{what}的决议\n")


# Notices and the political review


def test_a_notice_is_addressed_to_nobody_and_names_its_days(branch):
    file = a_file(branch, until="cultivation", job_title="某局办公室科员")
    until = {"until": "2023-10-07"}
    file.record(
        "object_notice", date(2023, 9, 25), until, by=None, today=date(2026, 11, 20), reason="补录"
    )

    text = letter_text("object_notice", file)

    assert text.startswith("关于拟确定李晓梅同志为发展对象的公示\n根据《中国共产党发展党员工作")
    assert "培养联系人：赵建国、钱学礼。" in text
    assert "公示时间：2023年9月25日至2023年10月7日。" in text
    assert text.endswith("中共某局第一支部委员会\n2023年9月25日")
    assert file.id_number not in text
    assert "：\n" not in word_text("object_notice", file)[:10]


def test_a_notice_that_is_still_to_come_leaves_room_for_its_days(branch):
    text = letter_text("full_notice", a_file(branch, until="approval"))

    assert "公示时间：　　　　年　　月　　日至　　　　年　　月　　日。" in text
    assert "2024年6月20日被接收为中共预备党员，预备期至2025年6月20日，" in text


def test_the_id_number_stands_in_the_letter_only_in_full_and_the_footer_says_so(branch):
    file = a_file(branch, until="object")

    for key in ("political_review_letter", "political_review_report"):
        masked, full = made_of(key, file), made_of(key, file, in_full=True)
        assert not any(file.id_number[-4:] in text for text in masked.texts())
        assert any(file.id_number in text for text in full.texts())
        assert full.footer.endswith("含完整身份证号码")
        assert masked.footer == ""


def test_the_political_report_gives_its_conclusion_or_room_for_it(branch):
    reviewed = a_file(branch, until="political_review")
    open_still = a_file(branch, name="周正", until="object")

    assert "认为李晓梅同志政治审查合格，可以作为发展对象" in letter_text(
        "political_review_report", reviewed
    )
    assert "认为周正同志政治审查________。" in letter_text("political_review_report", open_still)


# The forms of the whole way


def test_the_record_has_a_row_for_every_step_with_what_was_recorded(branch):
    file = a_file(branch, until="approval", changed=VOTED)
    form = made_of("development_record", file)
    rows = {row.boxes[0].text: [box.text for box in row.boxes[1:]] for row in form.rows}

    assert rows["1　递交入党申请书"] == ["2022.03.01", "接收人：赵建国", ""]
    assert rows["9　确定入党介绍人"][1] == "入党介绍人：赵建国、钱学礼"
    assert rows["15　支部大会讨论"][1] == (
        "地点：三楼会议室；主持人：赵建国；记录人：钱学礼；"
        "应到11人，实到9人，书面意见1份，同意9票；结果：同意"
    )
    assert rows["25　材料归档"] == ["", "", ""]
    assert not {"15-1　党总支审议", "7-1　发展对象公示"} & set(rows)
    assert "一、申请入党" in rows


def test_reviews_that_repeat_have_a_row_each(branch):
    file = a_file(branch, until="cultivation")
    again = {"opinion": "继续进步"}
    file.record("cultivation", date(2023, 8, 1), again, by=None, today=date(2026, 11, 20))
    texts = [box.text for row in made_of("development_record", file).rows for box in row.boxes]

    assert "6　培养教育考察（第1次）" in texts
    assert "6　培养教育考察（第2次）" in texts
    boxes = boxes_of(made_of("cultivation_form", file))
    assert boxes["第1次考察2023.02.20"] == "表现良好"
    assert boxes["第2次考察2023.08.01"] == "继续进步"
    assert boxes["第3次考察　　年　　月"] == ""


def test_what_came_after_the_day_is_not_told(branch):
    file = a_file(branch, until="approval")

    form = made_of("development_record", file, day=date(2023, 12, 31))

    texts = [box.text for row in form.rows for box in row.boxes]
    assert "2023.12.01" in texts
    assert not [text for text in texts if text.startswith("2024")]


def test_the_forms_mask_the_id_number_unless_asked_for_in_full(branch):
    file = a_file(branch)
    for key in ("development_record", "cultivation_form"):
        assert boxes_of(made_of(key, file))["公民身份号码"] == f"{'*' * 15}{file.id_number[-3:]}"
        full = made_of(key, file, in_full=True)
        assert boxes_of(full)["公民身份号码"] == file.id_number
        assert full.footer.endswith("含完整身份证号码")


def test_the_talk_record_has_who_talked_and_what_he_thinks(branch):
    file = a_file(branch, until="first_talk", changed={"first_talk": {"opinion": "动机端正"}})
    boxes = boxes_of(made_of("first_talk_record", file))

    assert (boxes["谈话人"], boxes["谈话时间"]) == ("赵建国", "2022.03.20")
    assert boxes["谈话人意见"] == "动机端正"
    assert boxes_of(made_of("committee_talk_record", file))["谈话人"] == ""


def test_facts_that_an_old_sheet_has_left_behind_print_as_nothing(branch):
    """What is no number, no day and no name has no words of the machine on paper."""
    file = a_file(branch, until="assembly")
    odd = {"due": None, "present": "x", "votes_for": True, "excused": 3, "chair": {"a": 1}}
    StepTaken.objects.filter(file=file, step="assembly").update(facts=odd)
    StepTaken.objects.filter(file=file, step="sponsors").update(facts={"sponsors": [None, {}, 5]})

    for key in KEYS:
        text = text_of(key, file)
        assert not {"None", "{", "True"} & set(text)
    assert "应到会有表决权的正式党员____名" in letter_text("admission_request", file)


@pytest.mark.parametrize("text", ["#panic() $x^2$", "<b>&amp;</b>", "\\u{41} @ref"])
@pytest.mark.parametrize("key", KEYS)
def test_markup_in_what_was_recorded_prints_as_it_is_written(branch, key, text):
    way = {step: {name: text for name in facts if isinstance(facts[name], str)}
           for step, (_on, facts) in the_way(branch).items()}  # fmt: skip
    kept = {"result", "recommendation", "due"}
    changed = {
        step: {name: value for name, value in facts.items() if name not in kept}
        for step, facts in way.items()
    }
    file = a_file(branch, until="approval", changed=changed, job_title=text)

    assert file.name in text_of(key, file)
    assert file.name in (word_text(key, file) if key in WORD else file.name)


def test_a_file_that_has_moved_keeps_the_branch_that_held_the_assembly(branch):
    file = a_file(branch, until="assembly")
    elsewhere = a_branch_that_develops(name="中共别局支部委员会")
    file.move_to(elsewhere, date(2026, 11, 1), by=None)

    assert letter_text("admission_resolution", file).endswith(
        "中共某局第一支部委员会\n2024年6月20日"
    )
    assert "中共别局支部委员会" in text_of("development_record", file)
