"""The process that sets papers one after the other: orders on its input, PDFs on its output.

It knows neither the database nor the keys. Both streams carry frames: eight bytes that say how
long what follows is; an answer begins with one byte more, whether it is a PDF or why there is none.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from registry.papers.compiling import PaperError, forget, render
from registry.papers.typefaces import Typefaces

LENGTH = 8
PRINTED, REFUSED = b"p", b"r"


def frame(content: bytes) -> bytes:
    return len(content).to_bytes(LENGTH, "big") + content


def unframed(stream: IO[bytes]) -> bytes | None:
    """Return the content of the next frame; None at the end of the stream, also within a frame."""
    length = stream.read(LENGTH)
    if len(length) < LENGTH:
        return None
    wanted = int.from_bytes(length, "big")
    content = stream.read(wanted)
    return content if len(content) == wanted else None


def packed(typefaces: Typefaces) -> str:
    """Return the fonts as the argument of the process."""
    return json.dumps(asdict(typefaces), default=str)


def unpacked(argument: str) -> Typefaces:
    said = json.loads(argument)
    folders = tuple(Path(folder) for folder in said.pop("folders"))
    families = {name: tuple(each) for name, each in said.items() if isinstance(each, list)}
    return Typefaces(**said | families, folders=folders)


def answer(order: dict[str, Any], typefaces: Typefaces) -> bytes:
    at = order["printed_at"]
    try:
        pdf = render(
            order["template"],
            order["data"],
            typefaces=typefaces,
            printed_at=datetime.fromisoformat(at) if at else None,
        )
    except PaperError as error:
        return REFUSED + f"{error}".encode()
    finally:
        forget(typefaces)
    return PRINTED + pdf


def main() -> None:
    typefaces = unpacked(sys.argv[1])
    while (order := unframed(sys.stdin.buffer)) is not None:
        sys.stdout.buffer.write(frame(answer(json.loads(order), typefaces)))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
