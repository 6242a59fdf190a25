"""XML as text: small pieces are cut out, changed and put back; all else stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from xml.sax.saxutils import escape, unescape

ATTRIBUTES = r"""(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
_ATTRIBUTE = re.compile(r"""\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
_NUMBERED = re.compile(r"&#(?:x([0-9A-Fa-f]+)|(\d+));")
# What XML 1.0 cannot hold, and what Excel reads as an escape of its own.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*[\s/>]")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")


def decoded(part: bytes) -> str:
    """Return the text of a part; raise ValueError where it is in no encoding that is known."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _declared_utf8(part.decode("utf-16"))
    part = part.removeprefix(b"\xef\xbb\xbf")
    found = _DECLARED.match(part)
    try:
        return _declared_utf8(part.decode(found[1].decode() if found else "utf-8"))
    except LookupError as error:
        raise ValueError(str(error)) from None


def in_utf8(part: bytes) -> bytes:
    """Return the part in UTF-8, which nearly every part is in already."""
    found = _DECLARED.match(part)
    if (found is None or found[1].lower() == b"utf-8") and not part.startswith((b"\xff", b"\xfe")):
        return part
    return decoded(part).encode()


def _declared_utf8(text: str) -> str:
    return re.sub(r"""^(<\?xml[^>]*?encoding\s*=\s*["'])[\w.-]+""", r"\1UTF-8", text, count=1)


def prefix_of(text: str) -> str:
    """Return the prefix of the root element with its colon, mostly none."""
    found = _ROOT.search(text)
    return (found[1] or "") if found else ""


def attributes_of(raw: str) -> dict[str, str]:
    """Return the attributes of a tag as they are written, entities not resolved."""
    return {
        name: double if double is not None else single
        for name, double, single in (
            (match[1], match[2], match[3]) for match in _ATTRIBUTE.finditer(raw)
        )
    }


def written(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {name}="{value}"' if '"' not in value else f" {name}='{value}'"
        for name, value in attributes.items()
    )


@cache
def element(name: str, prefix: str = "") -> re.Pattern[str]:
    """Return the pattern of an element that holds none of its own name: attributes, content."""
    tag = re.escape(prefix + name)
    return re.compile(rf"<{tag}({ATTRIBUTES})\s*(?:/>|>(.*?)</{tag}\s*>)", re.DOTALL)


def plain(text: str) -> str:
    """Return the text without entities."""

    def sign(match: re.Match[str]) -> str:
        return chr(int(match[1], 16) if match[1] else int(match[2]))

    return unescape(_NUMBERED.sub(sign, text), _ENTITIES)


def safe(text: str) -> str:
    """Return the text as an element or attribute may hold it."""
    return escape(_FORBIDDEN.sub("", text), {'"': "&quot;"})


def safe_value(text: str) -> str:
    """Return the text of a cell; what looks like an escape of Excel's stays what it is."""
    return safe(_ESCAPE.sub("_x005F_", text)).replace("\r\n", "\n").replace("\r", "\n")


def put_before(text: str, followers: Iterable[str], prefix: str, root: str, piece: str) -> str:
    """Return ``text`` with ``piece`` before the first of the elements ``followers``, else at the
    end of ``root``."""
    names = "|".join(re.escape(prefix + name) for name in followers)
    found = re.search(rf"<(?:{names})[\s/>]", text) if names else None
    place = found.start() if found else text.rfind(f"</{prefix}{root}")
    if place < 0:
        raise ValueError(f"The element {root} has no end.")
    return text[:place] + piece + text[place:]
