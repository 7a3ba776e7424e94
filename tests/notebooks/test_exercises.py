"""The exercises as files: made from the solutions, complete, and of one form."""

import re

import pytest

from tests.notebooks.test_notebooks import FOLDER, code, executed, source, tags
from tools import make_exercises

NAMES = sorted(
    path.stem.removeprefix("solution_") for path in FOLDER.glob("solutions/solution_*.py")
)


def test_there_is_one_for_each_notebook_that_names_one():
    pages = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("[0-9][0-9]_*.py")}
    assert sorted(n for n, page in pages.items() if f"exercises/exercise_{n}" in page) == NAMES
    assert len(NAMES) == 9
    for suffix in ("py", "ipynb"):
        found = sorted(path.name for path in FOLDER.glob(f"exercises/*.{suffix}"))
        assert found == [f"exercise_{name}.{suffix}" for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_exercise_is_the_solution_without_its_answers(name):
    made = make_exercises.exercise(FOLDER / "solutions" / f"solution_{name}.py")
    for suffix, text in made.items():
        path = FOLDER / "exercises" / f"exercise_{name}.{suffix}"
        assert path.read_text() == text, "make exercises"


@pytest.mark.parametrize("name", NAMES)
def test_solution_pair_is_in_sync(name):
    name = f"solutions/solution_{name}"
    py, ipynb = source(name), executed(name)
    assert [(c.cell_type, c.source, tags(c)) for c in py.cells] == [
        (c.cell_type, c.source, tags(c)) for c in ipynb.cells
    ]
    for i, cell in enumerate(code(ipynb), 1):
        assert cell.execution_count == i
        assert not [o for o in cell.outputs if o.output_type == "error"]


@pytest.mark.parametrize("name", NAMES)
def test_anatomy(name):
    cells = source(f"solutions/solution_{name}").cells
    assert cells[0].source.startswith(f"# Exercises {int(name[:2])} · ")
    for phrase in ("**You will**", "**You need**", "**Time:**"):
        assert phrase in cells[0].source
    setup, *_ = [cell.source for cell in cells if cell.cell_type == "code"]
    assert setup == code(source("00_start_here"))[0].source
    assert cells[-1].source.startswith("## Next")
    tasks = [cell for cell in cells if cell.source.startswith("## Task ")]
    assert 2 <= len(tasks) <= 4
    for i, task in enumerate(tasks, 1):
        assert task.source.startswith(f"## Task {i} · ")
        assert "minutes)\n" in task.source
        # With a blank line inside, HTML pages show the hint unfolded.
        assert re.search(r"<details><summary>Hint</summary>\n(.+\n)+</details>\n\n", task.source)
        assert f"(../solutions/solution_{name}.ipynb)" in task.source
    assert len([cell for cell in cells if "check" in tags(cell)]) == len(tasks)
    answers = [c for c in cells if c.cell_type == "code" and "solution" in tags(c)]
    assert len(answers) >= len(tasks)
    for cell in cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 25, cell.source
