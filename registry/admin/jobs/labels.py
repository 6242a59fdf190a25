"""What the pages of uploads call kinds of findings, answers, and lines that are no records."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.sheets import codes, lines

# Of findings about rows and cells; what is said of the file or a sheet is never filtered. The app
# adds what its own rules say of a record.
FINDINGS: dict[str, Promise] = {
    codes.DATE_UNREADABLE: _("date not readable"),
    codes.DATE_AMBIGUOUS: _("date with two readings"),
    codes.DATE_IN_FUTURE: _("date in the future"),
    codes.DATE_TWO_DIGIT_YEAR: _("year of two digits"),
    codes.ID_CHECK_DIGIT: _("ID number: check digit"),
    codes.ID_DIGITS_LOST: _("ID number: digits lost"),
    codes.ID_LENGTH: _("ID number: length"),
    codes.ID_UNREADABLE: _("ID number not readable"),
    codes.ID_CONVERTED: _("ID number of 15 digits"),
    codes.DUPLICATE_IN_FILE: _("twice in the file"),
    codes.REGISTERED_ELSEWHERE: _("registered elsewhere"),
    codes.BRANCH_UNKNOWN: _("branch not found"),
    codes.BRANCH_AMBIGUOUS: _("several branches of that name"),
    codes.BRANCH_MISSING: _("no branch named"),
    codes.BRANCH_DIFFERS: _("another branch than in the register"),
    codes.NAME_MISSING: _("name missing"),
    codes.NAME_CLEANED: _("name tidied up"),
    codes.NAME_DOUBTFUL: _("doubtful name"),
    codes.NAME_DIFFERS: _("another name than in the register"),
    codes.VALUE_MISSING: _("value missing"),
    codes.VALUE_BLANK_WORD: _("a word for “nothing”"),
    codes.CHOICE_UNKNOWN: _("word not known"),
    codes.NUMBER_UNREADABLE: _("number not readable"),
    codes.NUMBER_UNKNOWN: _("unknown number"),
    codes.PHONE_UNREADABLE: _("phone not readable"),
    codes.DIGITS_LOST: _("digits lost"),
    codes.TEXT_TOO_LONG: _("text too long"),
    codes.TEXT_CHARACTERS: _("signs that cannot be shown"),
    codes.TEXT_CLEANED: _("text tidied up"),
    codes.FORMULA_WITHOUT_VALUE: _("formula without a result"),
    codes.FORMULA_VALUE: _("result of a formula"),
    codes.ERROR_VALUE: _("error of a formula"),
    codes.MATCH_UNSURE: _("perhaps registered already"),
    codes.MATCH_CONFLICT: _("numbers of several members"),
    codes.HAS_LEFT: _("has left the roll"),
    codes.CANNOT_BE_CLEARED: _("cannot be cleared"),
    codes.KIND_ASSUMED: _("full or probationary assumed"),
    codes.POST_UNREAD: _("post not read"),
    codes.POST_ELSEWHERE: _("post held elsewhere"),
    codes.GROUP_UNKNOWN: _("Party group not found"),
    codes.CODE_TAKEN: _("code taken"),
    codes.PARENT_UNKNOWN: _("superior not found"),
    codes.PARENT_REFUSED: _("superior not allowed"),
    codes.CHANGE_BY_VERB: _("to be changed on its own page"),
    codes.ORGANIZATION_REFUSED: _("organisation not allowed"),
    codes.MEMBER_UNKNOWN: _("member not found"),
    codes.BASE_TWICE: _("two bases for one year"),
    codes.BASE_PARTS: _("base and components differ"),
    codes.BASE_UNUSED: _("base without use"),
    codes.YEAR_MISSING: _("year missing"),
    codes.MONTH_MISSING: _("month missing"),
    codes.MONTHS_UNSURE: _("for which months is unsure"),
    codes.MONTH_NOT_OWED: _("month not owed"),
    codes.MONTH_CLOSED: _("month closed"),
    codes.ALREADY_PAID: _("paid already"),
    codes.DUES_DIFFER: _("another amount than owed"),
    codes.AMOUNT_NOT_BY_RATE: _("amount not by the rate"),
    codes.PAID_TO_DIFFERS: _("paid to another month"),
    # of the rules that both kinds of sheets know
    "name_empty": _("name missing"),
    "name_too_long": _("name too long"),
    "name_foreign_sign": _("odd sign in a name"),
    "name_stand_in": _("stand-in for a rare character"),
    "code_not_digits": _("code not of digits"),
    "code_too_long": _("code too long"),
    "two_secretaries": _("two secretaries"),
    "probationary_officer": _("probationary member in office"),
    "office_before_founding": _("office before the founding"),
    "amount_unreadable": _("amount not readable"),
    "amount_negative": _("amount below 0"),
    "amount_below_fen": _("parts of a fen"),
    "amount_too_large": _("amount too large"),
    "amount_not_positive": _("no payment"),
    "month_unreadable": _("month not readable"),
    "month_before_rules": _("month before the rules"),
    "month_of_non_membership": _("month of no membership"),
    "paid_in_future": _("paid in the future"),
    "paid_before_rules": _("paid before the rules"),
    "dues_late": _("paid late"),
    "dues_in_advance": _("paid in advance"),
    "dues_large": _("large extra"),
    "undo_kept": _("kept: changed since"),
    "undo_failed": _("could not be taken back"),
}

# Answers whose words are ours; of whom or what the others speak, the question itself says.
ANSWERS: dict[tuple[str, str], Promise] = {
    (codes.MATCH_UNSURE, "new"): _("somebody else: enter as new"),
    (codes.NAME_DIFFERS, "sheet"): _("as in the sheet: %(about)s"),
    (codes.NAME_DIFFERS, "register"): _("as in the register: %(about)s"),
    (codes.MONTHS_UNSURE, "extra"): _("a voluntary extra, for no month"),
    (codes.ALREADY_PAID, "book"): _("was paid beside that: book it"),
    (codes.ALREADY_PAID, "leave"): _("as in the register: add nothing"),
    (codes.BRANCH_DIFFERS, "move"): _("has moved to %(about)s on"),
    (codes.BRANCH_DIFFERS, "correct"): _("has always belonged to %(about)s: the register is wrong"),
    (codes.BRANCH_DIFFERS, "register"): _("belongs to %(about)s: the sheet is wrong"),
}

LINES: dict[str, Promise] = {
    lines.BLANK: _("empty lines"),
    lines.NUMBERED: _("numbered, but empty"),
    lines.TOTAL: _("totals"),
    lines.SIGNATURE: _("signatures"),
    lines.NOTE: _("notes"),
    lines.HEADING: _("headings repeated"),
    lines.TITLE: _("titles repeated"),
    lines.REQUIREMENT: _("how to fill it in"),
    lines.SAMPLE: _("samples"),
    lines.SECTION: _("lines across the table"),
}


def answer_label(code: str, choice: str, about: str) -> str:
    """Return what an answer to a question says."""
    label = ANSWERS.get((code, choice))
    return str(label) % {"about": about} if label else about or choice
