"""What a step changes in the register of members, and how its withdrawal gives that back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from branches.rules import roles
from members.models.development.steps import StepTaken
from members.models.members import Member
from members.models.people import Person
from members.models.standing.former import former_of, free, readmission_objections
from members.rules import development
from members.rules.codes import FULL, PROBATIONARY
from members.rules.development.recorded import AGREED, CANCELLED, EXTENDED, ON_TIME
from members.rules.development.steps import APPROVALS
from registry.calendar import PartialDate
from registry.sentences import ERROR, Sentence

if TYPE_CHECKING:
    from members.models.development.judging import Attempt

LEFT_BY = "candidacy_cancelled"  # of the reasons for leaving
# What identifies and describes the person goes into the register with him.
COPIED = [
    each.name
    for each in Person._meta.concrete_fields
    if each.name not in {*Person.unlogged, "wrong_entry"}
] + ["category", "staff_number"]


# Said by the rules already: there is nobody to admit.
NO_MEMBER = frozenset({"already_member", "comes_first"})


def known_member(file: Any, by: Any) -> Member | None:
    """Return who ``file`` is about, where the register has him among the rows that ``by`` sees."""
    if file.member_id:
        return Member._base_manager.get(pk=file.member_id)
    if not file.id_digest:
        return None
    rows = Member.objects.all() if by is None else Member.objects.visible_to(by, roles.VIEW)
    # Of somebody who was admitted anew that is the later record.
    return rows.filter(id_digest=file.id_digest, wrong_entry=False).order_by("-pk").first()


def objections(attempt: Attempt, known: Collection[str]) -> list[Sentence]:
    """Return what the register has against an approval; ``known`` are codes said already."""
    if attempt.step not in APPROVALS or attempt.facts.get("result") != AGREED:
        return []
    if attempt.historical:
        return _historical(attempt)
    if attempt.on is None or not attempt.on.day:
        return [Sentence("An approval counts from its day. Give the whole date.", field="on",
                         code="approval_without_day")]  # fmt: skip
    if attempt.step == "approval":
        nobody = attempt.file.member_id or not NO_MEMBER.isdisjoint(known)
        return [] if nobody else _admission(attempt)
    return _full_membership(attempt)


def _historical(attempt: Attempt) -> list[Sentence]:
    if known_member(attempt.file, attempt.by):
        return []
    return [
        Sentence(
            "%(name)s is not on the roll. An approval entered afterwards makes nobody a member: "
            "enter the member first, with the same ID number.",
            code="historical_without_member",
            name=attempt.file.name,
        )
    ]


def _admission(attempt: Attempt) -> list[Sentence]:
    assembly = _last(attempt.known, "assembly")
    if assembly is None:
        return []
    if assembly.on is None or not assembly.on.day:
        return [
            Sentence(
                "Membership begins on the day of the assembly, which is known as “%(day)s” only. "
                "Withdraw the assembly and enter it with its day.",
                code="assembly_without_day",
                day=assembly.on or "",
            )
        ]
    member = _new_member(attempt.file, attempt.known)
    since = assembly.on.first_day
    checks: tuple[Callable[[], None], ...] = (
        lambda: member._refuse_place(attempt.file.organization, since),
        # The ID number of a former record is freed when the admission takes effect.
        lambda: member.full_clean(exclude=["number"], validate_constraints=not member.former),
        lambda: member.check_facts(attempt.today),
    )
    found = []
    if member.former:
        found += _against_rejoining(attempt, member.former, since)
    for check in checks:
        try:
            check()
        except ValidationError as error:
            for messages in error.update_error_dict({}).values():
                found += [Sentence(text) for each in messages for text in each.messages]
    return found


def _against_rejoining(attempt: Attempt, former: Member, since: date) -> list[Sentence]:
    """Return what a former membership says against this one; why, only to who sees its record."""
    found = readmission_objections(former, since, attempt.today)
    by = attempt.by
    if by is None or Member.objects.visible_to(by).filter(pk=former.pk).exists():
        return found
    if not any(said.level == ERROR for said in found):
        return []
    return [
        Sentence(
            "%(name)s cannot be admitted anew yet. Ask the committee above, which has the papers "
            "of the former membership.",
            code="rejoins_too_soon",
            name=former.name,
        )
    ]


def _full_membership(attempt: Attempt) -> list[Sentence]:
    file = attempt.file
    member = Member._base_manager.filter(pk=file.member_id).first()
    if member is None or not member.is_on_roll:
        return [
            Sentence(
                "%(name)s is not on the roll. Enter the approval of the admission first.",
                code="not_on_roll",
                name=file.name,
            )
        ]
    return []


def _last(known: development.File, step: str) -> development.Done | None:
    return next((done for done in reversed(known.done) if done.step == step), None)


def _new_member(file: Any, known: development.File) -> Member:
    assembly, sponsors = _last(known, "assembly"), _last(known, "sponsors")
    named = sponsors.facts.get("sponsors", []) if sponsors else []
    day = assembly.on if assembly else None
    return Member(
        **{name: getattr(file, name) for name in COPIED},
        kind=PROBATIONARY,
        joined_on=day,
        joined_in=file.organization.name_on(day.first_day)[:100] if day else "",
        sponsors="、".join(each.get("name", "") for each in named)[:100],
        organization=file.organization,
        former=former_of(file.id_digest),
    )


def take_effect(row: StepTaken, attempt: Attempt) -> dict[str, Any]:
    """Do in the register what follows from ``row``, and return what ``give_back`` needs.

    Sets the file's own columns and does not save it.
    """
    file = attempt.file
    if row.step == "archive":
        file.archived_on = row.taken_on.first_day if row.taken_on else attempt.today
        return {"archived": True}
    if row.step not in APPROVALS or row.result != AGREED:
        return {}
    if attempt.historical:
        member = known_member(file, attempt.by)
        joined = file.member_id is None and member is not None
        file.member = member
        effect: dict[str, Any] = {"joined": True} if joined else {}
        return effect | (_course_of(attempt) if row.step == "full_approval" else {})
    if row.step == "approval":
        return {} if file.member_id else _admit(attempt)
    return _decide(row, attempt)


def _admit(attempt: Attempt) -> dict[str, Any]:
    member = _new_member(attempt.file, attempt.known)
    since = member.joined_on.first_day if member.joined_on else attempt.today
    if member.former:
        free(member.former, since)
    member.admit(since, began="developed", today=attempt.today)
    attempt.file.member = member
    return {"admitted": member.pk}


def _decision(attempt: Attempt) -> development.Done | None:
    return _last(attempt.known, "full_assembly")


def _course_of(attempt: Attempt) -> dict[str, Any]:
    """What a decision on full membership means for the file itself, whatever its age."""
    decision = _decision(attempt)
    result = decision.facts.get("result", ON_TIME) if decision else ON_TIME
    if result == EXTENDED:
        return {"extended": True}
    if result == CANCELLED:
        file = attempt.file
        file.stopped_on = attempt.on.first_day if attempt.on else attempt.today
        file.stop_reason = CANCELLED
        return {"stopped": True}
    return {}


def _decide(row: StepTaken, attempt: Attempt) -> dict[str, Any]:
    file = attempt.file
    member = Member._base_manager.get(pk=file.member_id)
    effect = _course_of(attempt)
    if "stopped" in effect:
        file.save()  # the member's leaving would stop it otherwise
        member.leave(LEFT_BY, file.stopped_on)
        return effect | {"left": True}
    before = {
        "kind": member.kind,
        "full_member_on": str(member.full_member_on or ""),
        "probation_extended_by": member.probation_extended_by,
    }
    decision = _decision(attempt)
    if "extended" in effect:
        months = decision.facts.get("extended_months", 0) if decision else 0
        member.probation_extended_by = int(months)
    else:
        member.kind = FULL
        member.full_member_on = development.full_member_on(_with(row, attempt))
    member.correct(attempt.today)
    file.member = member
    return effect | {"before": before}


def _with(row: StepTaken, attempt: Attempt) -> development.File:
    """The file as it is with the step that is being taken."""
    known = attempt.known
    return development.File(**{**vars(known), "done": (*known.done, row.done())})


def give_back(row: StepTaken, file: Any, reason: str, on: Any) -> None:
    """Undo in the register what ``row`` has done there; sets the file's columns, saves no file."""
    effect = row.effect
    if "archived" in effect:
        file.archived_on = None
    if "stopped" in effect:
        file.stopped_on, file.stop_reason = None, ""
    member = Member._base_manager.get(pk=file.member_id) if file.member_id else None
    if "joined" in effect:
        file.member = None
    if member is None:
        return
    if "admitted" in effect:
        member.mark_wrong(reason)
        file.member = None
    if "left" in effect and member.left_on:
        member.restore(member.left_on)
    if before := effect.get("before"):
        member.kind = before["kind"]
        full = before["full_member_on"]
        member.full_member_on = PartialDate.of(full) if full else None
        member.probation_extended_by = before["probation_extended_by"]
        member.correct(on)
