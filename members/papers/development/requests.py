"""请示: what a branch asks of its committee: pre-review, acceptance, full membership."""

from __future__ import annotations

from members.models import DevelopmentFile
from members.papers.development.stories import Story, story_of
from members.papers.development.wording import (
    FIGURE,
    Votes,
    day_or_blank,
    described,
    his_way,
    names,
    number_line,
    or_blank,
    refuse_wrong_entry,
    words,
)
from members.rules.development.recorded import CANCELLED, EXTENDED, REFUSED
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.letters import Letter
from registry.papers.writing import DOCX, PDF

ASK = "现将有关材料随文呈报。妥否，请批示。"
# What an assembly has decided on full membership, as titles and sentences have it.
DECIDED = {
    "": "{name}同志按期转为中共正式党员",
    EXTENDED: "延长{name}同志预备期",
    CANCELLED: "取消{name}同志预备党员资格",
}


def admission_request(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return 关于接收…为中共预备党员的请示, with the votes as far as they were recorded."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    votes = Votes.of(story, "assembly")
    sponsors = "、".join(names(story.fact("sponsors", "sponsors")))
    return _request(
        story,
        asked,
        "assembly",
        f"关于接收{file.name}同志为中共预备党员的请示",
        (
            f"{described(file)}。该同志{his_way(story)}。入党介绍人为{or_blank(sponsors)}。",
            (
                f"经政治审查，结论为{or_blank(story.chosen('political_review'), FIGURE)}；"
                f"{_training(story)}；{day_or_blank(story.on('pre_review'))}经上级党委预审，"
                f"结论为{or_blank(story.chosen('pre_review'), FIGURE)}。"
            ),
            (
                f"{day_or_blank(story.on('assembly'))}，我支部召开支部大会，讨论接收{file.name}同志为"
                f"中共预备党员的问题。{votes.attendance}。经无记名投票表决，{votes.count}，"
                f"大会决议{_agreed(story)}接收{file.name}同志为中共预备党员。"
            ),
        ),
    )


def _training(story: Story) -> str:
    days, hours = (words(story.fact("training", name)) for name in ("days", "hours"))
    lasted = [f"{days}天" if days else "", f"{hours}学时" if hours else ""]
    length = "、".join(filter(None, lasted)) or f"{FIGURE}天、{FIGURE}学时"
    return f"参加发展对象集中培训{length}"


def _agreed(story: Story) -> str:
    return "不同意" if story.fact("assembly", "result") == REFUSED else "同意"


def decided(story: Story) -> str:
    """Return what the last assembly has decided on full membership; on time where it is open."""
    result = words(story.fact("full_assembly", "result"))
    return DECIDED.get(result, DECIDED[""]).format(name=story.file.name)


def extension(story: Story) -> str:
    """Return how long and until when probation is extended; "" where it is not."""
    if story.fact("full_assembly", "result") != EXTENDED:
        return ""
    months = words(story.fact("full_assembly", "extended_months")) or FIGURE
    return f"{months}个月"


def full_request(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return the request for full membership, an extension or the end, as the assembly decided."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    votes = Votes.of(story, "full_assembly")
    what = decided(story)
    return _request(
        story,
        asked,
        "full_assembly",
        f"关于{what}的请示",
        (
            (
                f"{described(file)}。{day_or_blank(story.on('assembly'))}经支部大会讨论通过、"
                f"{day_or_blank(story.on('approval'))}经上级党委批准，被接收为中共预备党员，"
                f"预备期一年。{day_or_blank(story.on('full_application'))}提出转正申请。"
            ),
            f"预备期间，该同志{or_blank(words(story.fact('probation_review', 'opinion')))}。",
            (
                f"{day_or_blank(story.on('full_assembly'))}，我支部召开支部大会，讨论{file.name}同志的"
                f"转正问题。{votes.attendance}。经无记名投票表决，{votes.count}，"
                f"大会决议同意{what}{extension(story)}。"
            ),
        ),
    )


def _request(
    story: Story,
    asked: Asked,
    step: str,
    title: str,
    paragraphs: tuple[str, ...],
    closing: str = ASK,
) -> Letter:
    return Letter(
        title=title,
        number_line=number_line(asked),
        addressee=story.name_of_committee(asked.day, story.branch_of(step)),
        paragraphs=paragraphs,
        closing=closing,
        signature=story.name_of_branch(step, asked.day),
        day=asked.day,
    )


def pre_review_request(file: DevelopmentFile, asked: Asked) -> Letter:
    """Return 关于对发展对象…进行预审的请示."""
    refuse_wrong_entry(file)
    story = story_of(file, asked.day)
    sponsors = "、".join(names(story.fact("sponsors", "sponsors")))
    refused = story.fact("branch_review", "result") == REFUSED
    reviewed = f"认为其{'尚不具备党员条件' if refused else '具备党员条件，入党手续完备，材料齐全'}"
    return _request(
        story,
        asked,
        "branch_review",
        f"关于对发展对象{file.name}同志进行预审的请示",
        (
            f"{described(file)}。该同志{his_way(story)}。入党介绍人为{or_blank(sponsors)}。",
            (
                f"经政治审查，结论为{or_blank(story.chosen('political_review'), FIGURE)}；"
                f"{_training(story)}。{day_or_blank(story.on('branch_review'))}，党支部委员会对该"
                f"同志进行了严格审查，经集体讨论，{reviewed}。"
            ),
        ),
        "现将有关材料随文呈报，请予预审。",
    )


def _paper(key: str, title: str, make: object) -> Paper:
    return Paper(key, title, About.FILE, (PDF, DOCX), make, protected=False)  # type: ignore[arg-type]


PRE_REVIEW_REQUEST = _paper("pre_review_request", "发展对象预审请示", pre_review_request)
ADMISSION_REQUEST = _paper("admission_request", "接收预备党员请示", admission_request)
FULL_REQUEST = _paper("full_request", "预备党员转正请示", full_request)
