"""Lines of a sheet that are about no person: totals, signatures, notes, repeated headings.

Judged by the first cell that holds anything, since that is where people write them.
"""

from __future__ import annotations

import re

BLANK = "blank"
NUMBERED = "numbered"  # 序号 filled in beforehand, the rest empty
TOTAL = "total"
SIGNATURE = "signature"
NOTE = "note"
HEADING = "heading"  # repeated on each printed page
TITLE = "title"  # likewise
REQUIREMENT = "requirement"  # 必填, or the values allowed
SAMPLE = "sample"
SECTION = "section"  # the name of a branch above its members

_TOTAL = re.compile(
    r"^(?:本页|本支部|本单位|以上|全部|总)?(?:合计|小计|总计|共计|累计|总数|总人数)"
    r"(?:$|[:：，,。、(（]|\d|人|数)|^共\d+(?:人|名)|^(?:grand)?(?:sub)?total\b",
    re.IGNORECASE,
)
_SIGNED_BY = (
    "填表人|填报人|制表人|制表|填表|审核人|审核|复核人|复核|审批人|审批|负责人|单位负责人|主要负责人"
    "|书记签字|支部书记|党支部书记|经办人|联系人|统计人|录入人|统计日期|统计时间|填报日期|填报时间"
    "|填表日期|填表时间|制表日期|制表时间|打印日期|打印时间|截止日期|截止时间|上报日期|填报单位"
    "|单位名称|签字|签名|盖章|公章|联系电话"
)
_SIGNATURE = re.compile(rf"^(?:{_SIGNED_BY})(?:[(（].*?[)）])?(?:[:：]|$|签字|签名|\d)")
_ANY_LABEL = re.compile(r"^[\u4e00-\u9fff]{2,10}(?:[(（].*?[)）])?[:：]")
_NOTE = re.compile(
    r"^[(（【\[]?(?:注|备注|说明|附注|附|注意|注意事项|填表说明|填写说明|填报说明|温馨提示|提示)"
    r"(?:\d*[:：.、)）】\]]|$)|^[※★●]|^note\b",
    re.IGNORECASE,
)
_REQUIREMENT = re.compile(
    r"^[(（【\[*]?(?:必填|选填|必选|可选|非必填|可不填|必录|非必录|必须填写|可为空|不可为空|下拉选择"
    r"|请选择|自动生成|文本格式|日期格式|required|optional)",
    re.IGNORECASE,
)
_SAMPLE = re.compile(r"^[(（【\[]?(?:示例|样例|范例|举例|例如|填写示例|例[:：)）】\]])")


_SPOKEN = ((TOTAL, _TOTAL), (SIGNATURE, _SIGNATURE), (NOTE, _NOTE), (SAMPLE, _SAMPLE))
_ANY_SPOKEN = re.compile("|".join(each.pattern for _, each in _SPOKEN), re.IGNORECASE)


def squeezed(text: str) -> str:
    return text if text.isalnum() else "".join(text.split())


def spoken_kind(text: str) -> str:
    """Return the kind of line that begins with this squeezed text, "" for a record."""
    if not _ANY_SPOKEN.match(text):  # nearly every line, asked once instead of four times
        return ""
    return next(kind for kind, pattern in _SPOKEN if pattern.match(text))


def is_total(text: str) -> bool:
    return bool(_TOTAL.match(text))


def reads_as_label(text: str) -> bool:
    """Return whether the text begins like “党组织联系人：”, which no name does."""
    return bool(_ANY_LABEL.match(text))


def is_requirement(text: str) -> bool:
    return bool(_REQUIREMENT.match(squeezed(text)))
