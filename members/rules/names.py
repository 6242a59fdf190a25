"""People's names: what may stand in one, how it is searched, and how it is cleaned.

A name is kept as the papers write it, whatever plane of Unicode its signs are in. For the search
its full pinyin and its initials are kept beside it: zhangsan and zs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import zip_longest

from pypinyin import lazy_pinyin

from members.rules.readings import COMPOUND_SURNAMES, RARE, SURNAMES
from registry.sentences import Sentence, warning

LONGEST = 50
MIDDLE_DOT = "·"

_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●.．｡･᛫", MIDDLE_DOT))
_HAN = (
    r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0002ffff\U00030000-\U0003ffff"
)
_PLAIN = re.compile(r"[\u4e00-\u9fff]{2,10}")  # nearly all names; nothing to clean or to object to
_BLANK_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_BLANK_AT_DOT = re.compile(rf"\s*{MIDDLE_DOT}\s*")
_NOTE = re.compile(r"(\s*([（(](男|女|预备|预备党员|正式|回族|少数民族)[)）]|[★☆*＊]))+$")


_HEAPED_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20f0]{3}")


def surname_of(name: str) -> str:
    """Return the surname: two signs for a compound one, nothing for a name with middle dots.

    A name of two signs has a surname of one, though 东方 is also a compound one.
    """
    if MIDDLE_DOT in name or not re.match(f"[{_HAN}]", name):
        return ""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def pinyin_of(name: str) -> str:
    """Return the name in pinyin, small letters without tones and blanks: zhangsan.

    The surname is read as a surname. ü is written v, as keyboards type it. A sign without a
    reading is kept.
    """
    return "".join(_syllables(name))


def initials_of(name: str) -> str:
    """Return the first letter of each syllable: zs. A sign without a reading is kept."""
    return "".join(syllable[:1] for syllable in _syllables(name))


def search_keys(name: str) -> tuple[str, str]:
    """Return initials and full pinyin at once, for whoever writes many names."""
    syllables = _syllables(name)
    return "".join([syllable[:1] for syllable in syllables]), "".join(syllables)


def pinyin_key(name: str) -> tuple[tuple[str, str], ...]:
    """Return what names are sorted by in the order of pinyin, sign by sign.

    李强 comes before 林芳, and no 章 stands between two 张.
    """
    return tuple(zip_longest(_syllables(name), filter(str.isalnum, name), fillvalue=""))


def _syllables(name: str) -> list[str]:
    plain = bool(_PLAIN.fullmatch(name))
    if not plain:
        name, _ = cleaned_name(name)
    surname = surname_of(name)
    # Apart from the given name: no word reaches over from one into the other.
    if surname in COMPOUND_SURNAMES:
        found = [_spelt(syllable) for syllable in COMPOUND_SURNAMES[surname]]
    elif surname in SURNAMES:
        found = [SURNAMES[surname]]
    else:
        found = list(_read_han(surname))
    rest = name[len(surname) :]
    if plain:
        return [*found, *_read_han(rest)] if rest else found
    for part in re.split(rf"([{_HAN}]+)", rest):
        if re.match(f"[{_HAN}]", part):
            found += _read_han(part)
        else:
            found += [_spelt(word) for word in re.split(rf"[\s{MIDDLE_DOT}'’\-]+", part) if word]
    return found


@lru_cache(maxsize=100_000)  # given names repeat: a million people need a tenth of the readings
def _read_han(part: str) -> tuple[str, ...]:
    """Return the syllables of a whole run of Han signs: pypinyin reads one by its neighbours."""
    read = lazy_pinyin(part, errors=list)  # type: ignore[arg-type]  # its types forget lists
    return tuple(RARE.get(sign, _spelt(text)) for sign, text in zip(part, read, strict=True))


def _spelt(syllable: str) -> str:
    """Return a syllable or foreign word in small ASCII letters; other scripts as they are."""
    plain = syllable.lower().replace("ü", "v")
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign)
    )
    return bare if bare.isascii() else plain


def cleaned_name(name: str) -> tuple[str, list[Sentence]]:
    """Return the name as it is kept, and a warning for each thing that was taken away unseen.

    Invisible signs and a note behind the name go with a warning. Every kind of middle dot becomes
    ·, blanks between Han signs (张  三) and around the dot go, others become one, all silently.
    """
    warnings: list[Sentence] = []
    visible = "".join(sign for sign in name if not _is_invisible(sign))
    if visible != name:
        warnings.append(
            warning(
                "“%(name)s” held invisible signs, which were removed.",
                field="name",
                code="name_invisible_signs",
                name=visible.strip(),
            )
        )
    text = visible.strip()
    if note := _NOTE.search(text):
        text = text[: note.start()].strip()
        warnings.append(
            warning(
                "“%(note)s” behind “%(name)s” is not part of the name and was left out.",
                field="name",
                code="name_note",
                note=note[0].strip(),
                name=text,
            )
        )
    if not re.fullmatch(r"[A-Za-z .,'’\-]*", text):  # Latin names keep the dot of an initial
        text = _BLANK_AT_DOT.sub(MIDDLE_DOT, text.translate(_DOTS)).strip(MIDDLE_DOT)
    text = _BLANK_IN_HAN.sub("", text)
    return re.sub(r"\s+", " ", text).strip(), warnings


def name_objections(name: str) -> list[Sentence]:
    """Return every reason against a cleaned name; signs that only stand in for others warn.

    HTML and formulas are no reason: they are kept as text, and doors escape what they show.
    """
    if _PLAIN.fullmatch(name):
        return []
    if not name:
        return [
            Sentence(
                "There is no name. Write the name as on the ID card.",
                field="name",
                code="name_empty",
            )
        ]
    found = []
    if len(name) > LONGEST:
        found.append(
            Sentence(
                "The name has %(length)s signs. Write at most %(longest)s.",
                field="name",
                code="name_too_long",
                length=len(name),
                longest=LONGEST,
            )
        )
    refused = [sign for sign in name if _is_refused(sign)]
    heaped = _HEAPED_MARKS.search(unicodedata.normalize("NFD", name))
    if refused or heaped:
        found.append(
            Sentence(
                "The name holds %(sign)s, which no name has. Write the name as on the ID card.",
                field="name",
                code="name_foreign_sign",
                sign=_shown(refused[0] if refused else heaped[0][-1] if heaped else ""),
            )
        )
    stand_ins = [sign for sign in name if _stands_in(sign)]
    if stand_ins:
        found.append(
            warning(
                "The name holds %(sign)s, which stands in for a rare sign. Write the sign itself "
                "if the keyboard has it.",
                field="name",
                code="name_stand_in",
                sign=_shown(stand_ins[0]),
            )
        )
    return found


def _is_invisible(sign: str) -> bool:
    """Zero-width signs, soft hyphens, bidi controls and variation selectors."""
    return (
        unicodedata.category(sign) == "Cf"
        or sign in "\u034f\u115f\u1160\u3164\uffa0"
        or ("\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef")
    )


def _stands_in(sign: str) -> bool:
    """Private codes of old input methods, descriptions such as ⿰氵亚, □ and question marks."""
    return unicodedata.category(sign) == "Co" or "⿰" <= sign <= "⿿" or sign in "□〓?？�"


def _is_refused(sign: str) -> bool:
    """Digits, controls, lone surrogates and pictures."""
    if _stands_in(sign):
        return False
    category = unicodedata.category(sign)
    if category == "Cn":  # unassigned to this Python, yet perhaps a Han sign of a later Unicode
        return not "\U00020000" <= sign <= "\U0003ffff"
    return category in {"Nd", "No", "So", "Sk", "Zl", "Zp"} or category[0] == "C"


def _shown(sign: str) -> str:
    """Return a sign in quotes, or its number where it cannot be seen."""
    if unicodedata.category(sign) in {"Cc", "Co", "Cs", "Cn"}:
        return f"U+{ord(sign):04X}"
    return f"“{sign}”"
