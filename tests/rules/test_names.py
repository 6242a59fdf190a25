"""Names: how they are read, cleaned and refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules import names

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize(
    ("name", "initials", "pinyin"),
    [
        ("张三", "zs", "zhangsan"),
        ("单小红", "sxh", "shanxiaohong"),
        ("仇伟", "qw", "qiuwei"),
        ("解放", "xf", "xiefang"),
        ("曾国强", "zgq", "zengguoqiang"),
        ("查明", "zm", "zhaming"),
        ("区少文", "osw", "oushaowen"),
        ("翟丽", "zl", "zhaili"),
        ("尉迟明", "ycm", "yuchiming"),
        ("万俟雪", "mqx", "moqixue"),
        ("乐天", "yt", "yuetian"),
        ("朴英姬", "pyj", "piaoyingji"),
        ("任华", "rh", "renhua"),
        ("华罗", "hl", "hualuo"),
        ("盖明", "gm", "geming"),
        ("葛明", "gm", "geming"),
        ("宁远", "ny", "ningyuan"),
        ("缪斌", "mb", "miaobin"),
        ("员晓", "yx", "yunxiao"),
        ("黑伟", "hw", "hewei"),
        ("秘书文", "bsw", "bishuwen"),
        ("冼明", "xm", "xianming"),
        ("折海", "sh", "shehai"),
        ("能伟", "nw", "naiwei"),
        ("长孙明", "zsm", "zhangsunming"),
        ("令狐云", "lhy", "linghuyun"),
        ("澹台文", "ttw", "tantaiwen"),
        ("单于雪", "cyx", "chanyuxue"),
        ("欧阳丽", "oyl", "ouyangli"),
        ("东方", "df", "dongfang"),
        ("吕绿", "ll", "lvlv"),
        ("张䶮", "zy", "zhangyan"),
        ("王𬱖", "wd", "wangdi"),
        ("李𠮷", "lj", "liji"),
        ("周𬭛", "zb", "zhoubo"),
        ("古丽娜尔·买买提江", "glnemmtj", "gulinaermaimaitijiang"),
        ("张  三", "zs", "zhangsan"),
        ("Ana María", "am", "anamaria"),
    ],
)
def test_a_name_is_found_by_initials_and_pinyin(name, initials, pinyin):
    assert names.initials_of(name) == initials
    assert names.pinyin_of(name) == pinyin
    assert names.search_keys(name) == (initials, pinyin)


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [("张单", "zhangdan"), ("王仇", "wangchou"), ("石头", "shitou"), ("任重", "renzhong")],
)
def test_surname_and_given_name_are_read_apart(name, pinyin):
    assert names.pinyin_of(name) == pinyin


def test_a_sign_without_a_reading_is_kept():
    assert names.search_keys("张𠀂") == ("z𠀂", "zhang𠀂")


@given(st.lists(HAN, min_size=1, max_size=8).map("".join))
def test_pinyin_of_common_signs_is_small_letters_beginning_with_the_initials(name):
    initials, pinyin = names.search_keys(name)
    assert pinyin[0] == initials[0]
    assert not set(pinyin) & set(" '·")
    assert pinyin == pinyin.lower()


@pytest.mark.parametrize(
    ("name", "surname"),
    [("张三", "张"), ("欧阳丽", "欧阳"), ("东方", "东"), ("古丽娜尔·买买提江", ""), ("Ana", "")],
)
def test_a_surname_is_one_sign_or_a_known_pair(name, surname):
    assert names.surname_of(name) == surname


@pytest.mark.parametrize(
    ("written", "kept", "codes"),
    [
        pytest.param("张  三", "张三", [], id="blanks in a name of two signs"),
        pytest.param("张\u3000三 ", "张三", [], id="full-width blank"),
        pytest.param("张\n三", "张三", [], id="line break"),
        pytest.param("Ana  María ", "Ana María", [], id="Latin names keep one blank"),
        pytest.param("古丽娜尔•买买提江", "古丽娜尔·买买提江", [], id="bullet"),
        pytest.param("古丽娜尔・买买提江", "古丽娜尔·买买提江", [], id="Japanese dot"),
        pytest.param("古丽娜尔‧买买提江", "古丽娜尔·买买提江", [], id="hyphenation point"),
        pytest.param("古丽娜尔．买买提江", "古丽娜尔·买买提江", [], id="full-width full stop"),
        pytest.param("古丽娜尔 . 买买提江", "古丽娜尔·买买提江", [], id="full stop and blanks"),
        pytest.param("张\u200b三", "张三", ["name_invisible_signs"], id="zero-width blank"),
        pytest.param("张三\u202e", "张三", ["name_invisible_signs"], id="bidi control"),
        pytest.param("\ufeff张三", "张三", ["name_invisible_signs"], id="byte order mark"),
        pytest.param("张三（女）", "张三", ["name_note"], id="sex behind the name"),
        pytest.param("张三(预备)", "张三", ["name_note"], id="kind behind the name"),
        pytest.param("张三★", "张三", ["name_note"], id="a star behind the name"),
        pytest.param("𠮷野", "𠮷野", [], id="a sign beyond the first plane"),
    ],
)
def test_a_name_is_cleaned(written, kept, codes):
    name, warnings = names.cleaned_name(written)
    assert name == kept
    assert [said.code for said in warnings] == codes
    assert all(said.level == "warning" for said in warnings)


def test_what_was_taken_away_is_said():
    assert names.cleaned_name("张\u200b三（女）")[1] == [
        "“张三（女）” held invisible signs, which were removed.",
        "“（女）” behind “张三” is not part of the name and was left out.",
    ]


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    once, _ = names.cleaned_name(text)
    assert names.cleaned_name(once)[0] == once
    assert not any(unicodedata.category(sign) == "Cf" for sign in once)


@given(st.text(max_size=60))
def test_no_text_breaks_reading_or_judging(text):
    names.search_keys(text)
    names.name_objections(names.cleaned_name(text)[0])


@pytest.mark.parametrize(
    "name",
    ["张三", "古丽娜尔·买买提江", "王𬱖", "李䶮", "张〇", "Ana María", "O'Neill", "王\U00031350"],
)
def test_names_that_people_have(name):
    assert names.name_objections(name) == []


@pytest.mark.parametrize("name", ["<b>张三</b>", "=cmd|'/c calc'!A", '"张三"'])
def test_markup_and_formulas_are_kept_as_text(name):
    assert names.name_objections(name) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "There is no name. Write the name as on the ID card."),
        ("张" * 51, "The name has 51 signs. Write at most 50."),
        ("张😀", "The name holds “😀”, which no name has. Write the name as on the ID card."),
        ("张3", "The name holds “3”, which no name has. Write the name as on the ID card."),
        ("张\x00", "The name holds U+0000, which no name has. Write the name as on the ID card."),
        ("张\ud800", "The name holds U+D800, which no name has. Write the name as on the ID card."),
        ("张☎", "The name holds “☎”, which no name has. Write the name as on the ID card."),
    ],
)
def test_what_no_name_has_is_refused(name, sentence):
    [said] = names.name_objections(name)
    assert said == sentence
    assert (said.level, said.field) == ("error", "name")


def test_heaped_marks_are_refused():
    assert [said.code for said in names.name_objections("Z\u0351\u036b\u0343")] == [
        "name_foreign_sign"
    ]


@pytest.mark.parametrize("sign", ["\ue000", "□", "⿰", "?"])
def test_a_stand_in_for_a_rare_sign_warns(sign):
    [said] = names.name_objections(f"张{sign}")
    assert (said.code, said.level) == ("name_stand_in", "warning")
