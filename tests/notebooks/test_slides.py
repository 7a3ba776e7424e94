"""Each notebook as slides: a break at every heading, no set-up, no slide that is too long."""

import re

import pytest
from test_notebooks import NAMES, executed, source, tags

HEADING = re.compile(r"^##? ", re.MULTILINE)
MOST_LINES = 32


def kinds(notebook):
    return [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]


@pytest.mark.parametrize("name", NAMES)
def test_both_files_of_a_pair_have_the_same_breaks(name):
    assert kinds(source(name)) == kinds(executed(name))
    assert set(kinds(source(name))) == {None, "skip", "slide", "subslide"}


@pytest.mark.parametrize("name", NAMES)
def test_a_slide_begins_at_every_heading_and_nowhere_else(name):
    notebook = source(name)
    for cell, kind in zip(notebook.cells, kinds(notebook), strict=True):
        headings = HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
        assert len(headings) <= 1, cell.source
        assert (kind == "slide") == bool(headings), cell.source
        assert not headings or HEADING.match(cell.source), cell.source


@pytest.mark.parametrize("name", NAMES)
def test_set_up_is_on_no_slide(name):
    notebook = source(name)
    for cell, kind in zip(notebook.cells, kinds(notebook), strict=True):
        assert (kind == "skip") == bool({"setup", "choices"} & set(tags(cell))), cell.source


@pytest.mark.parametrize("name", NAMES)
def test_no_slide_is_too_long(name):
    notebook, lines = source(name), 0
    for cell, kind in zip(notebook.cells, kinds(notebook), strict=True):
        if kind != "skip":
            lines = len(cell.source.splitlines()) + (0 if kind else lines)
            assert lines <= MOST_LINES, cell.source
