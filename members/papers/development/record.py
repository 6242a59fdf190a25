"""发展党员工作全程纪实表: every step of a person's way, with its day and what was recorded."""

from __future__ import annotations

from collections.abc import Iterator

from members.models import DevelopmentFile
from members.models.development.acting import general_branch_over
from members.models.development.policies import LocalStep, LocalSteps
from members.papers.columns import printed
from members.papers.development.boxes import FORMS, person
from members.papers.development.stories import Story, story_of
from members.papers.development.wording import footer, refuse_wrong_entry, told
from members.rules.development import STAGES, STEPS, Step
from members.rules.development.steps import OF_A_GENERAL_BRANCH
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.forms import Box, Form, Row, label

PAPER = "发展党员工作全程纪实表"
# In mm: three labels and boxes beside each other; below them the step over two columns, its day,
# what was recorded over two, and who signs it.
WIDTHS = (24.0, 32.0, 26.0, 38.0, 32.0, 28.0)


def steps_of(story: Story) -> list[Step]:
    """Return the steps that there are for a file, in their order: those of the rules and of the
    offices above; of the optional ones those that were taken."""
    file = story.file
    began = file.began_on.first_day if file.began_on else None
    offices = LocalStep.objects.for_path(file.organization.path)
    own = {step.after[0]: step for step in LocalSteps(offices).at(file.organization.path, began)}
    has_general_branch = general_branch_over(file.organization) is not None
    found: list[Step] = []
    for step in STEPS.values():
        wanted = has_general_branch if step.code in OF_A_GENERAL_BRANCH else not step.optional
        if wanted or story.times(step.code):
            found.append(step)
        if step.code in own:
            found.append(own[step.code])
    return found


def development_record(file: DevelopmentFile, asked: Asked) -> Form:
    """Return the record of a person's whole way; what is still to come has room to be written."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    rows = [*person(file, story, asked), *_rows(story)]
    return Form(
        title=f"{file.name}{PAPER}",
        heading=PAPER,
        above=(f"上级党组织：{story.name_of_committee(asked.day)}", ""),
        widths=WIDTHS,
        rows=tuple(rows),
        day=asked.day,
        below=("填表人：", "审核人：", "日期：　　　　年　　月　　日"),
        footer=footer(asked, "身份证号码"),
    )


def _rows(story: Story) -> Iterator[Row]:
    steps = steps_of(story)
    yield Row((label("环节", 2), label("时间"), label("主要情况", 2), label("经办人签名")))
    for stage in STAGES.values():
        yield Row((Box(f"{stage.numeral}、{stage.chinese}", 6),), band=True)
        for step in steps:
            if step.stage == stage.code:
                yield from _taken(step, story)


def _taken(step: Step, story: Story) -> Iterator[Row]:
    name = f"{step.number}　{step.chinese}"
    times = story.times(step.code)
    if not times:
        yield Row((Box(name, 2), Box(""), Box("", 2), Box("")))
    for at, row in enumerate(times, start=1):
        again = f"（第{at}次）" if len(times) > 1 else ""
        text = told(step, row.facts)
        yield Row((Box(name + again, 2), Box(printed(row.taken_on)), Box(text, 2), Box("")))


DEVELOPMENT_RECORD = Paper("development_record", PAPER, About.FILE, FORMS, development_record)
