"""Which fonts a paper is set in, and where their files lie.

A vendored Song face prints nearly everything. An office's own fonts (仿宋_GB2312, 方正小标宋,
宋体) come first where their files lie in its font folder or are installed; other installed fonts
come last and only for characters that the others lack.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

VENDORED_FOLDER = Path(__file__).parent / "fonts"
SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
VENDORED_FAMILY = "Registry Song"


@dataclass(frozen=True)
class Typefaces:
    """The fonts of an office: its own families, most wanted first, and folders to look in.

    ``text`` sets lists and forms, ``letter`` the body of letters. A family that is not found is
    passed over, so one setting serves machines with and without it. ``installed`` says whether
    the fonts of the machine may stand in for missing characters.
    """

    text: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    letter: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    installed: bool = True

    def searched(self) -> list[Path]:
        """Return the folders that are searched beside the machine's own."""
        return [VENDORED_FOLDER, *filter(can_be_looked_into, self.folders)]

    def families(self) -> dict[str, list[str]]:
        """Return the families to set each part in, leaving out those not found."""
        found = {face.family.lower() for face in faces(self)}
        wanted = {
            "text": self.text,
            "title": self.title or self.text,
            "letter": self.letter or self.text,
        }
        return {
            use: [*(name for name in names if name.lower() in found), VENDORED_FAMILY]
            for use, names in wanted.items()
        }


VENDORED = Typefaces()


def can_be_looked_into(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK) and folder.is_dir()


def font_files(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it that by their names are fonts."""
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)


@cache
def faces(typefaces: Typefaces) -> tuple[typst.FontInfo, ...]:
    """Return every face that Typst can use; a font installed later is seen after a restart."""
    fonts = typst.Fonts(
        include_system_fonts=typefaces.installed,
        include_embedded_fonts=False,
        font_paths=typefaces.searched(),
    )
    return tuple(fonts.fonts())
