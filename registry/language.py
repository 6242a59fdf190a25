"""How a door says what a rule has returned: in the reader's language, as Django's errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import wraps

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import get_language, gettext, gettext_noop, ngettext_lazy

from registry.sentences import ERROR, Sentence

# Django's own words whose Chinese reads better in our catalogue, which is asked before Django's.
DJANGOS_OWN = (
    gettext_noop(":"),
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        1,
    ),
    ngettext_lazy(  # Django has no Chinese for it
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        1,
    ),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was added successfully. You may edit it again below."),
    gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
)


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


def per_language(
    choices: Callable[[], list[tuple[str, str]]],
) -> Callable[[], list[tuple[str, str]]]:
    """Translate a table of choices once for each language: a list asks for it in every cell."""
    known: dict[str | None, list[tuple[str, str]]] = {}

    @wraps(choices)
    def translated() -> list[tuple[str, str]]:
        language = get_language()
        if language not in known:
            known[language] = choices()
        return known[language]

    return translated


def labelled(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return a rule's choices with their labels in the language in use."""
    return [
        (code, said(label) if isinstance(label, Sentence) else gettext(label))
        for code, label in choices
    ]
