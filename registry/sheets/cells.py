"""Readers of cells, one for each kind of value.

Each takes a cell and returns ``Read``: the value (None for an empty cell) and what the clerk should
know of it; each raises ``CellError`` where there is no value. Dates are in ``dates``, names in
``names``. Nothing is guessed: what could be two things is asked or refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.workbook import ERROR_VALUE, NO_RESULT, Cell, Value

QUESTION = "question"  # a level beside error and warning: two readings, the clerk knows which

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Read(Generic[T_co]):
    """The value of a cell and the warnings about it."""

    value: T_co | None
    findings: tuple[Sentence, ...] = ()


class CellError(ValueError):
    """The cell has no value. ``sentence`` quotes it and says what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


Reader = Callable[[Value], Read[T]]
EMPTY: Read[None] = Read(None)

# Written where a cell is meant to be empty.
BLANK_WORDS = frozenset(
    {
        "无",
        "—",
        "-",
        "--",
        "——",
        "─",
        "/",
        "\\",
        "不详",
        "不祥",
        "暂无",
        "未知",
        "空",
        "n/a",
        "none",
    }
)
CLEAR_WORD = "清空"

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufff9-\uffff"
    "\U0001f000-\U0001faff\U000e0000-\U000e007f\u20e3\ufe0f"
    "\u231a\u231b\u23e9-\u23f3\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26bd\u26be\u26c4\u26c5"
    "\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755"
    "\u2757\u2764\u2795-\u2797\u2b50\u2b55]"
    "|[\u0300-\u036f\u0483-\u0489]{3,}"
)
# Nothing of the two above, no blank but the plain one: the text is taken as it is.
_UNUSUAL = re.compile(
    "[^\\S ]|[\x00-\x1f\x7f-\x9f\u00ad\u061c\u0300-\u036f\u0483-\u0489\u180e\u200b-\u206f\u20e3"
    "\u2300-\u23ff\u2600-\u27bf\u2b50\u2b55\ud800-\udfff\ufe0f\ufeff\ufff0-\uffff"
    "\U0001f000-\U0001faff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_LOST = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_FILLING = re.compile(r"[\s'‘’`\"“”]")
_LABEL = re.compile(r"^(?:[\u4e00-\u9fff]{2,10}:)+")
_MOBILE = re.compile(r"1[0-9]{10}")
# Excel keeps 15 digits of a number and writes zeros for the others.
_EXACT = 10**15


def text_of(value: Value) -> tuple[str, tuple[Sentence, ...]]:
    """Return the cell as one line of clean text, and warnings about signs that were removed.

    A number 7 or 7.0 reads as "7", 020100 shown by its format as "020100". Raises CellError for
    an error value, a formula without result, and signs that no office writes.
    """
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, Cell):
        refuse_fault(value)
        return (value.shown, ()) if value.shown else text_of(value.value)
    if value is None:
        return "", ()
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00"), ()
    if isinstance(value, date):
        return value.isoformat(), ()
    return (str(int(value)) if value.is_integer() else repr(value)), ()


def refuse_fault(cell: Cell) -> None:
    """Raise CellError where Excel itself shows an error or has computed nothing."""
    if cell.fault == ERROR_VALUE:
        raise CellError(
            Sentence(
                "The cell shows the error %(shown)s. Correct its formula or type the value.",
                code=codes.ERROR_VALUE,
                shown=cell.shown,
            )
        )
    if cell.fault == NO_RESULT:
        raise CellError(
            Sentence(
                "The formula has no result yet. Open the workbook in Excel, save it and upload "
                "it again.",
                code=codes.FORMULA_WITHOUT_VALUE,
            )
        )
    if cell.fault:
        raise CellError(
            Sentence(
                "“%(shown)s” is not a number. Type the value.",
                code=codes.NUMBER_UNREADABLE,
                shown=cell.shown,
            )
        )


def cleaned(text: str, *, lines: bool = False) -> tuple[str, tuple[Sentence, ...]]:
    """Return the text without outer blanks and unseen signs; ``lines`` keeps line breaks."""
    if not _UNUSUAL.search(text):
        return text.strip(), ()
    if found := _REFUSED.search(text):
        raise CellError(
            Sentence(
                "“%(text)s” holds a sign that cannot be kept (%(sign)s): an emoji or a control "
                "sign. Delete it.",
                code=codes.TEXT_CHARACTERS,
                text=quoted(_REFUSED.sub("�", text)),
                sign=f"U+{ord(found[0][0]):04X}",
            )
        )
    visible = _INVISIBLE.sub("", text)
    findings: tuple[Sentence, ...] = ()
    if visible.strip() != text.strip():
        findings = (
            warning(
                "Signs that cannot be seen were removed from “%(text)s”.",
                code=codes.TEXT_CLEANED,
                text=quoted(visible),
            ),
        )
    visible = visible.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        visible = visible.replace("\n", " ")
    return _BLANKS.sub(" ", visible).strip(), findings


def quoted(text: str) -> str:
    """Return the text short enough to stand in a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def is_blank_word(text: str) -> bool:
    """Return whether the text stands for an empty cell: 无, —, /, 不详."""
    return half_width(text).strip().lower() in BLANK_WORDS or text in BLANK_WORDS


def read_text(value: Value, *, max_length: int = 255, lines: bool = False) -> Read[str]:
    """Return the text; 无 and its like are empty. ``lines`` keeps line breaks (notes, addresses).

    Raises CellError for more than ``max_length`` signs, which would be cut in silence elsewhere.
    """
    text, findings = cleaned(value, lines=lines) if isinstance(value, str) else text_of(value)
    if len(text) > max_length:
        raise too_long(text, max_length)
    return Read(None if not text or is_blank_word(text) else text, findings)


def too_long(text: str, max_length: int) -> CellError:
    return CellError(
        Sentence(
            "“%(text)s” has %(count)s signs; at most %(limit)s are kept. Shorten it.",
            code=codes.TEXT_TOO_LONG,
            text=quoted(text),
            count=len(text),
            limit=max_length,
        )
    )


def read_code(
    value: Value, *, max_length: int = 40, lost: str = codes.DIGITS_LOST, secret: bool = False
) -> Read[str]:
    """Return a number that is no quantity (ID number, staff number, code): half width, unspaced.

    Quotation marks, a label such as 身份证号： and blanks fall away, leading zeros stay. Raises
    CellError with the code ``lost`` where Excel has kept the number as a quantity of more than
    15 digits. ``secret`` keeps the number itself out of the sentences.
    """
    text, findings = text_of(value)
    inner = value.value if isinstance(value, Cell) else value
    if (isinstance(inner, float) and abs(inner) >= _EXACT) or _LOST.fullmatch(text):
        raise CellError(
            Sentence(
                "The number is kept as a quantity, so its last digits are lost. Set the column to "
                "text and type the number again.",
                code=lost,
            )
        )
    if not text or is_blank_word(text):
        return Read(None, findings)
    # Twice: a sign may fall apart into a blank and an accent, which joins the sign before it.
    text = half_width(_FILLING.sub("", half_width(text)))
    text = _LABEL.sub("", text)
    if len(text) > max_length:
        raise too_long("•" * len(text) if secret else text, max_length)
    return Read(text or None, findings)


def read_phone(value: Value) -> Read[str]:
    """Return a phone number as digits and hyphens; several are parted by a blank.

    Numbers of cells are taken as whole numbers; +86 falls away before a mobile number.
    """
    if type(value) is str and _MOBILE.fullmatch(value):
        return Read(value)
    read = read_code(value, max_length=60)
    if read.value is None:
        return read
    numbers = [
        re.sub(r"^(?:\+|00)86-?(?=1\d{10}$)", "", part.removesuffix(".0"))
        for part in re.split(r"[/;,、|]+", read.value)
        if part
    ]
    whole = [re.sub(r"(?<=^1\d{2})-(\d{4})-(?=\d{4}$)", r"\1", number) for number in numbers]
    if not whole or any(not re.fullmatch(r"\+?\(?\d[\d()-]{4,24}", number) for number in whole):
        raise CellError(
            Sentence(
                "“%(text)s” is not a phone number. Write digits, such as 010-88886666.",
                code=codes.PHONE_UNREADABLE,
                text=quoted(read.value),
            )
        )
    return Read(" ".join(whole), read.findings)


_YES = frozenset({"是", "有", "√", "✓", "✔", "1", "true", "y", "yes", "对", "☑", "v"})
_NO = frozenset({"否", "无", "没有", "×", "✗", "✘", "0", "false", "n", "no", "x", "不是", "☐"})


def read_yes_no(value: Value) -> Read[bool]:
    text, findings = text_of(value)
    word = half_width(text).lower()
    if not word:
        return Read(None, findings)
    if word in _YES or word in _NO:
        return Read(word in _YES, findings)
    if is_blank_word(text):
        return Read(None, findings)
    raise CellError(
        Sentence(
            "“%(text)s” says neither yes nor no. Write 是 or 否.",
            code=codes.CHOICE_UNKNOWN,
            text=quoted(text),
        )
    )


def choice_reader(aliases: Mapping[str, T], allowed: str) -> Callable[[Value], Read[T]]:
    """Return a reader of one of a list of words.

    ``aliases`` maps each word, and its other ways of writing, to the value; ``allowed`` names the
    usual words for the sentence.
    """
    known = {_word(alias): value for alias, value in aliases.items()}

    def read_choice(value: Value) -> Read[T]:
        text, findings = text_of(value)
        if not text:
            return Read(None, findings)
        word = _word(text)
        if word in known:
            return Read(known[word], findings)
        if is_blank_word(text):
            return Read(None, findings)
        raise CellError(
            Sentence(
                "“%(text)s” is not known here. Write one of: %(allowed)s.",
                code=codes.CHOICE_UNKNOWN,
                text=quoted(text),
                allowed=allowed,
            )
        )

    return read_choice


def _word(text: str) -> str:
    return re.sub(r"\s+", "", half_width(text)).lower()


def read_integer(value: Value, *, lowest: int = 0, highest: int = 10**9) -> Read[int]:
    """Return a whole number; 12.0 and １２ read as 12."""
    text, findings = text_of(value)
    if not text or is_blank_word(text):
        return Read(None, findings)
    found = re.fullmatch(r"([+-]?\d{1,12})(?:\.0+)?", half_width(text).replace(",", ""))
    if not found or not lowest <= int(found[1]) <= highest:
        raise CellError(
            Sentence(
                "“%(text)s” is not a whole number from %(lowest)s to %(highest)s. Correct it.",
                code=codes.NUMBER_UNREADABLE,
                text=quoted(text),
                lowest=lowest,
                highest=highest,
            )
        )
    return Read(int(found[1]), findings + formula_note(value))


def read_amount(value: Value) -> Read[Decimal]:
    """Return an amount in yuan with at most two decimals; 10, ¥10, 1,000.00, １０ and 10元 read.

    A formula's result may miss the fen by what binary numbers cannot hold; it is rounded then.
    """
    text, findings = text_of(value)
    if not text or is_blank_word(text):
        return Read(None, findings)
    bare = re.sub(r"\s+|^[¥￥]|元(?:整)?$", "", half_width(text))
    try:
        if not re.fullmatch(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?|\d{1,12}(?:\.\d+)?", bare):
            raise InvalidOperation
        amount = Decimal(bare.replace(",", ""))
        rounded = amount.quantize(Decimal("0.01"))
        if abs(amount - rounded) > Decimal("0.000001"):
            raise InvalidOperation
    except InvalidOperation:
        raise CellError(
            Sentence(
                "“%(text)s” is not an amount in yuan and fen. Write it as 10.50.",
                code=codes.NUMBER_UNREADABLE,
                text=quoted(text),
            )
        ) from None
    return Read(rounded, findings + formula_note(value))


def formula_note(value: Value) -> tuple[Sentence, ...]:
    """Return the warning that a value was computed: the sheet may compute another tomorrow."""
    if isinstance(value, Cell) and value.formula:
        return (
            warning(
                "The value comes from a formula. Its result as last saved was taken.",
                code=codes.FORMULA_VALUE,
            ),
        )
    return ()
