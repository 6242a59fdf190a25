"""The pages of one person's file, in one line each."""

from __future__ import annotations

LIST = "/members/developmentfile/"
ADD = f"{LIST}add/"
DAY = "2026-11-20"


def page_of(file) -> str:
    return f"{LIST}{file.pk}/change/"


def step_of(file, step: str) -> str:
    return f"/development/files/{file.pk}/steps/{step}/"


def course_of(file, course: str) -> str:
    return f"/development/files/{file.pk}/{course}/"


def withdrawal_of(row) -> str:
    return f"/development/steps/{row.pk}/withdraw/"


def errors(answer) -> dict[str, list[str]]:
    """What stands at the boxes of a page of its own."""
    assert answer.status_code == 200, answer.headers
    return {name: list(each) for name, each in answer.context["form"].errors.items()}


def warnings(answer) -> list[str]:
    assert answer.status_code == 200, answer.headers
    return answer.context["form"].said_of_all


def confirmed(client, url: str, **typed):
    """Send a form, and once more where it asks to confirm what looks odd."""
    answer = client.post(url, typed)
    if answer.status_code == 200 and not answer.context["form"].errors:
        seen = answer.context["form"].confirms
        answer = client.post(url, typed | {"confirmed": seen})
    return answer


def lines(answer) -> dict:
    """The steps of a file's page by their codes."""
    return {
        line.step.code: line for part in answer.context["timeline"].parts for line in part.lines
    }
