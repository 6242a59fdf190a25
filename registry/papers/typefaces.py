"""Which fonts a paper is set in, and where their files lie.

A vendored Song face prints nearly everything. An office may put its own fonts (仿宋_GB2312,
方正小标宋, 宋体) into a folder and name them first; fonts installed on the machine come last and
only for characters that the others lack.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

VENDORED_FOLDER = Path(__file__).parent / "fonts"
VENDORED_FAMILY = "Registry Song"


@dataclass(frozen=True)
class Typefaces:
    """The fonts of an office: its own families, most wanted first, and folders to look in.

    A family that is not found is passed over, so one setting serves machines with and without it.
    ``installed`` says whether the fonts of the machine may stand in for missing characters.
    """

    text: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    installed: bool = True

    def searched(self) -> list[Path]:
        """Return the folders that are searched beside the machine's own."""
        return [VENDORED_FOLDER, *(folder for folder in self.folders if folder.is_dir())]

    def families(self) -> dict[str, list[str]]:
        """Return the families to set text and titles in, leaving out those not found."""
        found = {face.family.lower() for face in faces(self)}
        return {
            use: [*(name for name in wanted if name.lower() in found), VENDORED_FAMILY]
            for use, wanted in (("text", self.text), ("title", self.title or self.text))
        }


VENDORED = Typefaces()


@cache
def faces(typefaces: Typefaces) -> tuple[typst.FontInfo, ...]:
    """Return every face that Typst can use; a font installed later is seen after a restart."""
    fonts = typst.Fonts(
        include_system_fonts=typefaces.installed,
        include_embedded_fonts=False,
        font_paths=typefaces.searched(),
    )
    return tuple(fonts.fonts())
