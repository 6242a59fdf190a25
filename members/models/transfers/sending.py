"""The verbs of a transfer out: proposed, its letter issued, accepted, the receipt entered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from branches.models import Organization, may
from branches.models.reorganizing import hold_tree
from branches.rules import roles
from members.models.dues.standings import DuesStanding
from members.models.members import Member
from members.models.placing import take_back_move
from members.models.transfers.policies import passing_through
from members.models.transfers.stepping import Stepping, as_destination, refuse_all
from members.rules import transfers
from members.rules.placements import MOVED, TRANSFERRED_OUT
from members.rules.transfers import Destination, Leaver
from registry.calendar import first_of_month
from registry.models import Counter
from registry.sentences import Sentence


@dataclass(frozen=True)
class Going:
    """How and where to people go, all alike; ``paid_to`` is said only where it is known better
    than the ledger of dues knows it, and is the same month for all of them."""

    kind: str
    to_organization: Organization | None = None
    to_outside: str = ""
    addressee: str = ""
    validity_days: int | None = None
    paid_to: date | None = None
    document: str = ""


class Sending(Stepping):
    """The columns stand in ``Transfer``, hence ``self: Any``."""

    class Meta:
        abstract = True

    # Proposing

    @classmethod
    @transaction.atomic
    def send_out(
        cls, members: Collection[Member], going: Going, on: date, today: date
    ) -> list[Any]:
        """Propose the transfer of ``members``, all alike, and return their transfers in the order
        of the roster. Raises ValidationError with every objection to any of them, and then none
        is entered."""
        hold_tree(shared=len(members) == 1)
        people = cls._people(members, lock=True)
        refuse_all(cls._judged(people, going, on, today))
        paid = _paid_to(people)
        new: Any = cls
        sent = []
        for member in people:
            transfer = new(
                member=member,
                kind=going.kind,
                direction=transfers.OUT,
                begun_on=on,
                from_organization=member.organization,
                to_organization=going.to_organization,
                to_outside=" ".join(going.to_outside.split()),
                addressee=" ".join(going.addressee.split()).rstrip("：: "),
                paid_to=first_of_month(going.paid_to) if going.paid_to else paid[member.pk],
                document=going.document,
                validity_days=(
                    going.validity_days if transfers.KINDS[going.kind].has_letter else None
                ),
            )
            transfer.full_clean(validate_constraints=False)
            transfer.save()
            sent.append(transfer)
        return sent

    @classmethod
    def judging(
        cls, members: Collection[Member], going: Going, on: date, today: date
    ) -> list[Sentence]:
        """Return what speaks against sending ``members`` out, errors and warnings."""
        return cls._judged(cls._people(members), going, on, today)

    @classmethod
    def _people(cls, members: Collection[Member], *, lock: bool = False) -> list[Member]:
        rows = Member.objects.select_related("organization")
        if lock:
            rows = rows.select_for_update(of=("self",), no_key=True)
        return list(rows.filter(pk__in=[each.pk for each in members]).in_roster_order())

    @classmethod
    def _judged(
        cls, people: Sequence[Member], going: Going, on: date, today: date
    ) -> list[Sentence]:
        found: list[Sentence] = []
        if transfers.KINDS[going.kind].has_letter:
            found += transfers.letter_objections(
                on, going.validity_days, incoming=False, begun_on=on, today=on
            )
        paid = _paid_to(people)
        manager: Any = cls._default_manager
        keys = [each.pk for each in people]
        under_way = manager.open().filter(member__in=keys, accepted_on__isnull=True)
        busy = set(under_way.values_list("member", flat=True))
        to = going.to_organization and Organization.objects.get(pk=going.to_organization.pk)
        since = _since(keys)
        for member in people:
            leaver = Leaver(
                name=member.name,
                on_roll=member.is_on_roll,
                since=since.get(member.pk, on),
                kind=member.kind,
                joined_on=member.joined_on,
                probation_extended_by=member.probation_extended_by,
                paid_to=first_of_month(going.paid_to) if going.paid_to else paid[member.pk],
                under_way=member.pk in busy,
            )
            where = Destination(going.to_outside)
            if to:
                where = as_destination(to, member.organization_id)
            found += transfers.sending_objections(going.kind, leaver, where, on, today)
        return found

    # The letter

    @classmethod
    @transaction.atomic
    def issue_letters(cls, chosen: Sequence[Any], on: date, today: date, *, by: Any) -> list[Any]:
        """Issue the letters of ``chosen`` transfers, each under the next number of its committee's
        year, and return them in the order of their numbers.

        The committee is the nearest above the branch that is entitled to approve members; ``by``
        needs the verb there. Raises ValidationError with every objection, and then none is issued.
        """
        hold_tree(shared=len(chosen) == 1)
        manager: Any = cls._base_manager
        keys = [each.pk for each in chosen]
        rows = manager.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
        held = list(
            rows.select_related("member", "from_organization").order_by(
                "from_organization__path", "pk"
            )
        )
        found: list[Sentence] = []
        for each in held:
            found += each._against_letter(on, today, by)
        refuse_all(found)
        for each in held:
            each._number(on, by)
        return held

    def _against_letter(self: Any, on: date, today: date, by: Any) -> list[Sentence]:
        words = {"name": self.name, "branch": self.from_organization}
        if self.state(on) != transfers.PROPOSED:
            return [
                Sentence(
                    "No letter of %(name)s is to be issued. Look at the transfer.",
                    code="no_letter_due",
                    name=self.name,
                )
            ]
        found = transfers.letter_objections(
            on, self.validity_days, incoming=False, begun_on=self.begun_on, today=today
        )
        found += self._against_person()
        self.issuer = self.from_organization.stamping_superior()
        if self.issuer is None:
            found.append(
                Sentence(
                    "No organisation above %(branch)s in this register may stamp letters. Ask "
                    "its superior outside.",
                    code="nobody_stamps",
                    branch=words["branch"],
                )
            )
        elif not may(by, roles.ISSUE, self.issuer.path):
            found.append(
                Sentence(
                    "Letters of %(branch)s are issued by %(issuer)s. Ask a clerk there.",
                    code="issued_elsewhere",
                    issuer=self.issuer,
                    **words,
                )
            )
        return found

    def _against_person(self: Any) -> list[Sentence]:
        """Say where the member is no longer where the transfer began."""
        member = self.member
        if member.is_on_roll and member.organization_id == self.from_organization_id:
            return []
        return [
            Sentence(
                "%(name)s is no longer in %(branch)s. Withdraw the transfer.",
                code="gone",
                name=self.called,
                branch=self.from_organization,
            )
        ]

    def _number(self: Any, on: date, by: Any) -> None:
        """Give the letter its number and its days."""
        self.year = on.year
        self.number = Counter.take(f"transfer_letter:{self.issuer.pk}:{on.year}")[0]
        self.issued_on = on
        self.issued_by = by if getattr(by, "pk", None) else None
        self.valid_through = transfers.valid_through(on, self.validity_days)
        self.receipt_due_on = transfers.receipt_due_on(on)
        self.passing_through = passing_through(self.issuer, on)
        self.save()

    @transaction.atomic
    def pass_on(self: Any, on: date, today: date, *, by: Any) -> None:
        """Enter that the work committee has passed the letter on, on ``on``; its clerks do so."""
        self._hold()
        self._refuse_unless(direction=transfers.OUT, has_letter=True)
        objections = transfers.closing_objections(self.course(), on, today)
        if self.passing_through is None or self.passed_on is not None:
            objections.append(
                Sentence(
                    "The letter of %(name)s is not with the work committee.",
                    code="not_to_pass_on",
                    name=self.name,
                )
            )
        elif not self.is_passed_on_by(by):
            objections.append(
                Sentence(
                    "%(office)s passes this letter on. Ask a clerk there.",
                    code="passed_on_elsewhere",
                    office=self.passing_through,
                )
            )
        refuse_all(objections)
        self.passed_on = on
        self.save()

    def is_passed_on_by(self: Any, user: Any) -> bool:
        """Whether ``user`` may enter that the letter was passed on."""
        through = self.passing_through
        return through is not None and may(user, roles.ISSUE, through.path)

    @transaction.atomic
    def reissue(
        self: Any,
        reason: str,
        on: date,
        today: date,
        *,
        by: Any,
        validity_days: int | None = None,
    ) -> Any:
        """Issue the letter again, because it is lost or expired, and return the new transfer,
        which points to this one. This letter serves no more; the new one has its own number."""
        self._hold()
        self._refuse_unless(direction=transfers.OUT, has_letter=True)
        if self.issued_on is None and not self.ending:
            text = _now("No letter of %(name)s was issued yet. Issue it first.")
            raise ValidationError(text % {"name": self.name})
        self._close_as(transfers.REISSUED, reason, on, today)
        new = type(self)(
            **{name: getattr(self, name) for name in COPIED},
            begun_on=on,
            validity_days=validity_days or self.validity_days,
            reissue_of=self,
        )
        new.save()
        [issued] = type(self).issue_letters([new], on, today, by=by)
        return issued

    # The end of the way

    @transaction.atomic
    def accept(self: Any, on: date, today: date) -> None:
        """Let the new organisation have accepted on ``on``: within the register the member belongs
        to the new branch from that day; otherwise he leaves the roll on it."""
        self._hold()
        self._refuse_unless(direction=transfers.OUT)
        objections = transfers.accepting_objections(self.course(), self.called, on, today)
        if self.accepted_on is None:
            objections += self._against_person()
        if self.to_organization:
            objections += transfers.place_objections(as_destination(self.to_organization), on)
        refuse_all(objections)
        if self.to_organization:
            self.member.move_to(self.to_organization, on)
        else:
            self.member.leave(TRANSFERRED_OUT, on)
        self.accepted_on = on
        self._end_if_done(on)
        self.save()

    @transaction.atomic
    def enter_receipt(
        self: Any, on: date, today: date, *, accepted_on: date | None = None, note: str = ""
    ) -> None:
        """Enter the receipt that came back on ``on``; where the acceptance is not entered yet, it
        is the day that the receipt says."""
        self._hold()
        self._refuse_unless(direction=transfers.OUT, has_letter=True)
        objections = transfers.receipt_objections(self.course(), self.name, on, accepted_on, today)
        if self.accepted_on is None and accepted_on is not None:
            course = replace(self.course(), ending="")
            told = transfers.accepting_objections(course, self.called, accepted_on, today)
            objections += [_at(each, "on", "accepted_on") for each in told]
        refuse_all(objections)
        if self.accepted_on is None:
            self.accept(accepted_on, today)
        self.receipt_on, self.receipt_note = on, note.strip()
        self._end_if_done(on)
        self.save()

    @transaction.atomic
    def take_back_acceptance(self: Any) -> None:
        """Let the new branch not have accepted, as long as nothing was built on it: the member is
        in the old branch as if never gone, and the transfer is under way again."""
        self._hold()
        self._refuse_unless(direction=transfers.OUT)
        member = self.member
        stay = member.placements.filter(placed_until__isnull=True).first()
        is_last = (
            self.to_organization is not None
            and self.ending == transfers.COMPLETE
            and stay is not None
            and (stay.organization_id, stay.placed_from, stay.began)
            == (self.to_organization_id, self.accepted_on, MOVED)
        )
        if not is_last:
            text = _now("Something has followed the acceptance of %(name)s, or there is none.")
            raise ValidationError(text % {"name": self.name})
        take_back_move(member, self.from_organization)
        self.accepted_on = self.closed_on = None
        self.ending = ""
        self.save()


COPIED = (
    "member",
    "kind",
    "direction",
    "from_organization",
    "to_organization",
    "to_outside",
    "addressee",
    "paid_to",
)


def _at(sentence: Sentence, field: str, other: str) -> Sentence:
    """Return an objection to ``field`` as one to the field ``other``."""
    at = other if sentence.field == field else sentence.field
    return Sentence(
        sentence.template, level=sentence.level, field=at, code=sentence.code, **sentence.params
    )


def _paid_to(people: Collection[Member]) -> dict[int, date | None]:
    """Return to which month each has paid dues, as the ledger or a letter says; None: unknown."""
    paid: dict[int, date | None] = {each.pk: None for each in people}
    for each in DuesStanding.objects.filter(pk__in=paid):
        paid[each.pk] = max(filter(None, (each.paid_to, each.settled_to)), default=None)
    return paid


def _since(keys: Collection[int]) -> dict[int, date]:
    """Return since when each is in the branch where he is."""
    placement: Any = Member._meta.get_field("placements").related_model
    rows = placement.objects.filter(member__in=keys, placed_until__isnull=True)
    return dict(rows.values_list("member", "placed_from"))
