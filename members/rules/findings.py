"""What each kind of finding is called in a list; the whole sentence is said by its rule."""

from __future__ import annotations

from registry.sentences import Sentence

FINDINGS = {
    "born_differs_from_id": Sentence("birth day differs from the ID number"),
    "sex_differs_from_id": Sentence("sex differs from the ID number"),
    "born_in_future": Sentence("born in the future"),
    "joined_in_future": Sentence("joined in the future"),
    "work_in_future": Sentence("began work in the future"),
    "joined_before_born": Sentence("joined before being born"),
    "full_before_joined": Sentence("full member before joining"),
    "left_before_joined": Sentence("left before joining"),
    "work_before_born": Sentence("began work before being born"),
    "joined_too_young": Sentence("joined before the age of 18"),
    "full_too_soon": Sentence("full member within a year"),
    "full_late": Sentence("full member later than after a year"),
    "full_without_date": Sentence("day of full membership missing"),
    "probationary_with_past_full_date": Sentence("probationary with a day of full membership"),
    "full_in_future": Sentence("full membership in the future"),
}


def finding_choices() -> list[tuple[str, str]]:
    return list(FINDINGS.items())
