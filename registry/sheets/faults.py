"""What the database itself refuses while an upload is kept or written, as one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from registry.sentences import Sentence


class Unwritable(Exception):
    """The database could not be written to, so nothing of the step was; ``sentence`` says so."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Raise ``Unwritable`` where the disk is full or the database fails; its transaction is
    rolled back by then."""
    try:
        yield
    except OperationalError as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unwritable(
            Sentence(
                "The database cannot be written to (%(why)s). Nothing was written. See whether "
                "the disk is full, then do it again.",
                why=why,
            )
        ) from error
