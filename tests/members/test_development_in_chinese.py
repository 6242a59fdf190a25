"""The pages of development as clerks see them, in Chinese."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import a_user
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_doors import a_waiting_file, days, ticked, together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day", "zh")]


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一支部")


@pytest.fixture(autouse=True)
def branch_clerk(client, branch):
    client.force_login(a_user("branch_clerk", branch))


def text_of(client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_desk(client, branch):
    a_waiting_file(branch, "王小明", assembly={"due_by": days(-1)})
    text = text_of(client, "/development/")
    for words in ("发展党员", "待办", "已逾期", "今天到期", "30天内到期", "支部大会讨论", "等待",
                  "按步骤", "集中录入"):  # fmt: skip
        assert words in text, words
    assert "没有在办档案" in text_of(client, "/development/?state=all") or "王小明" in text


def test_one_meeting_for_many(client, branch):
    file = a_file(branch, name="王小明", until="application_form")
    text = text_of(client, together(branch, "assembly"))
    for words in ("主持人", "应到", "赞成", "书面赞成", "为勾选的人员录入", "暂不能办的人员"):
        assert words in text, words
    typed = {"on": "2026-11-20", "entitled": "12", "present": "4"}
    answer = client.post(
        together(branch, "assembly"), typed | ticked(file, votes_for="4", result="agreed")
    )
    said = [sentence for _place, sentence in answer.context["errors"]]
    assert any(sentence.startswith("王小明：") for sentence in said), said
    assert "尚未录入。已填写的内容保留在下方。" in answer.content.decode()


def test_board_and_settings(client, branch):
    a_file(branch, name="王小明", until="approval")
    text = text_of(client, "/development/board/?year=2024")
    for words in ("看板", "接收预备党员", "后备梯队", "35岁及以下", "生产工作一线", "发展计划"):
        assert words in text, words
    text = text_of(client, "/development/policies/")
    for words in ("双人办理", "自设步骤", "尚无规定，按默认办理。"):
        assert words in text, words


def test_what_a_command_cannot_do():
    with pytest.raises(CommandError, match=r"“ten”不是天数。写成 30 的形式。"):
        call_command("deadlines", "--within=ten", stdout=StringIO())
