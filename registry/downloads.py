"""Files that are handed out: named so that every browser understands, and no cache keeps them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

NOT_IN_NAMES = set('/\\:*?"<>|')  # no file system of an office takes them all
LONGEST_NAME = 150


def file_name(name: str) -> str:
    """Return ``name`` without signs that a file system, a header or a reader stumbles over.

    Control signs end a header; bidirectional marks let “exe.pdf” look like “fdp.exe”.
    """
    kept = "".join(
        "_" if sign in NOT_IN_NAMES else sign
        for sign in unicodedata.normalize("NFC", name)
        if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending}" if stem else kept[:LONGEST_NAME] or "file"


def attachment(
    name: str, content: bytes | Iterable[bytes], content_type: str, *, inline: bool = False
) -> HttpResponseBase:
    """Return a download; ``inline`` asks the browser to show it instead, a PDF for printing.

    The name travels as RFC 6266 says: plain for old programs, in UTF-8 for all others.
    """
    response: HttpResponseBase
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=content_type)
    else:
        response = StreamingHttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(not inline, file_name(name))
    if disposition:
        response.headers["Content-Disposition"] = disposition
    return response
