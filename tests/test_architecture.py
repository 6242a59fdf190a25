"""House rules that a test can keep: who may import whom, and what no file may contain."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"registry", "branches", "members"}
DOORS = {"admin", "commands", "filters", "management", "papers", "sheets", "urls", "views"}
DOOR_LIBRARIES = ("django.contrib.admin", "django.http", "django.shortcuts", "django_filters",
                  "import_export", "typst", "xlsxwriter", "python_calamine")  # fmt: skip
TOP_LEVEL = {
    ".ci", ".editorconfig", ".gitignore", "LICENSE", "Makefile", "README.md", "branches",
    "manage.py", "members", "pyproject.toml", "registry", "requirements-dev.txt",
    "requirements.txt", "templates", "tests",
}  # fmt: skip
LONGEST = 399
NO_NAMES = {"handler", "handlers", "helper", "helpers", "info", "manager", "managers", "util",
            "utils"}  # fmt: skip
MODEL_SIGNALS = {"m2m_changed", "post_delete", "post_save", "pre_delete", "pre_save", "receiver"}
# What a rule may know beside other rules.
PLAIN = ("registry.calendar", "registry.sentences", "registry.masks", "registry.working_days")
PLAIN_LIBRARIES = {"pypinyin", "chinese_calendar"}  # tables: of readings, of holidays


def git_files(*arguments: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted({Path(name) for name in listed.stdout.split("\0") if name})


TRACKED = git_files()
# New files too, so that a rule is broken before the commit and not after it.
FILES = [
    file
    for file in git_files("--cached", "--others", "--exclude-standard")
    if (ROOT / file).is_file() and "vendor" not in file.parts
]
MODULES = [file for file in FILES if file.suffix == ".py" and file.parts[0] in OURS]
RULES = [module for module in MODULES if "rules" in module.parts]
RECORDS = [module for module in MODULES if "models" in module.parts]
TEMPLATES = [file for file in FILES if file.suffix == ".html"]
ASSETS = [file for file in FILES if file.suffix in {".html", ".css", ".js", ".svg"}]


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), str(file))


@cache
def imports_of(module: Path) -> frozenset[str]:
    """Every imported name in full: ``from branches import models`` is ``branches.models``."""
    names: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def ours(module: Path) -> set[str]:
    return {name for name in imports_of(module) if name.split(".")[0] in OURS}


def is_rule(name: str) -> bool:
    return name.split(".")[1:2] == ["rules"] or name.startswith(PLAIN)


def calls_of(module: Path) -> list[tuple[str, ast.Call]]:
    return [
        (node.func.attr, node)
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


# Who may import whom


@pytest.mark.parametrize("module", RULES, ids=str)
def test_a_rule_knows_only_rules_and_plain_tools(module):
    libraries = {name.split(".")[0] for name in imports_of(module)} - OURS
    assert libraries <= sys.stdlib_module_names | PLAIN_LIBRARIES
    assert not {name for name in ours(module) if not is_rule(name)}


@pytest.mark.parametrize("module", RULES, ids=str)
def test_a_rule_is_told_the_day(module):
    assert not {name for name, _ in calls_of(module)} & {"today", "now", "utcnow", "localdate"}


@pytest.mark.parametrize("name", PLAIN)
def test_the_plain_tools_of_the_rules_know_no_library(name):
    module = Path(name.replace(".", "/") + ".py")
    foreign = {used for used in imports_of(module) if not used.startswith(PLAIN)}
    libraries = {used.split(".")[0] for used in foreign}
    assert libraries <= sys.stdlib_module_names | PLAIN_LIBRARIES


@pytest.mark.parametrize("module", [m for m in MODULES if m.parts[0] == "branches"], ids=str)
def test_branches_do_not_know_members(module):
    assert not {name for name in ours(module) if name.startswith("members")}


@pytest.mark.parametrize("module", [m for m in MODULES if m.parts[0] == "registry"], ids=str)
def test_the_shared_tools_know_no_app(module):
    assert not {name for name in ours(module) if not name.startswith("registry")}


@pytest.mark.parametrize("module", RECORDS, ids=str)
def test_a_record_imports_no_door(module):
    assert not {name for name in ours(module) if DOORS & set(name.split(".")[1:])}
    assert not {name for name in imports_of(module) if name.startswith(DOOR_LIBRARIES)}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_stand_at_the_top(module):
    inside = [
        inner.lineno
        for outer in ast.walk(tree_of(module))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not inside, f"imports inside functions at lines {inside}"


# Who may change rows


def asks_many_rows(call: ast.Call) -> bool:
    """Whether ``….update(…)`` is a queryset's and not a dictionary's."""
    assert isinstance(call.func, ast.Attribute)
    chain = ast.unparse(call.func.value)
    return not call.args and bool(
        re.search(r"\bobjects\b|_set\b|\.(filter|exclude|all|select_for_update)\(", chain)
        or call.keywords
    )


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if not {"models", "migrations"} & set(m.parts)],
    ids=str,
)
def test_rows_change_through_verbs_which_keep_the_log(module):
    lines = [
        call.lineno
        for name, call in calls_of(module)
        if name == "bulk_update" or (name == "update" and asks_many_rows(call))
    ]
    assert not lines, f"update() or bulk_update() outside the verbs at lines {lines}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_domain_step_hides_in_a_signal(module):
    assert not {name.split(".")[-1] for name in imports_of(module)} & MODEL_SIGNALS


# What files look like


def test_the_top_level_stays_small():
    assert {file.parts[0] for file in TRACKED} <= TOP_LEVEL


@pytest.mark.parametrize(
    "file", [f for f in FILES if f.suffix in {".py", ".html", ".css", ".js", ".typ"}], ids=str
)
def test_a_file_can_be_read_in_one_sitting(file):
    assert len((ROOT / file).read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_a_file_is_named_after_its_subject():
    vague = {str(file) for file in FILES if NO_NAMES & set(file.stem.lower().split("_"))}
    assert not vague | {str(file) for file in FILES if NO_NAMES & set(file.parts[:-1])}


# What pages may contain: the register stands in networks without a way out, and its security
# policy lets no inline code or style run.

LOADED_FROM_OUTSIDE = re.compile(
    r"""(?:\b(?:src|href|action|data-[\w-]*(?:url|src))\s*=\s*["']?|url\(\s*["']?|@import\s+["']|"""
    r"""\b(?:fetch|import|importScripts|Worker|EventSource|WebSocket)\(\s*["'`]|\bfrom\s+["'])"""
    r"""(?:https?:|wss?:)?//""",
    re.IGNORECASE,
)
INLINE_CODE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type=["']application/json["'])|<style\b|\sstyle\s*="""
    r"""|\son[a-z]+\s*=\s*["']|javascript:|\bsrcdoc\s*=""",
    re.IGNORECASE,
)
EVALUATED = re.compile(
    r"\beval\(|new Function\(|\.innerHTML\s*=|insertAdjacentHTML|document\.write"
)
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)


def found(pattern: re.Pattern[str], file: Path) -> list[str]:
    text = COMMENT.sub("", (ROOT / file).read_text(encoding="utf-8"))
    return [match.group() for match in pattern.finditer(text)]


@pytest.mark.parametrize("file", ASSETS, ids=str)
def test_nothing_is_loaded_from_outside(file):
    assert not found(LOADED_FROM_OUTSIDE, file)


@pytest.mark.parametrize("file", TEMPLATES, ids=str)
def test_a_template_holds_no_inline_code_or_style(file):
    assert not found(INLINE_CODE, file)


@pytest.mark.parametrize("file", [f for f in ASSETS if f.suffix in {".js", ".html"}], ids=str)
def test_no_script_makes_code_or_markup_of_text(file):
    assert not found(EVALUATED, file)


# These rules about texts are patterns, and a pattern that matches nothing would look like peace.


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (LOADED_FROM_OUTSIDE, '<script src="https://cdn.example/x.js"></script>'),
        (LOADED_FROM_OUTSIDE, "background: url(//fonts.example/a.woff2)"),
        (LOADED_FROM_OUTSIDE, '@import "https://fonts.example/css"'),
        (LOADED_FROM_OUTSIDE, "fetch('https://api.example')"),
        (INLINE_CODE, "<script>alert(1)</script>"),
        (INLINE_CODE, "<style>p {}</style>"),
        (INLINE_CODE, '<p style="color: red">'),
        (INLINE_CODE, '<a onclick="go()">'),
        (INLINE_CODE, '<a href="javascript:go()">'),
        (EVALUATED, "box.innerHTML = name"),
    ],
)
def test_the_patterns_find_what_they_forbid(pattern, text):
    assert pattern.search(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (LOADED_FROM_OUTSIDE, '<svg xmlns="http://www.w3.org/2000/svg">'),
        (LOADED_FROM_OUTSIDE, "<link href=\"{% static 'registry/base.css' %}\">"),
        (INLINE_CODE, '<script src="/static/registry/tree.js" defer></script>'),
        (INLINE_CODE, '<script id="ages" type="application/json">[]</script>'),
        (INLINE_CODE, '<p class="style">'),
    ],
)
def test_the_patterns_let_the_rest_be(pattern, text):
    assert not pattern.search(text)
