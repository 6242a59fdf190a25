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
# Written below the last person, or at the edge of a page.
_EDGE = re.compile(
    r"^[(（]?(?:以下空白|以下无正文|此页无正文|空白页?|转下页|接上页|续表|续前页|附件\d*)[)）]?[:：]?$"
    r"|^[(（—-]*第\d+页|^[(（]?\d{0,4}年\d{0,2}月(?:\d{0,2}日)?[)）]?$"
)
_ORGANISATION = re.compile(
    r"(?:支部|党委|总支|党组|委员会|党小组|机关工委)(?:[(（].*[)）])?(?:\d+[名人])?[:：]?$"
)
_ASKS = re.compile(r"必填|选填|填写|不得|请勿|务必|删除|导入|格式|下拉")
_REQUIREMENT = re.compile(
    r"^[(（【\[*]?(?:请填|填写|格式|如[:：]|例如|yyyy|[男是有]\s?[/／、|]\s?[女否无]|\d+位|限\d+|不超过\d+"
    r"|正式(?:党员)?\s?[/／、|或]\s?预备|与身份证|必填|选填|必选|可选|非必填|可不填|必录|非必录|必须填写|可为空|不可为空|下拉选择"
    r"|请选择|自动生成|文本格式|日期格式|required|optional)",
    re.IGNORECASE,
)
_EXAMPLE = "(?:填写|填表)?(?:示例|样例|范例|样本|举例|例子)|例"
_SAMPLE = re.compile(
    rf"^[(（【\[]?(?:{_EXAMPLE})\d*(?:[:：)）】\]]|$)|^(?:填写)?(?:示例|样例|范例)|^例如"
)
_MARKED_AS_SAMPLE = re.compile(
    rf"[(（【\[](?:{_EXAMPLE})[)）】\]]$|^(?:{_EXAMPLE})$"
    r"|[本此该这]行(?:数据)?(?:[为是系]|仅[为供])?(?:示例|样例|范例|例子|参考)"
)
_LONG = 32  # signs; a merged text of so many is meant for the reader


_SPOKEN = (
    (TOTAL, _TOTAL),
    (SIGNATURE, _SIGNATURE),
    (NOTE, _NOTE),
    (NOTE, _EDGE),
    (SAMPLE, _SAMPLE),
)
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


def is_marked_as_sample(text: str) -> bool:
    """Return whether a cell says that its row is only an example: 张三（示例）, 此行为示例."""
    return len(text) < _LONG and bool(_MARKED_AS_SAMPLE.search(squeezed(text)))


def is_instruction(text: str, *, rows: int) -> bool:
    """Return whether the text of cells merged across columns, and ``rows``, tells how to fill in.

    A short one may be a value that somebody has spread over two columns.
    """
    text = squeezed(text)
    if len(text) > _LONG or spoken_kind(text) == NOTE:
        return True
    return bool(_ASKS.search(text)) or (rows > 2 and len(text) > _LONG // 2)


def names_an_organisation(text: str) -> bool:
    """Return whether the text ends as the name of an organisation does, perhaps with a count."""
    return len(text) < 2 * _LONG and bool(_ORGANISATION.search(text))
