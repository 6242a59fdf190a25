"""Everything that speaks against a deed, said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError

from branches.models.reorganizing import Objections
from registry.language import refuse
from registry.sentences import Sentence


def refuse_all(objections: Iterable[Sentence], *checks: Callable[[], object]) -> None:
    """Raise one ValidationError with the errors of the rules and whatever ``checks`` raise."""
    problems = Objections()
    for check in (lambda: refuse(objections), *checks):
        try:
            check()
        except ValidationError as error:
            problems.add_all(error)
    problems.stop()
