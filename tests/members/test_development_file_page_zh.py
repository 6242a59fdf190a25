"""The pages of a file as clerks see them: in Chinese."""

from __future__ import annotations

import pytest

from tests.factories import a_user
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_pages import LIST, course_of, errors, page_of, step_of, warnings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zh", "on_that_day")]


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一党支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("committee_clerk", branch.parent, name="李文书")
    client.force_login(user)
    return user


def test_the_list_of_files(client, clerk, branch):
    a_file(branch)
    html = client.get(LIST).content.decode()
    for text in ("下一步", "入党申请人", "待我办理", "姓名、拼音或首字母、身份证号、手机号"):
        assert text in html


def test_the_page_of_a_file(client, clerk, branch):
    html = client.get(page_of(a_file(branch, until="activist"))).content.decode()
    for text in ("申请入党", "党组织派人谈话", "2022-03-20", "2026-11-20由–录入", "更正个人信息"):
        assert text in html


def test_the_form_of_a_step_and_what_it_says(client, clerk, branch):
    file = a_file(branch)
    late = client.post(step_of(file, "first_talk"), {"on": "2022-05-01", "who": "赵建国"})
    assert list(errors(late)) == ["reason"]
    assert warnings(late)[0].startswith("“党组织派人谈话”")
    html = client.get(step_of(file, "first_talk")).content.decode()
    for text in ("第2步", "谈话人", "按旧材料补录可填2019-03或2019", ">记录</button>"):
        assert text in html


def test_what_happens_to_a_file(client, clerk, branch):
    file = a_file(branch)
    html = client.get(course_of(file, "stop")).content.decode()
    assert "终止李晓梅的档案" in html
    assert "档案不再有待办事项，今后可以恢复。" in html
    answer = client.post(
        course_of(file, "stop"), {"stop_reason": "withdrawn", "on": "2026-11-20"}, follow=True
    )
    assert "李晓梅的档案已终止。" in answer.content.decode()
