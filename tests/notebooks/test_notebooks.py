"""The notebooks as files: pairs in sync, one set-up cell, the anatomy, clean outputs."""

import html
import re

import jupytext
import nbformat
import pytest

from vit_check.packages import ROOT

FOLDER = ROOT / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("[0-9][0-9]_*.py"))
SOLUTIONS = sorted(f"solutions/{path.stem}" for path in FOLDER.glob("solutions/*.py"))
EVERY = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*[0-9][0-9]_*.py"))
CONTROL = re.compile(r"[\b\r\x1b]")
LOCAL_PATH = re.compile(r"(?<![\w.:/])/(home|Users|root|work|tmp|private|var)/")


def source(name):
    return jupytext.read(FOLDER / f"{name}.py")


def executed(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return cell.metadata.get("tags", [])


def texts(cell):
    """What a cell printed or returned as plain text; not pictures, tables and rendered source."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.text
        elif set(output.get("data", {})) == {"text/plain"}:
            yield output.data["text/plain"]


def test_the_series_is_complete():
    assert [name[:2] for name in NAMES] == [f"{i:02}" for i in range(11)]


@pytest.mark.parametrize("name", NAMES)
def test_pair_is_in_sync(name):
    py, ipynb = source(name), executed(name)
    assert [(c.cell_type, c.source, tags(c)) for c in py.cells] == [
        (c.cell_type, c.source, tags(c)) for c in ipynb.cells
    ]


@pytest.mark.parametrize("name", NAMES)
def test_first_two_code_cells_are_those_of_every_notebook(name):
    setup, choices = code(source(name))[:2]
    first = code(source(NAMES[0]))
    assert tags(setup) == ["setup"]
    assert tags(choices) == ["choices"]
    assert setup.source == first[0].source
    assert choices.source == first[1].source


@pytest.mark.parametrize("name", NAMES)
def test_anatomy(name):
    notebook = source(name)
    opening = notebook.cells[0].source
    assert opening.startswith(f"# {int(name[:2])} · ")
    for phrase in ("**You will**", "**You need**", "**Time on two cores:**"):
        assert phrase in opening
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for heading in ("## What you saw", "## Check yourself", "## Next"):
        assert heading in prose
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 25, cell.source
    assert [cell for cell in code(notebook) if "headline" in tags(cell)]


@pytest.mark.parametrize("path", EVERY, ids=str)
def test_a_notebook_needs_the_front_door_and_at_most_one_wing(path):
    text = "\n".join(cell.source for cell in code(jupytext.read(FOLDER / path)))
    assert len(set(re.findall(r"(?:from|import) vit_helpers\.(\w+)", text))) <= 1


@pytest.mark.parametrize("path", EVERY, ids=str)
def test_links_lead_somewhere(path):
    text = "\n".join(cell.source for cell in jupytext.read(FOLDER / path).cells)
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((FOLDER / path).parent / target).exists(), target


@pytest.mark.parametrize("name", NAMES + SOLUTIONS)
def test_committed_outputs_are_clean(name):
    notebook = executed(name)
    assert (FOLDER / f"{name}.ipynb").stat().st_size < 2_000_000
    for i, cell in enumerate(code(notebook), 1):
        assert cell.execution_count == i
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.text
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"]["alt"]
                assert len(alt) > 10
                assert output.metadata["image/png"]["width"] <= 848
        for text in texts(cell):
            assert not CONTROL.search(text)
            assert not LOCAL_PATH.search(text)


@pytest.mark.parametrize("name", NAMES)
def test_shown_source_is_short_and_narrow(name):
    for cell in code(executed(name)):
        for line in re.findall(r"show_source\((.+)\)$", cell.source, re.M):
            (page,) = [o["data"]["text/html"] for o in cell.outputs if "text/html" in o["data"]]
            shown = html.unescape(re.sub("<[^>]+>", "", page)).strip("\n").split("\n")
            assert len(shown) <= 20, line
            assert max(map(len, shown)) <= 80, line


@pytest.mark.parametrize("name", NAMES)
def test_at_least_half_of_the_printing_cells_are_compared(name):
    printing = [cell for cell in code(executed(name)) if any(texts(cell))]
    compared = [cell for cell in printing if "nbval-check-output" in tags(cell)]
    assert len(compared) * 2 >= len(printing)
    for cell in compared:
        assert not any("image/png" in output.get("data", {}) for output in cell.outputs)
