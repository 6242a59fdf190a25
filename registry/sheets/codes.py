"""The closed list of codes that findings carry. Other programs read them: add, never rename."""

from __future__ import annotations

DATE_UNREADABLE = "date_unreadable"
DATE_AMBIGUOUS = "date_ambiguous"
DATE_IN_FUTURE = "date_in_future"
DATE_TWO_DIGIT_YEAR = "date_two_digit_year"
ID_CHECK_DIGIT = "id_check_digit"
ID_DIGITS_LOST = "id_digits_lost"
ID_LENGTH = "id_length"
ID_UNREADABLE = "id_unreadable"
ID_CONVERTED = "id_converted"
DUPLICATE_IN_FILE = "duplicate_in_file"
REGISTERED_ELSEWHERE = "registered_elsewhere"
BRANCH_UNKNOWN = "branch_unknown"
BRANCH_AMBIGUOUS = "branch_ambiguous"
BRANCH_MISSING = "branch_missing"
NAME_MISSING = "name_missing"
NAME_CLEANED = "name_cleaned"
NAME_DOUBTFUL = "name_doubtful"
VALUE_MISSING = "value_missing"
VALUE_BLANK_WORD = "value_blank_word"
CHOICE_UNKNOWN = "choice_unknown"
NUMBER_UNREADABLE = "number_unreadable"
PHONE_UNREADABLE = "phone_unreadable"
DIGITS_LOST = "digits_lost"
TEXT_TOO_LONG = "text_too_long"
TEXT_CHARACTERS = "text_characters"
TEXT_CLEANED = "text_cleaned"
FORMULA_WITHOUT_VALUE = "formula_without_value"
FORMULA_VALUE = "formula_value"
ERROR_VALUE = "error_value"
HEADING_AMBIGUOUS = "heading_ambiguous"
HEADING_TWICE = "heading_twice"
HEADING_MISSING = "heading_missing"
HEADING_UNKNOWN = "heading_unknown"
SHEET_HIDDEN = "sheet_hidden"
SHEET_WITHOUT_HEADINGS = "sheet_without_headings"
SHEET_WITHOUT_RECORDS = "sheet_without_records"
ROWS_HIDDEN = "rows_hidden"
COLUMNS_HIDDEN = "columns_hidden"
CELLS_FILLED_DOWN = "cells_filled_down"
CELLS_MERGED_ACROSS = "cells_merged_across"
MACROS_IGNORED = "macros_ignored"
LINKS_IGNORED = "links_ignored"
FILE_UNREADABLE = "file_unreadable"
FILE_TOO_LARGE = "file_too_large"
# Who and where it is
NUMBER_UNKNOWN = "number_unknown"
MATCH_UNSURE = "match_unsure"
MATCH_CONFLICT = "match_conflict"
NAME_DIFFERS = "name_differs"
BRANCH_DIFFERS = "branch_differs"
BRANCH_FROM_TITLE = "branch_from_title"
HAS_LEFT = "has_left"
CANNOT_BE_CLEARED = "cannot_be_cleared"
KIND_ASSUMED = "kind_assumed"
POST_UNREAD = "post_unread"
POST_ELSEWHERE = "post_elsewhere"
POST_SINCE_OPENING = "post_since_opening"
GROUP_UNKNOWN = "group_unknown"
# Organisations
CODE_TAKEN = "code_taken"
PARENT_UNKNOWN = "parent_unknown"
PARENT_REFUSED = "parent_refused"
CHANGE_BY_VERB = "change_by_verb"
ORGANIZATION_REFUSED = "organization_refused"
# Dues
MEMBER_UNKNOWN = "member_unknown"
BASE_TWICE = "base_twice"
BASE_PARTS = "base_parts"
BASE_UNUSED = "base_unused"
YEAR_MISSING = "year_missing"
MONTH_MISSING = "month_missing"
MONTHS_UNSURE = "months_unsure"
MONTH_NOT_OWED = "month_not_owed"
MONTH_CLOSED = "month_closed"
ALREADY_PAID = "already_paid"
DUES_DIFFER = "dues_differ"
AMOUNT_NOT_BY_RATE = "amount_not_by_rate"
PAID_TO_DIFFERS = "paid_to_differs"
# Development
STAGE_DIFFERS = "stage_differs"
STEP_DIFFERS = "step_differs"
NOT_ON_ROLL = "not_on_roll"
FILE_STOPPED = "file_stopped"
STEPS_NOT_IN_SHEET = "steps_not_in_sheet"
# Taking an upload back
UNDO_KEPT = "undo_kept"
UNDO_FAILED = "undo_failed"

# What the rules themselves have against the record that a row makes; they name these codes.
OF_RULES = frozenset({
    "already_done", "already_member", "amount_below_fen", "amount_negative", "amount_not_positive",
    "amount_too_large", "amount_unreadable", "before_birth", "born_differs_from_id",
    "born_in_future", "code_not_digits", "code_too_long", "comes_first", "day_unknown",
    "dues_in_advance", "dues_large", "dues_late", "full_before_joined", "full_in_future",
    "full_late", "full_too_soon", "full_without_date", "in_future", "joined_before_born",
    "joined_in_future", "joined_too_young", "month_before_rules", "month_of_non_membership",
    "month_unreadable", "name_empty", "name_foreign_sign", "name_stand_in", "name_too_long",
    "named_twice", "office_before_founding", "out_of_order", "paid_before_rules", "paid_in_future",
    "probationary_officer", "probationary_with_past_full_date", "refused_before",
    "sex_differs_from_id", "skipped", "too_early", "too_few_named", "too_late", "too_young",
    "two_secretaries", "work_before_born", "work_in_future",
})  # fmt: skip

ALL = OF_RULES | {
    value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str)
}
