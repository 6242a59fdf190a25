"""The catalogue: what is taken from code and templates, and that nothing lacks its Chinese."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command

from registry.management.commands.messages import (
    Found,
    catalogue_of,
    faults_of,
    files_of,
    python_texts,
    read_catalogue,
    template_texts,
)


def test_every_text_has_its_chinese_and_is_compiled():
    call_command("messages", check=True)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        pytest.param('_("Save")', ["Save"], id="usual"),
        pytest.param('_("Save " "and close")', ["Save and close"], id="over two lines"),
        pytest.param('Sentence("%(name)s?", name=x)', ["%(name)s?"], id="rule"),
        pytest.param('TAKEN = "Taken."\nwarning(TAKEN, code="x")', ["Taken."], id="constant"),
        pytest.param('_("Yes" if x else "No")', ["Yes", "No"], id="either"),
        pytest.param('_(f"{x}")', [], id="only the running program knows"),
        pytest.param('print("Save")', [], id="no text for a reader"),
    ],
)  # fmt: skip
def test_a_text_is_found_in_code(source, texts):
    assert [found.text for found in python_texts(source, "members/views.py")] == texts


def test_a_template_that_a_rule_hands_on_is_found_but_not_its_docstring():
    source = '"""Not “%(this)s”."""\nread(table, "“%(that)s” is unknown.")'
    assert [found.text for found in python_texts(source, "members/rules/codes.py")] == [
        "“%(that)s” is unknown."
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Don\'t (go)" %}', Found("Don't (go)", "x")),
        ('{{ name|default:_("none") }}', Found("none", "x")),
        ("{% blocktranslate %}Of {{ day }}{% endblocktranslate %}", Found("Of %(day)s", "x")),
        ('{% translate "May" context "month" %}', Found("May", "x", context="month")),
        (
            "{% blocktranslate count n=n %}one{% plural %}{{ n }} rows{% endblocktranslate %}",
            Found("one", "x", plural="%(n)s rows"),
        ),
    ],
)
def test_a_text_is_found_in_a_template(source, found):
    assert list(template_texts("{% load i18n %}<p>" + source + "</p>", "x")) == [found]


def test_a_translation_is_kept_while_its_text_is_said_and_afterwards(tmp_path):
    first = catalogue_of([Found("Save", "a.py")], before=Catalog(locale="zh_Hans"))
    assert faults_of(first) == ["“Save” has no translation."]
    first["Save"].string = "保存"

    later = catalogue_of([Found("Close", "a.py")], before=first)
    for file, content in files_of(tmp_path, later).items():
        file.write_bytes(content)
    again = catalogue_of([Found("Save", "b.py")], before=read_catalogue(tmp_path / "django.po"))
    assert again["Save"].string == "保存"
    assert faults_of(again) == []


def test_a_place_that_the_text_lacks_is_a_fault():
    catalogue = catalogue_of([Found("“%(name)s” is taken.", "a.py")], Catalog(locale="zh_Hans"))
    catalogue["“%(name)s” is taken."].string = "“%(nmae)s”已被使用。"
    assert faults_of(catalogue) == [
        "““%(name)s” is taken.” has a place in its translation that the text lacks."
    ]
