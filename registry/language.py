"""How a door says what a rule has returned: in the reader's language, as Django's errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext

from registry.sentences import ERROR, Sentence


def said(sentence: str) -> str:
    """Return the sentence in the language in use; plain text comes back as it is."""
    return sentence.said_with(gettext) if isinstance(sentence, Sentence) else sentence


def refuse(objections: Iterable[Sentence]) -> None:
    """Raise one ValidationError with every objection that is an error, each at its field."""
    errors = defaultdict(list)
    for objection in objections:
        if objection.level == ERROR:
            error = ValidationError(said(objection), code=objection.code or None)
            errors[objection.field or NON_FIELD_ERRORS].append(error)
    if errors:
        raise ValidationError(dict(errors))


def labelled(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return a rule's choices with their labels in the language in use."""
    return [
        (code, said(label) if isinstance(label, Sentence) else gettext(label))
        for code, label in choices
    ]
