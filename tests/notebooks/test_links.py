"""The repository's address stands in pyproject.toml; `make links` stamps it everywhere else."""

import shutil
import subprocess
import sys

import nbformat
import pytest

from tools import links
from vit_check.packages import ROOT

OLD, NEW = links.address(ROOT), "ada-l/vit.workshop_2"


@pytest.fixture
def project(tmp_path):
    """A copy of the files that hold the address."""
    for path in [ROOT / "pyproject.toml", *links.files(ROOT)]:
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return tmp_path


def read(project):
    return {path: path.read_text() for path in project.rglob("*.*") if path.is_file()}


@pytest.mark.parametrize("path", links.files(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_addresses_are_that_of_pyproject(path):
    assert links.stamped(path, ROOT, OLD) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebook_opens_itself(path):
    cells = nbformat.read(path, as_version=4).cells
    launch = cells[0].source.splitlines()[2]
    assert launch.startswith("[Open in Binder](")
    assert launch.count("](") == 2
    assert launch.count(f"/notebooks/{path.name})") == 2
    assert launch.count(f"/{OLD}/") == 2
    assert f"git+https://github.com/{OLD}" in cells[1].source
    readme = (ROOT / "README.md").read_text()
    assert readme.count(f"{OLD}/HEAD?urlpath=lab/tree/notebooks/{path.name})") >= 1
    assert readme.count(f"{OLD}/blob/main/notebooks/{path.name})") >= 1


def test_another_address_changes_all_of_them_and_nothing_else(project):
    before = read(project)
    changed = links.stamp(project, NEW)
    after = read(project)
    assert links.address(project) == NEW
    assert {path for path in before if before[path] != after[path]} == set(changed)
    assert {project / "README.md", project / "CITATION.cff"} <= set(changed)
    assert set((project / "notebooks").rglob("*_*.*")) <= set(changed)
    assert set(after) == set(before)
    for path in changed:
        assert f"{OLD}" not in after[path].replace("make links REPO=owner/name", "")
        assert after[path].replace(NEW, OLD) == before[path]
    assert links.stamp(project, NEW) == []


def test_a_missing_launch_line_is_put_below_the_title(project):
    before = read(project)
    for path in (project / "notebooks").glob("03*.py"):
        lines = path.read_text().splitlines(keepends=True)
        start = next(i for i, line in enumerate(lines) if "[Open in Binder]" in line)
        path.write_text("".join(lines[: start - 1] + lines[start + 1 :]))
    path = next((project / "notebooks").glob("03*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    lines = notebook.cells[0].source.splitlines(keepends=True)
    notebook.cells[0].source = "".join(lines[:1] + lines[3:])
    nbformat.write(notebook, path)
    assert len(links.stamp(project, OLD)) == 2
    assert read(project) == before


@pytest.mark.parametrize(
    "repo", ["name", "a/b/c", "https://github.com/a/b", "a/", "a/b c", "", "a/.."]
)
def test_a_malformed_address_is_refused(project, repo):
    before = read(project)
    with pytest.raises(ValueError, match=r"must have the form owner/name"):
        links.stamp(project, repo)
    assert read(project) == before


@pytest.mark.slow
def test_without_an_address_the_usage_is_shown():
    done = subprocess.run([sys.executable, ROOT / "tools/links.py"], capture_output=True, text=True)
    assert done.returncode
    assert "make links REPO=owner/name" in done.stderr
