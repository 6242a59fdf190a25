"""How sheets write sex, ethnic group, education, kind and category."""

from __future__ import annotations

import pytest

from members.rules import codes


def test_there_are_56_ethnic_groups_and_two_more_codes():
    assert list(codes.ETHNIC_GROUPS)[:56] == [f"{number:02}" for number in range(1, 57)]
    assert list(codes.ETHNIC_GROUPS)[56:] == ["97", "98"]
    assert codes.ETHNIC_GROUPS["01"] == "汉族"
    assert codes.ETHNIC_GROUPS["56"] == "基诺族"


@pytest.mark.parametrize(("code", "name"), codes.ethnicity_choices())
def test_an_ethnic_group_is_read_by_its_code_its_name_and_its_name_without_its_end(code, name):
    short = name.removesuffix("族")
    assert [codes.read_ethnicity(text) for text in (code, name, short)] == [code] * 3


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("HA", "01"),
        ("ha", "01"),
        ("汉 族", "01"),
        ("维族", "05"),
        ("蒙族", "02"),
        ("土家", "15"),
        ("达翰尔族", "31"),
        ("崩龙族", "46"),
        ("SU", "25"),
        ("SW", "25"),
    ],
)
def test_short_old_and_mistyped_names_of_ethnic_groups_are_read(written, code):
    assert codes.read_ethnicity(written) == code


@pytest.mark.parametrize(
    ("written", "education", "channel", "degree"),
    [
        ("研究生", "10", None, None),
        ("博士研究生", "11", None, None),
        ("硕士研究生毕业", "14", None, None),
        ("博士", "11", None, "2"),
        ("硕士", "14", None, "3"),
        ("大学本科", "20", None, None),
        ("本科", "20", None, None),
        ("大学", "20", None, None),
        ("大专", "30", None, None),
        ("专科", "30", None, None),
        ("中专", "41", None, None),
        ("中等专科", "41", None, None),
        ("技校", "47", None, None),
        ("高中", "60", None, None),
        ("初 中", "70", None, None),
        ("14", "14", None, None),
        ("省委党校研究生", "10", "party_school", None),
        ("中央党校大学", "20", "party_school", None),
        ("党校大专", "30", "party_school", None),
        ("在职大学", "20", "in_service", None),
        ("大学（在职）", "20", "in_service", None),
        ("函授大专", "30", "in_service", None),
        ("全日制本科", "20", "full_time", None),
        ("非全日制研究生", "10", "in_service", None),
        ("成人教育本科", "20", "in_service", None),
        ("大学、法学学士", "20", None, "4"),
        ("大学学历，文学学士学位", "20", None, "4"),
        ("研究生/硕士", "10", None, "3"),
        ("在职研究生（工学硕士）", "10", "in_service", "3"),
    ],
)
def test_education_is_read_with_its_channel_and_degree(written, education, channel, degree):
    assert codes.read_education(written) == (education, channel, degree)


@pytest.mark.parametrize(("code", "name"), codes.education_choices())
def test_an_education_is_read_as_it_is_shown(code, name):
    assert codes.read_education(name) == (code, None, None)


@pytest.mark.parametrize("written", ["高中及以下", "大学、高中", "不详", "", "在职", "大学博士后"])
def test_an_education_that_could_mean_several_is_not_guessed(written):
    with pytest.raises(ValueError, match="is not an education") as raised:
        codes.read_education(written)
    assert raised.value.args[0].startswith(f"“{written}”")


@pytest.mark.parametrize(
    ("read", "written", "code"),
    [
        (codes.read_sex, "男", "M"),
        (codes.read_sex, "男性", "M"),
        (codes.read_sex, "1", "M"),
        (codes.read_sex, "f", "F"),
        (codes.read_sex, " 女 ", "F"),
        (codes.read_sex, "2", "F"),
        (codes.read_kind, "正式党员", "full"),
        (codes.read_kind, "正式", "full"),
        (codes.read_kind, "中共党员", "full"),
        (codes.read_kind, "预备党员", "probationary"),
        (codes.read_kind, "预备", "probationary"),
        (codes.read_kind, "中共预备党员", "probationary"),
        (codes.read_category, "在职", "in_service"),
        (codes.read_category, "退休干部", "retired"),
        (codes.read_category, "离休", "retired_veteran"),
        (codes.read_category, "学生", "student"),
        (codes.read_category, "待业", "unemployed"),
        (codes.read_category, "失业", "unemployed"),
        (codes.read_category, "农牧渔民", "farmer"),
        (codes.read_category, "其它", "other"),
        (codes.read_degree, "硕士学位", "3"),
        (codes.read_degree, "工学学士", "4"),
        (codes.read_degree, "名誉博士", "1"),
    ],
)
def test_a_code_is_read_as_sheets_write_it(read, written, code):
    assert read(written) == code


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (codes.read_sex, "“x” is not a sex. Write 男 or 女."),
        (
            codes.read_kind,
            "“x” does not tell full from probationary. Write 正式党员 or 预备党员.",
        ),
        (
            codes.read_category,
            (
                "“x” is not a category of member. Write 在职, 退休, 离休, 学生, 待业, 农牧渔民 or "
                "其他."
            ),
        ),
        (codes.read_ethnicity, "“x” is not one of the 56 ethnic groups. Write it as 汉族."),
        (codes.read_degree, "“x” is not a degree. Write 博士, 硕士 or 学士."),
    ],
)
def test_what_cannot_be_read_is_quoted_with_the_remedy(read, sentence):
    with pytest.raises(ValueError, match="“x”") as raised:
        read("x")
    assert raised.value.args[0] == sentence


@pytest.mark.parametrize(
    "choices", [codes.sex_choices, codes.kind_choices, codes.category_choices, codes.degree_choices]
)
def test_choices_are_labelled_in_english_for_the_catalogue(choices):
    assert all(str(label).isascii() for _, label in choices())


@pytest.mark.parametrize(
    "table",
    [codes.SEXES, codes.KINDS, codes.CATEGORIES, codes.EDUCATION_CHANNELS, codes.DEGREES],
    ids=["sexes", "kinds", "categories", "channels", "degrees"],
)
def test_no_two_entries_claim_the_same_name(table):
    names = [
        name
        for entry in table.values()
        for name in {entry.code, str(entry.label), entry.chinese, *entry.aliases}
    ]
    assert len(names) == len(set(names))
