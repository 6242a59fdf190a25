"""按姓氏笔画为序: names stand as in official lists."""

from __future__ import annotations

import random

import pytest

from members.rules.strokes import ORDER, places, stroke_key

# Written by hand, as lists of delegates and officers have them.
LISTS = [
    "丁 卜 刁 于 万 卫 马 王 韦 尤 车 戈 牛 毛 仇 文 方 尹 孔 邓 甘 石 龙 叶 田 史 白 包 冯 兰 司",
    "丁 马 王 邓 石 叶 田 白 冯 宁 朱 刘 许 孙 李 杨 吴 何 张 陈 林 周 赵 胡 徐 郭 黄 曹 梁 蒋",
    "丁 于 王 李 张 欧阳 周 赵 钱 诸葛 韩 曾 谢 蔡 熊 潘 薛 戴 魏",
    "王一 王二 王丁 王三 王伟 王芳 王丽 王磊",  # the second sign
    "李小平 李小兰 李小红 李小明 李小勇",  # the third
    "李伟 李伟一 李伟明 李俊",  # who has a sign less comes first
]


@pytest.mark.parametrize("names", [line.split() for line in LISTS], ids=lambda line: line[0])
def test_names_stand_as_in_official_lists(names):
    mixed = random.Random(1).sample(names, len(names))
    assert sorted(mixed, key=stroke_key) == names


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("乙", "二"),  # fewer strokes first
        ("十", "卜"),  # 横 before 竖
        ("卜", "八"),  # 竖 before 撇
        ("义", "马"),  # 点 before 折
        ("天", "夫"),  # the same strokes: as 通用规范汉字表
        ("吉一", "𠮷一"),
        ("马丽", "马丽娜"),
        ("古丽娜尔·买买提江", "司马光"),
        ("古力", "古丽娜尔·买买提江"),
        ("㛃", "龑"),
        ("龑", "Anna"),  # letters have no strokes
    ],
)
def test_the_rules_one_by_one(before, after):
    assert stroke_key(before) < stroke_key(after)


def test_dots_and_blanks_do_not_count():
    assert stroke_key("阿卜杜·热合曼") == stroke_key("阿卜杜热合曼") == stroke_key("阿卜杜 热合曼")


def test_the_table_is_small_and_holds_each_sign_once():
    lines = ORDER.read_text(encoding="utf-8").splitlines()
    assert [int(line.split("\t")[0]) for line in lines][:36] == list(range(1, 37))
    assert len(places()) == sum(len(line.split("\t")[1]) for line in lines) == 27_782
    assert ORDER.stat().st_size < 100_000
    assert {*"䶮𬱖㛃龑堃〇煊翀彧珺玥祎"} <= set(places())
