"""Where the pages of a list end.

A block is what may not be parted: a person with his empty line below, the heading of a section
with its first row, a sum with the last one. The line to sign stands below the last block, on the
same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from registry.papers.breaking import Fitted


@dataclass(frozen=True)
class Strip:
    """One row of the table as it is printed, ``height`` millimetres high.

    A band across the table has one cell, and ``align`` says how its words lie.
    """

    height: float
    cells: tuple[Fitted, ...]
    align: str = ""


@dataclass
class Block:
    """Strips that stand on one page; ``begins_page`` where they are the first of it."""

    strips: list[Strip]
    begins_page: bool = False

    @property
    def height(self) -> float:
        return sum(strip.height for strip in self.strips)


@dataclass
class PrintedPage:
    """What stands on one page; a titled one has title and unit line above the table."""

    titled: bool
    strips: list[Strip] = field(default_factory=list)


def paged(
    blocks: Sequence[Block], *, room: float, titled_room: float, signoff: float
) -> list[PrintedPage]:
    """Return the pages: ``room`` is the height for strips on each, less on a titled one."""
    pages: list[PrintedPage] = []
    left = 0.0
    for number, block in enumerate(blocks, start=1):
        needed = block.height + (signoff if number == len(blocks) else 0)
        if not pages or block.begins_page or needed > left:
            titled = not pages or block.begins_page
            pages.append(PrintedPage(titled))
            left = titled_room if titled else room
        pages[-1].strips += block.strips
        left -= block.height
    return pages


def parts(strip: Strip, lines: int, heights: Iterable[float]) -> list[Strip]:
    """Return a strip that is higher than a page in parts, of so many ``lines`` each."""
    result = []
    for at, height in enumerate(heights):
        here = slice(at * lines, (at + 1) * lines)
        cells = tuple(replace(cell, lines=cell.lines[here] or ("",)) for cell in strip.cells)
        result.append(Strip(height, cells))
    return result
