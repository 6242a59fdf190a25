"""What is recorded at each step, as its form asks it."""

from __future__ import annotations

from members.rules.codes import Entry, table_of
from members.rules.development.step import Recorded
from registry.sentences import Sentence

AGREED, REFUSED = "agreed", "refused"
RESULTS = table_of(
    Entry(AGREED, Sentence("agreed"), "同意", ("通过",)),
    Entry(REFUSED, Sentence("refused"), "不同意", ("不通过", "未通过")),
)
QUALIFIED, NOT_QUALIFIED = "qualified", "not_qualified"
CONCLUSIONS = table_of(
    Entry(QUALIFIED, Sentence("qualified"), "合格", ("政审合格",)),
    Entry(NOT_QUALIFIED, Sentence("not qualified"), "不合格", ("政审不合格",)),
)
ON_TIME, EXTENDED, CANCELLED = "on_time", "extended", "cancelled"
FULL_RESULTS = table_of(
    Entry(ON_TIME, Sentence("full membership on time"), "按期转正", ("同意转正", "转正")),
    Entry(EXTENDED, Sentence("probation extended"), "延长预备期", ("延期",)),
    Entry(CANCELLED, Sentence("probationary membership cancelled"), "取消预备党员资格", ("取消",)),
)
RECOMMENDATIONS = table_of(
    Entry("members", Sentence("recommended by members"), "党员推荐"),
    Entry("mass_organisation", Sentence("recommended by a mass organisation"), "群团组织推优"),
)
# A step taken with one of these results does not carry the person further.
NEGATIVE = frozenset({REFUSED, NOT_QUALIFIED})

_WHO = Recorded("who", Sentence("who talked"), "谈话人", required=True)
_OPINION = Recorded("opinion", Sentence("opinion"), "意见")
_PLACE = Recorded("place", Sentence("place"), "地点")
_RESULT = Recorded("result", Sentence("result"), "结果", "choice", RESULTS, required=True)
_SPECIAL = Recorded(
    "special", Sentence("special case, approved within six months"), "特殊情况", "yes_no"
)
_DOCUMENT = Recorded("document", Sentence("document number"), "批复文号")
_NOTICE = (
    Recorded("until", Sentence("last day of the notice"), "公示截止日", "date", required=True),
    Recorded("outcome", Sentence("what came of the notice"), "公示情况"),
)
_ASSEMBLY = (
    _PLACE,
    Recorded("chair", Sentence("chair"), "主持人"),
    Recorded("recorder", Sentence("recorder"), "记录人"),
    Recorded("votes", Sentence("votes"), "表决情况", "votes", required=True),
)
_TRAINING_BEGAN = Recorded("began_on", Sentence("training began on"), "培训起始日期", "date")
_TRAINING_DAYS = Recorded("days", Sentence("days"), "天数", "number")
_TRAINING_HOURS = Recorded("hours", Sentence("class hours"), "学时", "number")

RECORDS: dict[str, tuple[Recorded, ...]] = {
    "application": (Recorded("received_by", Sentence("received by"), "接收人"),),
    "first_talk": (_WHO, _OPINION),
    "activist": (
        Recorded(
            "recommendation",
            Sentence("kind of recommendation"),
            "推荐方式",
            "choice",
            RECOMMENDATIONS,
            required=True,
        ),
        Recorded("votes_note", Sentence("result of the recommendation"), "推荐结果"),
    ),
    "activist_filed": (_DOCUMENT,),
    "mentors": (Recorded("mentors", Sentence("mentors"), "培养联系人", "names", required=True),),
    "cultivation": (
        Recorded("opinion", Sentence("opinion"), "考察意见", required=True),
        _TRAINING_BEGAN,
        _TRAINING_DAYS,
        _TRAINING_HOURS,
        Recorded("score", Sentence("result of the examination"), "结业考试成绩"),
    ),
    "object_notice": _NOTICE,
    "object": (
        Recorded("opinions", Sentence("opinions heard"), "听取意见情况", required=True),
        _PLACE,
    ),
    "object_filed": (
        Recorded("consent", Sentence("committee consents"), "同意", "yes_no"),
        _DOCUMENT,
    ),
    "sponsors": (Recorded("sponsors", Sentence("sponsors"), "入党介绍人", "names", required=True),),
    "political_review": (
        Recorded("method", Sentence("method"), "政审方式"),
        Recorded("letter_out_on", Sentence("letter sent on"), "函调发出日期", "date"),
        Recorded("letter_in_on", Sentence("letter received on"), "函调收回日期", "date"),
        Recorded("result", Sentence("conclusion"), "结论", "choice", CONCLUSIONS, required=True),
    ),
    "training": (
        _TRAINING_BEGAN,
        _TRAINING_DAYS,
        _TRAINING_HOURS,
        Recorded("result", Sentence("result of the class"), "培训结果"),
    ),
    "plan": (_DOCUMENT,),
    "branch_review": (_RESULT,),
    "pre_review": (
        _RESULT,
        Recorded("document", Sentence("document number"), "预审意见文号"),
        Recorded("form_number", Sentence("number of the application form"), "志愿书编号"),
    ),
    "application_form": (
        Recorded(
            "form_number",
            Sentence("number of the application form"),
            "志愿书编号",
            required=True,
        ),
    ),
    "assembly": (*_ASSEMBLY, _RESULT, Recorded("resolution", Sentence("resolution"), "决议")),
    "deliberation": (_RESULT, _PLACE),
    "committee_talk": (_WHO, Recorded("opinion", Sentence("opinion"), "意见", required=True)),
    "approval": (_RESULT, _SPECIAL, _DOCUMENT),
    "filed_above": (_DOCUMENT,),
    "placed": (Recorded("group", Sentence("Party group"), "党小组"),),
    "oath": (_PLACE,),
    "probation_review": (
        Recorded("opinion", Sentence("opinion"), "考察意见", required=True),
        _TRAINING_DAYS,
        _TRAINING_HOURS,
    ),
    "full_application": (),
    "full_notice": _NOTICE,
    "full_assembly": (
        *_ASSEMBLY,
        Recorded("result", Sentence("result"), "结果", "choice", FULL_RESULTS, required=True),
        Recorded("extended_months", Sentence("months of the extension"), "延长月数", "number"),
        Recorded("resolution", Sentence("resolution"), "决议"),
    ),
    "full_deliberation": (_RESULT, _PLACE),
    "full_approval": (_RESULT, _SPECIAL, _DOCUMENT),
    "archive": (Recorded("place", Sentence("where the file is kept"), "存档地点", required=True),),
}
