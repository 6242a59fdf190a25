"""What clerks ask of the members: by what they type into the search box, by what is missing.

The shape of the typed text decides which one indexed column is asked, always by equality or by a
range of bytes: a question over several columns, or inside a text, reads the whole table.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from members.models.findings import Finding
from members.models.offices import Office
from members.models.people import ID_NUMBER, PHONE, id_digest, phone_digest
from members.rules import codes, completeness, identity, names
from registry.calendar import PartialDate, code_from, years_after

NAME, INITIALS, PINYIN, NUMBER, STAFF = "name", "initials", "pinyin", "number", "staff_number"
PROTECTED = frozenset({ID_NUMBER, PHONE})
LAST_SIGN = "\U0010ffff"

_SYLLABLES = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?[aeiouv]+(?:ng|n|r)?)*"
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
)
_NUMBER = re.compile(r"[Dd]?0*(\d{1,8})")


def shape_of(text: str) -> tuple[str, str]:
    """Return the column that ``text`` asks, and what is asked of it; ("", "") for nothing.

    18 or 15 signs of an ID number and 11 digits of a mobile phone ask for exactly that value.
    Letters that are no syllables of pinyin (zs, zsf) are initials; other letters pinyin.
    """
    bare = "".join(sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cc", "Cs"})
    tight = "".join(unicodedata.normalize("NFKC", bare).split())
    if re.fullmatch(r"\d{17}[\dXx]", tight):
        return ID_NUMBER, tight.upper()
    if re.fullmatch(r"\d{15}", tight):
        return ID_NUMBER, identity.from_15(tight)
    if re.fullmatch(r"1\d{10}", tight):
        return PHONE, tight
    if not tight.isascii():
        return NAME, names.cleaned_name(bare)[0]
    letters = re.sub(r"['’·.\-]", "", tight).lower()
    if letters.isalpha():
        # No vowel, or no row of syllables: somebody types the first letters only.
        initials = not set(letters) & set("aeiouv") or not _SYLLABLES.fullmatch(letters)
        return (INITIALS if initials else PINYIN), letters
    if found := _NUMBER.fullmatch(tight):
        return NUMBER, found[1] if tight[0] in "Dd" else tight
    return (STAFF, tight) if tight and len(tight) <= 30 else ("", "")


def is_common(shape: str, asked: str) -> bool:
    """Whether so many may answer to it that the index of its column is a long way round."""
    return len(asked) <= {NAME: 1, INITIALS: 2, PINYIN: 5}.get(shape, 0)


def probationary_on(day: date, of: str = "") -> Q:
    """Who was a probationary member on ``day``: who is one, or became a full member later.

    ``of`` is the way to the member, as ``member__``.
    """
    later = {f"{of}full_member_on__gt": PartialDate.of(day)}
    return Q(**{f"{of}kind": codes.PROBATIONARY}) | Q(**later)


class PersonQuestions(models.QuerySet[Any]):
    """What is asked of people alike, be they members or on their way to it."""

    def found_by(self, text: str, *, among_few: bool = False) -> Self:
        """The people whom the search box finds by ``text``, in the order of the asked column.

        ``among_few`` says that these rows are few already. A common surname stands on 75,000 of a
        million lines of the index, so then the few are read, and the index is hidden behind "".
        """
        shape, asked = shape_of(text)
        if shape in {NAME, INITIALS, PINYIN} and asked:
            column = NAME if shape == NAME else f"name_{shape}"
            rows = self
            if among_few and is_common(shape, asked):
                rows = rows.annotate(_asked=Concat(column, Value("")))
                column = "_asked"
            asked_range = {f"{column}__gte": asked, f"{column}__lt": asked + LAST_SIGN}
            return rows.filter(**asked_range).order_by(column, "pk")
        if shape == ID_NUMBER:
            return self.filter(id_digest=id_digest(asked)).order_by("pk")
        if shape == PHONE:
            return self.filter(phone_digest=phone_digest(asked)).order_by("pk")
        if shape == NUMBER:
            return self.filter(self._numbered(asked) | Q(staff_number=asked)).order_by("pk")
        return self.filter(staff_number=asked).order_by("pk") if shape else self.none()

    def _numbered(self, asked: str) -> Q:
        """Who bears the public number ``asked``: nobody but members has one."""
        return Q(pk__in=[])

    def aged(self, on: date, *, at_least: int | None = None, at_most: int | None = None) -> Self:
        """The people of these ages on ``on``, as far as their dates of birth tell."""
        rows = self
        if at_least is not None:
            rows = rows.filter(born_on__lte=PartialDate.of(years_after(on, -at_least)))
        if at_most is not None:
            rows = rows.filter(born_on__gt=PartialDate.of(years_after(on, -at_most - 1)))
        return rows


class MemberQuestions(PersonQuestions):
    """The part of the members' queryset that answers search and filters."""

    def _numbered(self, asked: str) -> Q:
        return Q(number=f"D{int(asked):08}") if int(asked) < 10**8 else Q(pk__in=[])

    def lacking(self, field: str) -> Self:
        """The members whose record ought to hold ``field`` and does not; as the rule asks it."""
        item = next(each for each in completeness.ITEMS if each.field == field)
        rows = self.filter(_is_empty(self.model, field))
        if item.or_else:
            rows = rows.filter(_is_empty(self.model, item.or_else))
        return rows.filter(**dict([item.only_if])) if item.only_if else rows

    def incomplete(self) -> Self:
        return self.filter(missing_count__gt=0)

    def with_open_finding(self, code: str = "") -> Self:
        """The members in whose record something looks odd, and nobody has let it stand."""
        found = Finding.objects.standing_open().filter(member=OuterRef("pk"))
        return self.filter(Exists(found.filter(code=code) if code else found))

    def holding_office(self, on: date, post: str = "") -> Self:
        """The members who hold ``post``, or any post, on ``on``."""
        held = Office.objects.on(on).filter(member=OuterRef("pk"))
        return self.filter(Exists(held.filter(post=post) if post else held))

    def joined_from(self, day: PartialDate) -> Self:
        return self.filter(joined_on__gte=code_from(day.first_day))

    def joined_to(self, day: PartialDate) -> Self:
        return self.filter(joined_on__lte=PartialDate.of(day.last_day))

    def with_party_birthday_in(self, month: int) -> Self:
        """The members who joined in that month of a year: a date kept as 19850612 tells it."""
        code = Cast(F("joined_on"), IntegerField())
        return self.annotate(_month=(code / 100) % 100).filter(_month=month)

    def with_party_birthdays(self, first: date, last: date) -> Self:
        """The members whose Party birthday is one of the days from ``first`` to ``last``, both
        included; one who joined on 29 February has it on the 28th in a common year."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        codes_of_days = {day.month * 100 + day.day for day in days}
        codes_of_days |= {229 for day in days if (day + timedelta(days=1)).month == 3 > day.month}
        code = Cast(F("joined_on"), IntegerField())
        return self.annotate(_day=code % 10_000).filter(_day__in=codes_of_days)


def _is_empty(model: type[models.Model], field: str) -> Q:
    digest = {ID_NUMBER: "id_digest", PHONE: "phone_digest"}.get(field)
    column = model._meta.get_field(digest or field)
    return Q(**{f"{column.name}__isnull": True} if column.null else {column.name: ""})  # type: ignore[union-attr]
