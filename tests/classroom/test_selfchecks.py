"""The self-checks: every typical wrong answer gets a message of its own, which is no solution."""

import importlib
import pkgutil
import re

import jupytext
import pytest

from tests.notebooks.test_notebooks import FOLDER, tags
from vit_helpers.classroom import selfchecks

# A notebook's module is the door to all of its checks, also to those that stand in another one.
MODULES = sorted(path.stem[12:] for path in FOLDER.glob("solutions/solution_*.py"))
WRONG = {
    name: importlib.import_module(f"tests.classroom.wrong_answers.{name}").WRONG for name in MODULES
}
TASKS = [(name, task) for name in MODULES for task in WRONG[name]]


def checks(name):
    """{task: check} of a module: what the decorator `check` made."""
    module = importlib.import_module(f"vit_helpers.classroom.selfchecks.{name}")
    return {key: value for key, value in vars(module).items() if hasattr(value, "__wrapped__")}


def solution_lines(name):
    """The lines of code in the solutions that a message must not give away."""
    (path,) = FOLDER.glob(f"solutions/*_{name}.py")
    code = [c for c in jupytext.read(path).cells if c.cell_type == "code" and "solution" in tags(c)]
    lines = {line.strip() for cell in code for line in cell.source.splitlines()}
    return {line for line in lines if len(line) > 12 and not re.match(r'def |"""|import |#', line)}


@pytest.mark.parametrize("name", MODULES)
def test_the_door_shows_every_check_of_its_notebook(name):
    behind = [m.name for m in pkgutil.iter_modules(selfchecks.__path__) if m.name.startswith(name)]
    assert set(checks(name)) == {task for module in behind for task in checks(module)}


@pytest.mark.parametrize("name", MODULES)
def test_every_task_has_wrong_answers(name):
    assert 2 <= len(checks(name)) <= 4
    assert set(WRONG[name]) == set(checks(name))


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_each_wrong_answer_gets_its_own_message(name, task):
    messages = {}
    for answer, phrase in WRONG[name][task]:
        verdict = checks(name)[task](*(answer if isinstance(answer, tuple) else (answer,)))
        assert not verdict.right
        assert phrase in verdict.message
        assert verdict.message not in messages, messages[verdict.message]
        messages[verdict.message] = phrase
        for line in solution_lines(name):
            assert line not in verdict.message
    assert len(messages) >= 3


def test_a_cell_says_what_it_waits_for(capsys):
    module = importlib.import_module("vit_helpers.classroom.selfchecks.image_patches")
    right, wrong = module.price(96, 192, 9216), module.price(1, 2, 3)
    assert module.ready(right)
    assert capsys.readouterr().out == ""
    assert not module.ready(right, wrong, module.cut(None))
    assert "when task 3 and task 1 is right" in capsys.readouterr().out


@pytest.mark.parametrize("name", MODULES)
def test_the_committed_solutions_are_right(name):
    (path,) = FOLDER.glob(f"solutions/*_{name}.ipynb")
    cells = [c for c in jupytext.read(path).cells if "check" in tags(c)]
    assert len(cells) == len(checks(name))
    for cell in cells:
        assert "nbval-check-output" in tags(cell)
        (output,) = cell.outputs
        assert output.data["text/plain"].startswith("Right: ")
