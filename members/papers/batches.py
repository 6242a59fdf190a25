"""One paper of every branch below an organisation, in the order of the tree.

A branch whose paper cannot be printed is named, and the others come all the same. The papers are
made here, where the database and the keys are, and set by the processes of
``registry/papers/presses.py``.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from branches.models import Organization, OrganizationPeriod
from branches.rules import hierarchy, tree
from members.papers.organizations import code_of
from members.papers.printing import OFFICE_TYPEFACES, warnings_of
from registry.language import said
from registry.models import Action, Entry
from registry.papers.binding import Binding, FolderBinding, PdfBinding, ZipBinding
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.compiling import PaperError
from registry.papers.presses import PRESSES, Presses
from registry.papers.writing import PDF, Printable, write
from registry.sentences import Sentence

MOST = 2_000  # papers at once
AHEAD = 3 * PRESSES  # papers that are made while the ones before them are being set

logger = logging.getLogger(__name__)


class Remark(NamedTuple):
    """What is to be told of one branch's paper."""

    branch: str
    sentence: str


class Leaf(NamedTuple):
    """A branch, its code and name then, and the folders that its paper stands in."""

    organization: Organization
    code: str
    name: str
    folders: tuple[str, ...]


@dataclass(frozen=True)
class _Sheet:
    """A paper on its way, and how many records are on it."""

    leaf: Leaf
    paper: Future[bytes]
    count: int = 0
    warnings: list[Sentence] = field(default_factory=list)


@dataclass
class Outcome:
    """What has come of a batch; ``papers`` are those that were printed."""

    papers: int = 0
    records: int = 0
    failures: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """``paper`` of each branch that stood below ``organization`` on the day that is asked for."""

    paper: Paper
    organization: Organization
    asked: Asked
    form: str = PDF

    @cached_property
    def leaves(self) -> list[Leaf]:
        """The branches as they stood then, of those where the reader may print now.

        Raises ValidationError where there is nothing to print, or too much of it.
        """
        day, words = self.asked.day, {"name": self.organization, "most": MOST}
        then = self.organization.on(day)
        if then is None:
            text = _("%(name)s did not stand on %(day)s. Choose another day.")
            raise ValidationError({"on": text % (words | {"day": day})})
        below = OrganizationPeriod.objects.on(day).under(then.path)
        own = below.visible_to(self.asked.reader, self.paper.verb)
        stood = list(own.select_related("organization").order_by("path"))
        folders = {each.path: _labelled(each) for each in stood if each.path != then.path}
        leaves = [
            Leaf(
                each.organization,
                code_of(each),
                each.short_name or each.name,
                tuple(folders[path] for path in tree.ancestors_of(each.path) if path in folders),
            )
            for each in stood
            if hierarchy.KINDS[each.kind].holds_members
        ]
        if not leaves:
            text = _("No branch stood below %(name)s on %(day)s. Choose another organisation.")
            raise ValidationError({"organization": text % (words | {"day": day})})
        if len(leaves) > MOST:
            text = _(
                "More than %(most)s branches stand below %(name)s. "
                "Choose the organisations below it one by one."
            )
            raise ValidationError({"organization": text % words})
        return leaves

    @property
    def title(self) -> str:
        return f"{self.organization}各支部{self.paper.title}（{self.asked.day:%Y-%m-%d}）"

    def bind(
        self, binding: Binding, tell: Callable[[int, int], object] = lambda done, of: None
    ) -> Outcome:
        """Print everything into ``binding`` and return what has come of it.

        ``tell`` hears after each paper how many are done, and of how many; what it raises ends
        the work.
        """
        outcome = Outcome()
        with Presses(OFFICE_TYPEFACES) as presses:
            for done, sheet in enumerate(self._ordered(presses), start=1):
                self._take(sheet, binding, outcome)
                tell(done, len(self.leaves))
        binding.close(named(outcome.failures))
        return outcome

    def log(self, outcome: Outcome) -> None:
        """Log that it was printed: one entry about the organisation that it was printed for."""
        Entry.append(
            Action.PRINT,
            self.organization,
            [
                ["paper", "", self.paper.title],
                ["form", "", self.form],
                ["as at", "", f"{self.asked.day}"],
                ["papers", "", outcome.papers],
                ["records", "", outcome.records],
                ["numbers", "", "full" if self.asked.in_full else "masked"],
            ],
            reason=self.asked.reason,
        )

    def _ordered(self, presses: Presses) -> Iterator[_Sheet]:
        """The papers of the branches in their order; a few are being set ahead."""
        waiting: deque[_Sheet] = deque()
        for leaf in self.leaves:
            waiting.append(self._begun(leaf, presses))
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting

    def _begun(self, leaf: Leaf, presses: Presses) -> _Sheet:
        """Make the paper of a branch and have it set; why it cannot be is kept with it."""
        try:
            made = self.paper.make(leaf.organization, self.asked)
            return _Sheet(leaf, self._set(made, presses), made.count, warnings_of(made))
        except DatabaseError:
            raise  # the next branch would fare no better
        except Exception as error:  # noqa: BLE001 - whatever it is, the other branches still come
            failed: Future[bytes] = Future()
            failed.set_exception(error)
            return _Sheet(leaf, failed)

    def _set(self, made: Printable, presses: Presses) -> Future[bytes]:
        if self.form == PDF:
            return presses.submit(made.template, made.data(), self.asked.at)
        at_once: Future[bytes] = Future()
        written = write(made, self.form, typefaces=OFFICE_TYPEFACES, printed_at=self.asked.at)
        at_once.set_result(written)
        return at_once

    def _take(self, sheet: _Sheet, binding: Binding, outcome: Outcome) -> None:
        if error := sheet.paper.exception():
            outcome.failures.append(Remark(sheet.leaf.name, _why(error)))
            return
        binding.add(self._place(sheet.leaf), sheet.paper.result())
        outcome.papers += 1
        outcome.records += sheet.count
        outcome.warnings += [Remark(sheet.leaf.name, said(each)) for each in sheet.warnings]

    def _place(self, leaf: Leaf) -> tuple[str, ...]:
        return (*leaf.folders, f"{leaf.code} {leaf.name}{self.paper.title}.{self.form}")


def batch_of(
    paper: Paper | None, organization: Organization, asked: Asked, form: str = PDF
) -> Batch:
    """Return the batch that is asked for; raise ValidationError where there is none."""
    if paper is None or paper.about != About.ORGANIZATION or form not in paper.forms:
        raise ValidationError(_("There is no such paper of branches. Choose one of the list."))
    batch = Batch(paper, organization, asked, form)
    batch.leaves  # noqa: B018 - says why there are none
    return batch


def write_batch(batch: Batch, output: Path) -> Outcome:
    """Print a batch into a ``.zip``, a ``.pdf`` or, for any other name, a folder of files.

    Nothing stands under these names before all is printed and logged; where nothing could be
    printed, nothing does. Raises OSError where it cannot be written, ValidationError for a PDF of
    what are no PDFs.
    """
    kind = output.suffix.lower()
    if kind == ".pdf" and batch.form != PDF:
        raise ValidationError(_("One PDF holds PDFs only. Name a folder or a .zip."))
    where = output if output.is_dir() else output.parent
    with TemporaryDirectory(prefix=".printing-", dir=where) as unseen:
        bundle = Path(unseen) / output.name
        outcome = _write(batch, bundle, kind)
        if outcome.papers:
            with transaction.atomic():  # what was not written is not in the log either
                batch.log(outcome)
                _reveal(bundle, output)
    return outcome


def named(failures: list[Remark]) -> str:
    """Return the failures as a text, one line each, for whoever opens the ZIP."""
    return "".join(f"{branch}：{sentence}\r\n" for branch, sentence in failures)


def _write(batch: Batch, bundle: Path, kind: str) -> Outcome:
    if kind not in {".zip", ".pdf"}:
        return batch.bind(FolderBinding(bundle))
    with bundle.open("wb") as file:
        if kind == ".zip":
            return batch.bind(ZipBinding(file, batch.asked.at))
        return batch.bind(PdfBinding(file, batch.title))


def _reveal(bundle: Path, output: Path) -> None:
    """Give what is complete its name; in a folder it takes the place of what was printed before."""
    if bundle.is_file():
        bundle.replace(output)
        return
    for file in [each for each in bundle.rglob("*") if each.is_file()]:
        target = output / file.relative_to(bundle)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)


def _labelled(period: OrganizationPeriod) -> str:
    return f"{code_of(period)} {period.short_name or period.name}"


def _why(error: Any) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, PaperError):
        return f"{error}"
    logger.error("A paper of a batch could not be made.", exc_info=error)
    text = _("A fault of the program (%(fault)s). Tell whoever looks after the register.")
    return text % {"fault": type(error).__name__}
