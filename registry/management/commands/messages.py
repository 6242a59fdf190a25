"""Take the sentences of code and templates into the catalogue, and compile it. For maintainers.

GNU gettext is not needed. Beside the usual functions it reads ``Sentence`` and ``warning``, whose
template may also be a constant of the module, and every text of a rule with a %-place in it.
"""

from __future__ import annotations

import ast
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

ROOMS = ("registry", "branches", "members", "templates")
LOCALE = "zh_Hans"
# One argument each; those of CONTEXT have the context before it, those of PLURAL two of them.
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop", "Sentence", "warning"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
# A date that moved with every run would be a change in every commit.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SHOWN = 20


@dataclass(frozen=True)
class Found:
    """One text to translate, and the file that says it."""

    text: str
    file: str
    plural: str = ""
    context: str = ""


@dataclass
class Faults:
    """What is wrong with a catalogue, in sentences."""

    sentences: list[str] = field(default_factory=list)

    def add(self, text: str, fault: str) -> None:
        self.sentences.append(f"“{text}” {fault}.")


class Command(BaseCommand):
    help = "Take the sentences of code and templates into the catalogue, and compile it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing; fail where a translation is missing or not compiled.",
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / LOCALE / "LC_MESSAGES"
        catalogue = catalogue_of(
            list(found_in(settings.BASE_DIR)), before=read_catalogue(folder / "django.po")
        )
        faults = faults_of(catalogue)
        if check:
            stale = [
                f"{file.name} is not up to date. Run: make messages"
                for file, content in files_of(folder, catalogue).items()
                if not file.exists() or file.read_bytes() != content
            ]
            refuse(faults + stale)
            return
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files_of(folder, catalogue).items():
            file.write_bytes(content)
        self.stdout.write(f"{len(catalogue)} texts, {len(faults)} of them to be seen to.")
        for fault in faults:
            self.stdout.write(fault)


def refuse(faults: list[str]) -> None:
    if faults:
        more = [f"… and {len(faults) - SHOWN} more."] if len(faults) > SHOWN else []
        raise CommandError("\n".join(faults[:SHOWN] + more))


# The catalogue


def read_catalogue(file: Path) -> Catalog:
    if not file.exists():
        return Catalog(locale=LOCALE)
    with file.open("rb") as text:
        return read_po(text, locale=LOCALE)


def catalogue_of(texts: list[Found], before: Catalog) -> Catalog:
    """Return the catalogue of ``texts`` with the translations known before.

    What is no longer said is kept at its end, for it may come back.
    """
    catalogue = Catalog(
        locale=LOCALE,
        project="registry",
        version="1",
        header_comment="# Chinese texts of the register. Translate here, then run: make messages",
        creation_date=LONG_AGO,
        revision_date=LONG_AGO,
        fuzzy=False,
    )
    catalogue.mime_headers  # noqa: B018 - fills in the plural forms
    known = {
        (first_of(message), message.context): message
        for message in (*before.obsolete.values(), *before)
        if message.id
    }
    for text in sorted(texts, key=lambda text: (text.file, text.text)):
        old = known.get((text.text, text.context or None))
        catalogue.add(
            (text.text, text.plural) if text.plural else text.text,
            old.string if old else None,
            locations=[(text.file, 0)],
            flags=(old.flags - {"python-format", "python-brace-format"}) if old else (),
            user_comments=old.user_comments if old else (),
            context=text.context or None,
        )
    said = {(first_of(message), message.context) for message in catalogue if message.id}
    for key, message in known.items():
        if key not in said and any(strings_of(message)):
            catalogue.obsolete[key] = message
    return catalogue


def files_of(folder: Path, catalogue: Catalog) -> dict[Path, bytes]:
    """Return what the two files of the catalogue should hold."""
    text, compiled = BytesIO(), BytesIO()
    write_po(text, catalogue, width=100, include_lineno=False, sort_by_file=True)
    translated = catalogue_of([], before=Catalog(locale=LOCALE))
    for message in catalogue:
        if message.id and strings_of(message) and not message.fuzzy:
            translated.add(message.id, message.string, context=message.context)
    write_mo(compiled, translated)
    return {folder / "django.po": text.getvalue(), folder / "django.mo": compiled.getvalue()}


def first_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def strings_of(message: Message) -> list[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return [string for string in strings if string]


def faults_of(catalogue: Catalog) -> list[str]:
    """Return a sentence for every text that a Chinese reader would miss or misread."""
    faults = Faults()
    for message in catalogue:
        text = first_of(message)
        if not text:
            continue
        if not strings_of(message):
            faults.add(text, "has no translation")
        elif message.fuzzy:
            faults.add(text, "has a translation marked fuzzy")
        elif any(places(string) - places_of(message) for string in strings_of(message)):
            faults.add(text, "has a place in its translation that the text lacks")
    return faults.sentences


def places(text: str) -> set[str]:
    return {"".join(found) for found in PLACE.findall(text)}


def places_of(message: Message) -> set[str]:
    ids = [message.id] if isinstance(message.id, str) else message.id
    return set().union(*map(places, ids))


# The texts


def found_in(root: Path) -> Iterator[Found]:
    """Every text of the project, from code and from templates."""
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            name = file.relative_to(root).as_posix()
            if file.suffix == ".py" and "migrations" not in file.parts:
                yield from python_texts(file.read_text(encoding="utf-8"), name)
            elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
                yield from template_texts(file.read_text(encoding="utf-8"), name)


def python_texts(source: str, file: str) -> Iterator[Found]:
    tree = ast.parse(source, file)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    aliases = {
        name.asname: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.asname and name.name in ONE | PLURAL | CONTEXT
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in calls:
        yield from call_texts(call, file, constants, aliases)
    if "rules" in file.split("/"):
        described = docstrings(tree)
        yield from (
            Found(node.value, file)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in described
            and re.search(r"%\(\w+\)s", node.value)
        )


def docstrings(tree: ast.Module) -> set[ast.expr]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def call_texts(
    call: ast.Call, file: str, constants: dict[str, ast.expr], aliases: dict[str, str]
) -> Iterator[Found]:
    """What one call of a translating function says; a constant of the module is looked up."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    name = aliases.get(name, name)
    given = [list(literals(argument, constants)) for argument in call.args[:2]]
    if name in ONE and given:
        yield from (Found(text, file) for text in given[0])
    elif name in PLURAL and len(given) == 2 and all(given):
        yield Found(given[0][0], file, plural=given[1][0])
    elif name in CONTEXT and len(given) == 2 and all(given):
        yield Found(given[1][0], file, context=given[0][0])


def literals(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """The texts that an expression may stand for; none where only the running program knows."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body, constants)
        yield from literals(node.orelse, constants)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from literals(constants[node.id], {})


CALL = re.compile(r"\b(_|n?gettext|pgettext)\(")


def template_texts(source: str, file: str) -> Iterator[Found]:
    """The texts of a template: Django turns it into calls, with all else blanked out."""
    blanked = templatize(source, origin=file)
    for start in (match.start() for match in CALL.finditer(blanked)):
        for end in (match.end() for match in re.finditer(r"\)", blanked[start:])):
            try:
                call = ast.parse(blanked[start : start + end], mode="eval").body
            except SyntaxError:
                continue
            if isinstance(call, ast.Call):
                yield from call_texts(call, file, {}, {})
            break
