"""What describes a person, as codes: sex, ethnic group, education, kind and category.

Each table has ``…_choices()`` for a form and ``read_…(text)`` for what sheets write. A reader
returns the code, or raises ValueError with a Sentence that quotes the text. Ethnic groups and
education stay Chinese in both languages, for that is how the papers call them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from registry.sentences import Sentence


@dataclass(frozen=True)
class Entry:
    """One entry of a table; ``aliases`` are further ways in which sheets write it."""

    code: str
    label: str
    chinese: str
    aliases: tuple[str, ...] = ()


def table_of(*entries: Entry) -> dict[str, Entry]:
    return {entry.code: entry for entry in entries}


def choices_of(table: Mapping[str, Entry]) -> list[tuple[str, str]]:
    return [(entry.code, entry.label) for entry in table.values()]


def readings_of(table: Mapping[str, Entry]) -> dict[str, str]:
    return {
        name.casefold(): entry.code
        for entry in table.values()
        for name in (entry.code, entry.label, entry.chinese, *entry.aliases)
    }


def _squeezed(text: str) -> str:
    return "".join(text.split())


def read_of(readings: Mapping[str, str], text: str, template: str, code: str) -> str:
    """Return what ``text`` means; raise ValueError with a Sentence of ``template``."""
    try:
        return readings[_squeezed(text).casefold()]
    except KeyError:
        raise ValueError(Sentence(template, code=code, written=text)) from None


# Stored as one letter, not as the digits of GB/T 2261.1, so that a dump can be read.
SEXES = table_of(
    Entry("M", Sentence("male"), "男", ("男性", "1")),
    Entry("F", Sentence("female"), "女", ("女性", "2")),
)
MALE, FEMALE = SEXES
_SEXES = readings_of(SEXES)

PROBATIONARY = "probationary"
FULL = "full"
KINDS = table_of(
    Entry(
        FULL,
        Sentence("full member"),
        "正式党员",
        ("正式", "正", "中共党员", "中共正式党员", "党员", "01", "转正"),
    ),
    Entry(
        PROBATIONARY,
        Sentence("probationary member"),
        "预备党员",
        ("预备", "预", "中共预备党员", "02"),
    ),
)
_KINDS = readings_of(KINDS)

# What a member lives on: the dues regulation (中组发〔2008〕3号) has a rate for each.
CATEGORIES = table_of(
    Entry(
        "in_service",
        Sentence("in service"),
        "在职",
        ("在职党员", "在职人员", "在岗", "在职在岗", "公务员", "在职职工", "在职教职工"),
    ),
    Entry(
        "retired",
        Sentence("retired"),
        "退休",
        ("退休党员", "退休人员", "已退休", "退休干部", "离退休", "离退休人员", "离退休教职工"),
    ),
    Entry(
        "retired_veteran",
        Sentence("retired veteran"),
        "离休",
        ("离休党员", "离休干部", "离休人员"),
    ),
    Entry("student", Sentence("student"), "学生", ("学生党员", "在校学生", "本科生", "研究生")),
    Entry(
        "unemployed",
        Sentence("unemployed"),
        "待业",
        ("失业", "无业", "下岗", "下岗失业", "未就业", "待业人员", "失业人员", "下岗失业人员"),
    ),
    Entry("farmer", Sentence("farmer"), "农牧渔民", ("农民", "务农", "农民党员")),
    Entry("other", Sentence("other"), "其他", ("其它", "其他人员")),
)
_CATEGORIES = readings_of(CATEGORIES)

# GB/T 3304-1991, code and letters; 97 and 98 as the member information system adds them.
_ETHNIC_GROUPS = """
01 HA 汉族　02 MG 蒙古族　03 HU 回族　04 ZA 藏族　05 UG 维吾尔族　06 MH 苗族　07 YI 彝族
08 ZH 壮族　09 BY 布依族　10 CS 朝鲜族　11 MA 满族　12 DO 侗族　13 YA 瑶族　14 BA 白族
15 TJ 土家族　16 HN 哈尼族　17 KZ 哈萨克族　18 DA 傣族　19 LI 黎族　20 LS 傈僳族　21 VA 佤族
22 SH 畲族　23 GS 高山族　24 LH 拉祜族　25 SU 水族　26 DX 东乡族　27 NX 纳西族　28 JP 景颇族
29 KG 柯尔克孜族　30 TU 土族　31 DU 达斡尔族　32 ML 仫佬族　33 QI 羌族　34 BL 布朗族
35 SL 撒拉族　36 MN 毛南族　37 GL 仡佬族　38 XB 锡伯族　39 AC 阿昌族　40 PM 普米族
41 TA 塔吉克族　42 NU 怒族　43 UZ 乌孜别克族　44 RS 俄罗斯族　45 EW 鄂温克族　46 DE 德昂族
47 BN 保安族　48 YG 裕固族　49 GI 京族　50 TT 塔塔尔族　51 DR 独龙族　52 OR 鄂伦春族
53 HZ 赫哲族　54 MB 门巴族　55 LB 珞巴族　56 JN 基诺族　97 OT 其他　98 FB 外国血统
"""
_GROUPS = re.findall(r"(\d\d) ([A-Z]{2}) (\w+)", _ETHNIC_GROUPS)
ETHNIC_GROUPS: dict[str, str] = {code: name for code, _, name in _GROUPS}
# Short, old and mistyped names.
_ETHNIC_ALIASES = {
    "维": "05",
    "维族": "05",
    "蒙": "02",
    "蒙族": "02",
    "哈族": "17",
    "朝": "10",
    "鲜族": "10",
    "崩龙族": "46",
    "民家族": "14",
    "僮族": "08",
    "毛难族": "36",
    "达翰尔族": "31",
    "达呼尔族": "31",
    "柯族": "29",
    "俄族": "44",
    "乌兹别克族": "43",
    "拉枯族": "24",
    "仫姥族": "32",
    "sw": "25",
    "其它": "97",
    "外国血统中国籍人士": "98",
    "外国血统中国籍": "98",
}
_ETHNIC_READINGS = (
    {letters.casefold(): code for code, letters, _ in _GROUPS}
    | {code: code for code in ETHNIC_GROUPS}
    | {name: code for code, name in ETHNIC_GROUPS.items()}
    | {name.removesuffix("族"): code for code, name in ETHNIC_GROUPS.items()}
    | _ETHNIC_ALIASES
    | {name.removesuffix("族"): code for name, code in _ETHNIC_ALIASES.items()}
)

# GB/T 4658-2006, called as offices call it: a finished course is named without 毕业 where a form
# says so. 10, 20 … stand where the papers do not tell more.
EDUCATION: dict[str, str] = {
    "10": "研究生",
    "11": "博士研究生",
    "12": "博士研究生结业",
    "13": "博士研究生肄业",
    "14": "硕士研究生",
    "15": "硕士研究生结业",
    "16": "硕士研究生肄业",
    "17": "研究生班",
    "18": "研究生班结业",
    "19": "研究生班肄业",
    "20": "大学本科",
    "21": "大学本科毕业",
    "22": "大学本科结业",
    "23": "大学本科肄业",
    "28": "大学普通班",
    "30": "大学专科",
    "31": "大学专科毕业",
    "32": "大学专科结业",
    "33": "大学专科肄业",
    "40": "中等职业教育",
    "41": "中专",
    "42": "中专结业",
    "43": "中专肄业",
    "44": "职业高中",
    "45": "职业高中结业",
    "46": "职业高中肄业",
    "47": "技工学校",
    "48": "技工学校结业",
    "49": "技工学校肄业",
    "60": "高中",
    "61": "高中毕业",
    "62": "高中结业",
    "63": "高中肄业",
    "70": "初中",
    "71": "初中毕业",
    "73": "初中肄业",
    "80": "小学",
    "81": "小学毕业",
    "83": "小学肄业",
    "90": "其他",
}
# 大专 and more, as plans and reports count it.
HIGHER_EDUCATION = frozenset(code for code in EDUCATION if code < "40")
_EDUCATION_ALIASES = {
    "研究生教育": "10",
    "研究生毕业": "10",
    "博士": "11",
    "博士研究生毕业": "11",
    "硕士": "14",
    "硕士研究生毕业": "14",
    "研究生班毕业": "17",
    "大学": "20",
    "本科": "20",
    "大本": "20",
    "大学毕业": "21",
    "本科毕业": "21",
    "本科肄业": "23",
    "大学肄业": "23",
    "大学本科教育": "20",
    "大普": "28",
    "大学普通班毕业": "28",
    "专科": "30",
    "大专": "30",
    "大学专科教育": "30",
    "高职": "30",
    "大专毕业": "31",
    "专科毕业": "31",
    "大专肄业": "33",
    "中职": "40",
    "中等专科": "41",
    "中等专科学校": "41",
    "中等专科毕业": "41",
    "中专毕业": "41",
    "中师": "41",
    "中技": "47",
    "职高": "44",
    "职业高中毕业": "44",
    "技校": "47",
    "技工学校毕业": "47",
    "普通高中": "60",
    "普通高级中学": "60",
    "普通高中毕业": "61",
    "初级中学": "70",
    "其它": "90",
}
_EDUCATION_READINGS = (
    {code: code for code in EDUCATION}
    | {name: code for code, name in EDUCATION.items()}
    | _EDUCATION_ALIASES
)

EDUCATION_CHANNELS = table_of(
    Entry("full_time", Sentence("full-time"), "全日制", ("普通全日制", "普通教育", "统招")),
    Entry(
        "in_service",
        Sentence("in-service"),
        "在职",
        ("函授", "自考", "自学考试", "电大", "夜大", "业余", "成人", "成教", "网络", "非全日制"),
    ),
    Entry(
        "party_school",
        Sentence("Party school"),
        "党校",
        ("中央党校", "省委党校", "市委党校", "区委党校", "自治区党委党校", "州委党校", "县委党校"),
    ),
)
_CHANNELS = readings_of(EDUCATION_CHANNELS)
# The longest first, so that 非全日制 is not read as 全日制 and 中央党校 whole.
_CHANNEL = "|".join(
    sorted((name for name in _CHANNELS if not name.isascii()), key=len, reverse=True)
)

# GB/T 6864-2003, first digit.
DEGREES = table_of(
    Entry("1", Sentence("honorary doctor"), "名誉博士"),
    Entry("2", Sentence("doctor"), "博士", ("博士学位",)),
    Entry("3", Sentence("master"), "硕士", ("硕士学位", "双硕士")),
    Entry("4", Sentence("bachelor"), "学士", ("学士学位", "双学士")),
)
_DEGREES = readings_of(DEGREES)


def sex_choices() -> list[tuple[str, str]]:
    return choices_of(SEXES)


def kind_choices() -> list[tuple[str, str]]:
    return choices_of(KINDS)


def category_choices() -> list[tuple[str, str]]:
    return choices_of(CATEGORIES)


def ethnicity_choices() -> list[tuple[str, str]]:
    return list(ETHNIC_GROUPS.items())


def education_choices() -> list[tuple[str, str]]:
    return list(EDUCATION.items())


def channel_choices() -> list[tuple[str, str]]:
    return choices_of(EDUCATION_CHANNELS)


def degree_choices() -> list[tuple[str, str]]:
    return choices_of(DEGREES)


def read_sex(text: str) -> str:
    return read_of(_SEXES, text, "“%(written)s” is not a sex. Write 男 or 女.", "sex_unknown")


def read_kind(text: str) -> str:
    return read_of(
        _KINDS,
        text,
        "“%(written)s” does not tell full from probationary. Write 正式党员 or 预备党员.",
        "kind_unknown",
    )


def read_category(text: str) -> str:
    return read_of(
        _CATEGORIES,
        text,
        "“%(written)s” is not a category of member. Write 在职, 退休, 离休, 学生, 待业, 农牧渔民 "
        "or 其他.",
        "category_unknown",
    )


def read_ethnicity(text: str) -> str:
    """Return the code of GB/T 3304 for 汉族, 汉, 01 or HA, and for old and mistyped names."""
    return read_of(
        _ETHNIC_READINGS,
        text.removesuffix("（族）"),
        "“%(written)s” is not one of the 56 ethnic groups. Write it as 汉族.",
        "ethnicity_unknown",
    )


def read_degree(text: str) -> str:
    """Return the code of the degree in 硕士, 硕士学位 or 工学硕士."""
    squeezed = _squeezed(text)
    found = re.search("名誉博士|博士|硕士|学士", squeezed)
    if found:
        return _DEGREES[found[0]]
    return read_of(
        _DEGREES,
        text,
        "“%(written)s” is not a degree. Write 博士, 硕士 or 学士.",
        "degree_unknown",
    )


def read_education(text: str) -> tuple[str, str | None, str | None]:
    """Return education, channel and degree as far as the text tells them.

    省委党校研究生 is (10, party_school, None); 在职大学 is (20, in_service, None);
    大学、法学学士 is (20, None, 4); 硕士 is education and degree at once: (14, None, 3).
    """
    words = _squeezed(text)
    channel = degree = None
    if found := re.search(f"({_CHANNEL})(教育)?", words):
        channel = _CHANNELS[found[1]]
        words = words.replace(found[0], "", 1)
    if words in {"博士", "硕士"}:
        return _EDUCATION_READINGS[words], channel, _DEGREES[words]
    parts = [part for part in re.split(r"[、,，;；/()（）]|学历", words) if part]
    levels = [part for part in parts if part in _EDUCATION_READINGS]
    for part in parts:
        if part not in levels[:1] and re.search("博士|硕士|学士", part):
            degree = read_degree(part)
    unread = [part for part in parts if part not in levels[:1] and not _is_degree(part)]
    if not levels or unread:
        raise ValueError(
            Sentence(
                "“%(written)s” is not an education. Write it as 研究生, 大学本科, 大学专科, 中专 "
                "or 高中.",
                code="education_unknown",
                written=text,
            )
        )
    return _EDUCATION_READINGS[levels[0]], channel, degree


def _is_degree(part: str) -> bool:
    return re.fullmatch(r"\w{0,6}(博士|硕士|学士)(学位)?", part) is not None
