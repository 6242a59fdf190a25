"""Whether the ledger holds: every sum worked out again, by questions of its own.

The rows are asked for as the database keeps them, in fen, and added up here; nothing of what
books, sums and prints them elsewhere is used. What each row was when it was booked is also in the
log: a row that was changed since is found there, as long as the log is whole (``verify_log``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db import connection

from branches.models import Organization
from branches.rules import hierarchy, tree
from members.models.dues.logged import changed_since
from members.models.dues.statements import closing_of
from members.rules import ledger
from members.rules.dues_months import months_owed
from registry.sentences import Sentence

AT_ONCE = 5_000  # members held in memory


class Fault(NamedTuple):
    """A place where the ledger does not hold."""

    table: str
    key: Any
    sentence: Sentence


def faults() -> Iterator[Fault]:
    """Yield everything in the ledger that does not hold."""
    yield from _months_of_payments()
    yield from _reversals_of_payments()
    yield from _booked_months()
    yield from _entries()
    yield from _transfers()
    yield from _returns()
    yield from _standings()
    yield from _accounts()
    for row, field in changed_since():
        yield Fault(
            row._meta.db_table,
            row.pk,
            Sentence("%(field)s is not what the log says that was booked.", field=field),
        )


def _ask(sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _months_of_payments() -> Iterator[Fault]:
    """The months of a payment of dues add up to it, and repeat what it says."""
    for key, amount, months in _ask(
        "SELECT p.id, p.amount, COALESCE(SUM(m.amount), 0) FROM members_payment p"
        " LEFT JOIN members_paymentmonth m ON m.payment_id = p.id"
        " GROUP BY p.id, p.amount, p.kind"
        " HAVING COALESCE(SUM(m.amount), 0) <> CASE p.kind WHEN 'dues' THEN p.amount ELSE 0 END"
    ):
        yield Fault(
            "members_payment",
            key,
            Sentence(
                "Payment %(key)s is %(amount)s, its months add up to %(months)s.",
                key=key,
                amount=_yuan(amount),
                months=_yuan(months),
            ),
        )
    for key, payment in _ask(
        "SELECT m.id, m.payment_id FROM members_paymentmonth m"
        " LEFT JOIN members_payment p ON p.id = m.payment_id"
        " WHERE p.id IS NULL OR m.member_id <> p.member_id"
        " OR m.organization_id <> p.organization_id OR m.booked_month <> p.booked_month"
        " OR (m.amount > 0) <> (p.amount > 0)"
    ):
        yield Fault(
            "members_paymentmonth",
            key,
            Sentence(
                "Month %(key)s does not repeat its payment %(payment)s.", key=key, payment=payment
            ),
        )


def _reversals_of_payments() -> Iterator[Fault]:
    """A reversal takes back one payment whole, month by month."""
    for key, wrong in _ask(
        "SELECT r.id, r.reverses_id FROM members_payment r"
        " LEFT JOIN members_payment p ON p.id = r.reverses_id"
        " WHERE r.reverses_id IS NOT NULL AND (p.id IS NULL OR p.reverses_id IS NOT NULL"
        " OR r.amount <> -p.amount OR r.member_id <> p.member_id OR r.kind <> p.kind"
        " OR r.organization_id <> p.organization_id OR r.paid_on < p.paid_on)"
        " UNION SELECT r.id, r.reverses_id FROM members_payment r"
        " JOIN members_paymentmonth b ON b.payment_id = r.reverses_id"
        " LEFT JOIN members_paymentmonth a ON a.payment_id = r.id AND a.month = b.month"
        " WHERE a.id IS NULL OR a.amount <> -b.amount"
    ):
        yield Fault(
            "members_payment",
            key,
            Sentence(
                "Reversal %(key)s does not take payment %(wrong)s back as it was.",
                key=key,
                wrong=wrong,
            ),
        )


def _booked_months() -> Iterator[Fault]:
    """Money is booked in the month of its day, or later."""
    for key, day, month in _ask(
        "SELECT id, paid_on, booked_month FROM members_payment"
        " WHERE SUBSTR(CAST(paid_on AS CHAR(10)), 1, 7)"
        " > SUBSTR(CAST(booked_month AS CHAR(10)), 1, 7)"
    ):
        yield Fault(
            "members_payment",
            key,
            Sentence(
                "Payment %(key)s of %(day)s is booked before it was made, in %(month)s.",
                key=key,
                day=day,
                month=month,
            ),
        )


def _entries() -> Iterator[Fault]:
    """A reversal takes an entry of an account back whole."""
    for key, wrong in _ask(
        "SELECT r.id, r.reverses_id FROM members_accountentry r"
        " LEFT JOIN members_accountentry e ON e.id = r.reverses_id"
        " WHERE r.reverses_id IS NOT NULL AND (e.id IS NULL OR e.reverses_id IS NOT NULL"
        " OR r.amount <> -e.amount OR r.kind <> e.kind OR r.fund <> e.fund OR r.day < e.day"
        " OR r.organization_id <> e.organization_id OR r.purpose <> e.purpose"
        " OR COALESCE(r.counterpart_id, 0) <> COALESCE(e.counterpart_id, 0)"
        " OR COALESCE(r.arrives_from_id, 0) <> COALESCE(e.arrives_from_id, 0))"
    ):
        yield Fault(
            "members_accountentry",
            key,
            Sentence(
                "Reversal %(key)s does not take entry %(wrong)s back as it was.",
                key=key,
                wrong=wrong,
            ),
        )


def _transfers() -> Iterator[Fault]:
    """What arrives was sent: once, by the other organisation, out of the same account."""
    wanted = {kind.code: kind.arrives_as for kind in ledger.ENTRY_KINDS.values() if kind.arrives_as}
    arrived: dict[int, int] = defaultdict(int)
    for key, kind, sent_as, fits, sent, amount in _ask(
        "SELECT a.id, a.kind, s.kind, CASE WHEN a.organization_id = s.counterpart_id"
        " AND a.counterpart_id = s.organization_id AND a.fund = s.fund"
        " AND a.campaign = s.campaign AND a.day >= s.day THEN 1 ELSE 0 END, a.arrives_from_id,"
        " a.amount FROM members_accountentry a"
        " LEFT JOIN members_accountentry s ON s.id = a.arrives_from_id"
        " WHERE a.arrives_from_id IS NOT NULL"
    ):
        arrived[sent] += 1 if amount > 0 else -1
        if not fits or wanted.get(sent_as) != kind or arrived[sent] > 1:
            yield Fault(
                "members_accountentry",
                key,
                Sentence(
                    "Entry %(key)s does not fit what was sent as %(sent)s.", key=key, sent=sent
                ),
            )
    for (key,) in _ask(
        "SELECT id FROM members_accountentry WHERE counterpart_id IS NOT NULL"
        " AND arrives_from_id IS NULL AND kind NOT IN (%s, %s, %s)",
        *wanted,
    ):
        yield Fault(
            "members_accountentry",
            key,
            Sentence("Entry %(key)s came from somebody who has not sent it.", key=key),
        )


def _returns() -> Iterator[Fault]:
    """What is due upward and downward is the share of what was paid; what was sent is booked."""
    for table, key, paid, share, whole, due in _ask(
        "SELECT 'members_remittance', id, paid, share, whole, due FROM members_remittance"
        " UNION ALL SELECT 'members_returnline', l.id, l.paid, r.share, 0, l.due"
        " FROM members_returnline l JOIN members_returnrun r ON r.id = l.run_id"
    ):
        exact = Decimal(paid) * Decimal(str(share)) / 100
        computed = int(exact.to_integral_value(ROUND_HALF_UP)) + whole
        if due != computed:
            yield Fault(
                table,
                key,
                Sentence(
                    "Of transfer %(key)s %(due)s is due, its share comes to %(computed)s.",
                    key=key,
                    due=_yuan(due),
                    computed=_yuan(computed),
                ),
            )
    for table, key in _ask(
        "SELECT 'members_remittance', t.id FROM members_remittance t"
        " JOIN members_accountentry e ON e.id = t.entry_id WHERE e.kind <> 'remitted'"
        " OR e.organization_id <> t.organization_id"
        " OR COALESCE(e.counterpart_id, 0) <> COALESCE(t.superior_id, 0)"
        " UNION ALL SELECT 'members_returnline', l.id FROM members_returnline l"
        " JOIN members_returnrun r ON r.id = l.run_id"
        " JOIN members_accountentry e ON e.id = l.entry_id WHERE e.kind <> 'returned'"
        " OR e.organization_id <> r.organization_id OR e.counterpart_id <> l.branch_id"
        " OR e.amount <> l.due"
    ):
        yield Fault(
            table,
            key,
            Sentence("Transfer %(key)s does not fit the entry that sent it.", key=key),
        )


def _standings() -> Iterator[Fault]:
    """Everybody has paid to where his payments reach, and too much by what goes beyond."""
    [(first, last)] = _ask("SELECT MIN(member_id), MAX(member_id) FROM members_duesstanding")
    for start in range(first or 0, (last or -1) + 1, AT_ONCE):
        keys = (start, start + AT_ONCE - 1)
        paid, owed = _paid(*keys), _owed(*keys)
        for key, settled_to, paid_to, over in _ask(
            "SELECT member_id, settled_to, paid_to, over FROM members_duesstanding"
            " WHERE member_id BETWEEN %s AND %s ORDER BY member_id",
            *keys,
        ):
            found = ledger.paid_to(owed[key], paid[key], _day(settled_to))
            beyond = ledger.overpaid(owed[key], paid[key])
            if (found, beyond) != (_day(paid_to), over):
                yield Fault(
                    "members_duesstanding",
                    key,
                    Sentence(
                        "Member %(key)s is kept as paid to %(paid_to)s and %(over)s too much; it "
                        "comes to %(found)s and %(beyond)s.",
                        key=key,
                        paid_to=paid_to,
                        over=_yuan(over),
                        found=found,
                        beyond=_yuan(beyond),
                    ),
                )


def _paid(first: int, last: int) -> defaultdict[int, dict[date, Decimal]]:
    paid: defaultdict[int, dict[date, Decimal]] = defaultdict(dict)
    for member, month, fen in _ask(
        "SELECT p.member_id, m.month, SUM(m.amount) FROM members_payment p"
        " JOIN members_paymentmonth m ON m.payment_id = p.id"
        " WHERE p.member_id BETWEEN %s AND %s GROUP BY p.member_id, m.month",
        first,
        last,
    ):
        paid[member][_month(month)] = Decimal(int(fen))
    return paid


def _owed(first: int, last: int) -> defaultdict[int, dict[date, Decimal]]:
    """Return what each member owes for each month, in fen, walked month by month."""
    owed: defaultdict[int, dict[date, Decimal]] = defaultdict(dict)
    for member, month_from, month_until, fen, placed_from, placed_until, began, kind, sort in _ask(
        "SELECT a.member_id, a.month_from, a.month_until, a.monthly, s.placed_from,"
        " s.placed_until, s.began, o.kind, o.sort FROM members_assessment a"
        " JOIN members_placement s ON s.member_id = a.member_id"
        " JOIN branches_organization o ON o.id = s.organization_id"
        " WHERE a.member_id BETWEEN %s AND %s",
        first,
        last,
    ):
        if hierarchy.collects(kind, sort):
            since, until = _month(month_from), _month(month_until)
            for month in months_owed(_month(placed_from), _day(placed_until), began, until):
                if month >= since:
                    owed[member][month] = Decimal(fen)
    for member, month_from, month_until, fen in _ask(
        "SELECT member_id, month_from, month_until, amount FROM members_reduction"
        " WHERE member_id BETWEEN %s AND %s",
        first,
        last,
    ):
        for month in owed[member]:
            end = _day(month_until)
            if _month(month_from) <= month and (end is None or month < end):
                owed[member][month] = min(owed[member][month], Decimal(fen))
    return owed


def _accounts() -> Iterator[Fault]:
    """What each organisation and all below it hold is what came less what went."""
    held: dict[str, int] = defaultdict(int)
    for path, fen in _ask(
        "SELECT o.path, SUM(p.amount) FROM members_payment p"
        " JOIN branches_organization o ON o.id = p.organization_id"
        " WHERE p.kind <> 'special' GROUP BY o.path"
    ):
        for each in (*tree.ancestors_of(path), path):
            held[each] += int(fen)
    for path, counterpart, kind, fen in _ask(
        "SELECT o.path, c.path, e.kind, SUM(e.amount) FROM members_accountentry e"
        " JOIN branches_organization o ON o.id = e.organization_id"
        " LEFT JOIN branches_organization c ON c.id = e.counterpart_id"
        " WHERE e.fund = 'dues' GROUP BY o.path, c.path, e.kind"
    ):
        for each in (*tree.ancestors_of(path), path):
            if counterpart is None or not counterpart.startswith(each):
                held[each] += int(fen) * ledger.ENTRY_KINDS[kind].sign
    for organization in Organization.objects.filter(path__in=_worth_a_look(held)):
        said = closing_of(organization, date.max)
        if int(said.scaleb(2)) != held[organization.path]:
            yield Fault(
                "branches_organization",
                organization.pk,
                Sentence(
                    "The account of %(name)s and all below it holds %(said)s; it comes to "
                    "%(found)s.",
                    name=organization,
                    said=said,
                    found=_yuan(held[organization.path]),
                ),
            )


def _worth_a_look(held: dict[str, int]) -> list[str]:
    """Return the paths of all organisations that have others below: their sums hold the rest."""
    return sorted({tree.parent_of(path) or path for path in held})


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _month(value: Any) -> date:
    found = _day(value)
    assert found is not None  # noqa: S101 - the column is never empty
    return found


def _yuan(fen: Any) -> str:
    return f"{int(fen) // 100}.{int(fen) % 100:02}" if int(fen) >= 0 else f"-{_yuan(-int(fen))}"
