"""What speaks against the data of a step: votes, people named, days of training, results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from members.rules import vote
from members.rules.development import wording
from members.rules.development.recorded import CANCELLED, EXTENDED, ON_TIME, REFUSED
from members.rules.development.route import Stop
from members.rules.development.rule_sets import RuleSet
from members.rules.development.step import Recorded
from members.rules.development.taken import Taken
from registry.calendar import PartialDate
from registry.sentences import Sentence, warning
from registry.working_days import notice_ends_on

VOTES = (
    "entitled", "due", "present", "written_for", "written_against", "votes_for", "votes_against",
    "abstained",
)  # fmt: skip


def objections_to_facts(
    stop: Stop,
    rules: RuleSet,
    taken: Taken,
    on: PartialDate | None,
    facts: Mapping[str, Any],
    *,
    historical: bool,
) -> list[Sentence]:
    """Return what contradicts the rules in ``facts``, by the codes of the step's records.

    What cannot have been is an error at any age of the file: votes that do not add up, fewer than
    two sponsors or one of them twice, a second extension. A gap is an error only in a live step.
    """
    found = [] if historical else _gaps(stop.step.records, facts)
    found += _outside_the_choices(stop.step.records, facts)
    if stop.code in {"assembly", "full_assembly"}:
        found += _against_the_vote(stop.code, facts, historical=historical)
    if stop.code == "full_assembly":
        found += _against_the_extension(rules, taken, facts)
    if stop.code in {"sponsors", "mentors"} and stop.code in facts:
        found += _against_the_people(stop.code, rules, facts[stop.code], historical=historical)
    if stop.code == "training":
        found += _against_the_training(rules, facts)
    if stop.code in {"object_notice", "full_notice"}:
        found += _against_the_notice(rules, on, facts)
    return found


def _gaps(records: Sequence[Recorded], facts: Mapping[str, Any]) -> list[Sentence]:
    return [
        Sentence(
            "“%(record)s” is missing. Enter it.",
            field="present" if record.kind == "votes" else record.code,
            code="record_missing",
            record=record.label,
        )
        for record in records
        if record.required and _is_missing(record, facts)
    ]


def _is_missing(record: Recorded, facts: Mapping[str, Any]) -> bool:
    if record.kind == "votes":
        return any(facts.get(name) is None for name in ("due", "present", "votes_for"))
    return facts.get(record.code) in (None, "", [])


def _outside_the_choices(records: Sequence[Recorded], facts: Mapping[str, Any]) -> list[Sentence]:
    return [
        Sentence(
            "“%(written)s” is no choice for “%(record)s”. Choose one from the list.",
            field=record.code,
            code="choice_unknown",
            written=facts[record.code],
            record=record.label,
        )
        for record in records
        if record.choices and facts.get(record.code) and facts[record.code] not in record.choices
    ]


def _against_the_vote(step: str, facts: Mapping[str, Any], *, historical: bool) -> list[Sentence]:
    numbers = {name: facts[name] for name in VOTES if isinstance(facts.get(name), int)}
    excused = facts.get("excused") or []
    found = [
        Sentence(
            "“%(reason)s” is no reason for not being due. Choose one of the five.",
            field="excused",
            code="excuse_unknown",
            reason=one.get("reason", ""),
        )
        for one in excused
        if one.get("reason") not in vote.EXCUSES
    ]
    found += vote.adding_up(numbers, len(excused))
    if not {"due", "present"} <= set(numbers):
        return found
    due, present = numbers["due"], numbers["present"]
    # Who was not admitted is recorded as refused; an extension is no vote for full membership.
    admits = facts.get("result", ON_TIME) not in {REFUSED, EXTENDED, CANCELLED}
    if admits and "votes_for" in numbers:
        judged = vote.admission(due, present, numbers.get("written_for", 0), numbers["votes_for"])
    else:
        judged = vote.quorum(due, present)
    majority = [said for said in judged if said.code in vote.MAJORITY_CODES]
    return found + ([wording.as_warning(said) for said in majority] if historical else majority)


def _against_the_extension(
    rules: RuleSet, taken: Taken, facts: Mapping[str, Any]
) -> list[Sentence]:
    if facts.get("result") != EXTENDED:
        return []
    found = []
    shortest, longest = rules.shortest_extension, rules.longest_extension
    months = facts.get("extended_months")
    if not isinstance(months, int) or not shortest <= months <= longest:
        found.append(
            Sentence(
                "Probation is extended by %(shortest)s to %(longest)s months, not by %(months)s. "
                "Enter whole months.",
                field="extended_months",
                code="extension_length",
                shortest=shortest,
                longest=longest,
                months="…" if months in (None, "") else months,
            )
        )
    if taken.asked_extension is not None and "full_assembly" not in taken.refused:
        found.append(
            Sentence(
                "Probation was extended before, on %(day)s, and is extended only once. Decide on "
                "full membership or cancel.",
                field="result",
                code="extended_twice",
                day=taken.asked_extension.on or "…",
            )
        )
    return found


def _against_the_people(
    step: str, rules: RuleSet, people: Sequence[Mapping[str, Any]], *, historical: bool
) -> list[Sentence]:
    found = []
    fewest = rules.fewest_sponsors if step == "sponsors" else rules.fewest_mentors
    seen: list[Mapping[str, Any]] = []
    for person in people:
        if any(_are_the_same(person, other) for other in seen):
            found.append(
                Sentence(
                    "“%(name)s” is named twice. Name somebody else.",
                    field=step,
                    code="named_twice",
                    name=person.get("name", ""),
                )
            )
        else:
            seen.append(person)
        found += _against_one(step, person, historical=historical)
    able = [one for one in seen if not _against_one(step, one, historical=historical)]
    if len(able) < fewest:
        found.append(
            Sentence(
                "%(able)s of the people named are full members and free to act; at least "
                "%(fewest)s are needed. Name another one.",
                field=step,
                code="too_few_named",
                able=len(able),
                fewest=fewest,
            )
        )
    if step == "mentors" and len(seen) > rules.most_mentors:
        found.append(
            warning(
                "%(named)s mentors are named; one or two are usual. Check the list.",
                field=step,
                code="too_many_named",
                named=len(seen),
            )
        )
    return found


def _are_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """By the member where both are known on the roll, else by the name."""
    if one.get("member") is not None and other.get("member") is not None:
        return bool(one["member"] == other["member"])
    return "".join(str(one.get("name", "")).split()) == "".join(str(other.get("name", "")).split())


def _against_one(step: str, person: Mapping[str, Any], *, historical: bool) -> list[Sentence]:
    """Old papers often give a mere name: what nobody knows is held against nobody there."""
    found = []
    if not person.get("full_member", historical):
        found.append(
            Sentence(
                "“%(name)s” is no full member. Sponsors and mentors are full members; name "
                "somebody else.",
                field=step,
                code="not_a_full_member",
                name=person.get("name", ""),
            )
        )
    if step == "sponsors" and person.get("under_probation_in_party", False):
        # 留党察看 is not named: few may see discipline, and this is said to many.
        found.append(
            Sentence(
                "“%(name)s” cannot be a sponsor at present. Name somebody else.",
                field=step,
                code="cannot_sponsor",
                name=person.get("name", ""),
            )
        )
    return found


def _against_the_training(rules: RuleSet, facts: Mapping[str, Any]) -> list[Sentence]:
    days, hours = facts.get("days") or 0, facts.get("hours") or 0
    if not (days or hours) or days >= rules.training_days or hours >= rules.training_hours:
        return []
    return [
        warning(
            "%(days)s days and %(hours)s class hours are less than %(least_days)s days or "
            "%(least_hours)s hours (%(source)s, article 17). Complete the training.",
            field="days",
            code="training_too_short",
            days=days,
            hours=hours,
            least_days=rules.training_days,
            least_hours=rules.training_hours,
            source=rules.source,
        )
    ]


def _against_the_notice(
    rules: RuleSet, on: PartialDate | None, facts: Mapping[str, Any]
) -> list[Sentence]:
    written = facts.get("until")
    if not written or on is None or not on.day:
        return []
    try:
        until = date.fromisoformat(str(written))
    except ValueError:
        return [
            Sentence(
                "“%(written)s” is not a date. Write it as 2024-07-01.",
                field="until",
                code="date_unreadable",
                written=written,
            )
        ]
    if until < on.first_day:
        return [
            Sentence(
                "The notice ends on %(until)s, before it begins on %(on)s. Check both dates.",
                field="until",
                code="notice_ends_before",
                until=until,
                on=on,
            )
        ]
    least, provisional = notice_ends_on(on.first_day, rules.notice_working_days)
    if not rules.notice_working_days or until >= least:
        return []
    found = [
        warning(
            "A notice of %(on)s stands %(days)s working days, until %(least)s; this one ends on "
            "%(until)s (%(source)s). Let it stand longer.",
            field="until",
            code="notice_too_short",
            on=on,
            days=rules.notice_working_days,
            least=least,
            until=until,
            source=rules.source,
        )
    ]
    return found + ([wording.PROVISIONAL] if provisional else [])
