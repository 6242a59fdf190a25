"""Papers bound together: names, order and bookmarks."""

from __future__ import annotations

import io
from datetime import datetime
from zipfile import ZipFile

import pikepdf
import pytest

from registry.papers.binding import FolderBinding, PdfBinding, ZipBinding, plain_place

AT = datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001 - the hour on the office's clock


def a_pdf(pages: int) -> bytes:
    made, file = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("020 甲/乙党总支", "020 甲_乙党总支"),
        ("../020 支部", "_020 支部"),
        ("020 支部\n.pdf", "020 支部.pdf"),
        ("020 " + "长" * 100 + ".pdf", "020 " + "长" * 66 + ".pdf"),
    ],
)
def test_a_name_is_one_that_every_file_system_takes(name, plain):
    assert plain_place([name]) == [plain]


def test_a_zip_keeps_order_names_and_the_hour():
    file = io.BytesIO()
    binding = ZipBinding(file, AT)
    for place in (["02 党总支", "0201 支部.pdf"], ["01 支部.pdf"]):
        binding.add(place, b"%PDF")
    binding.close("乙支部：没有。\r\n")
    with ZipFile(file) as bound:
        assert bound.namelist() == ["02 党总支/0201 支部.pdf", "01 支部.pdf", "未打印.txt"]
        assert all(entry.date_time == (2026, 11, 20, 8, 30, 0) for entry in bound.infolist())
        assert bound.read("未打印.txt").decode("utf-8-sig") == "乙支部：没有。\r\n"


def test_where_nothing_is_missing_a_zip_holds_papers_only():
    file = io.BytesIO()
    binding = ZipBinding(file, AT)
    binding.add(["a.pdf"], b"%PDF")
    binding.close()
    assert ZipFile(file).namelist() == ["a.pdf"]


def test_bookmarks_follow_the_tree_and_lead_to_the_first_page_of_each_paper():
    file = io.BytesIO()
    binding = PdfBinding(file, "花名册")
    binding.add(["党总支", "甲.pdf"], a_pdf(2))
    binding.add(["党总支", "乙.pdf"], a_pdf(1))
    binding.add(["丙.pdf"], a_pdf(1))
    binding.close()
    with pikepdf.open(file) as bound, bound.open_outline() as outline:
        assert str(bound.docinfo["/Title"]) == "花名册"
        general, third = outline.root
        leads = {
            item.title: bound.pages.index(item.destination[0])
            for item in (general, *general.children, third)
        }
    assert leads == {"党总支": 0, "甲": 0, "乙": 2, "丙": 3}


def test_a_folder_holds_the_folders_of_the_tree(tmp_path):
    binding = FolderBinding(tmp_path / "papers")
    binding.add(["党总支", "甲.pdf"], b"%PDF")
    binding.close()
    assert (tmp_path / "papers" / "党总支" / "甲.pdf").read_bytes() == b"%PDF"
