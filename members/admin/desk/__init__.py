"""The start page: a clerk's desk, and below it the numbers of his organisations."""

from members.admin.desk.figures import AGES, PERIODS, figures_of, numbers_of
from members.admin.desk.page import start_page
from members.admin.desk.reach import tops_of

__all__ = ["AGES", "PERIODS", "figures_of", "numbers_of", "start_page", "tops_of"]
