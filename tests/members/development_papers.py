"""What the tests of a file's papers ask: the paper as at a day, and its text in PDF and .docx."""

from __future__ import annotations

import io
from typing import Any

from docx import Document

from members.papers.kinds import PAPERS
from members.papers.printing import print_paper
from registry.papers.writing import DOCX
from tests.members.papers import asked


def made_of(key: str, subject: Any, **options: Any) -> Any:
    return PAPERS[key].make(subject, asked(**options))


def letter_text(key: str, subject: Any, **options: Any) -> str:
    """The words of a letter, its title first, one line for each paragraph."""
    made = made_of(key, subject, **options)
    lines = (made.title, made.number_line, made.addressee, *made.paragraphs, made.closing)
    return "\n".join(filter(None, (*lines, made.signature, made.written_day)))


def word_text(key: str, subject: Any, **options: Any) -> str:
    """Every text of the file to edit, less its line breaks and blanks."""
    data = print_paper(PAPERS[key], subject, asked(**options), DOCX).data
    document = Document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        for row in table.rows:
            texts += [cell.text for cell in row.cells]
    return "".join("".join(texts).split())


def boxes_of(form: Any) -> dict[str, str]:
    """The texts of a form by the labels before them."""
    found: dict[str, str] = {}
    for row in form.rows:
        label = ""
        for box in row.boxes:
            if box.label:
                label = box.text.replace("\n", "")
            elif label:
                found.setdefault(label, box.text)
                label = ""
    return found
