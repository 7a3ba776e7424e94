"""Notebooks opened alone, as on Colab: no helpers beside them, the oldest supported packages."""

import ast
import json
import shutil
import subprocess

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell

from tools import links
from vit_check.packages import ROOT

OLDEST = ROOT / ".venv-oldest"
LISTED = """
from importlib import metadata
print({dist.name: metadata.version(dist.name) for dist in metadata.distributions()})
"""
FRESH = """
import sys
assert not {"jax", "keras", "numpy", "vit_helpers"} & set(sys.modules)
"""
IN_USE = """
import jax, keras, numpy
print({module.__name__: module.__version__ for module in (jax, keras, numpy)})
"""


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The address of a git repository with the working tree as it is."""
    folder = tmp_path_factory.mktemp("git") / "name"

    def git(*arguments, cwd=folder):
        identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True)

    git("init", "--quiet", folder, cwd=ROOT)
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout
    for name in listed.split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git("add", "--all")
    git("commit", "--quiet", "--message", "all")
    return f"file://{folder}"


def fetch_from(address, monkeypatch):
    """Have git take `address` for the place of the project, and use no other."""
    place = links.address(ROOT)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{address}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"https://github.com/{place}")


def site_packages(environment):
    return next((environment / "lib").glob("python*/site-packages"))


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    """The Python of a new environment on top of .venv-oldest, and of the kernel `colab`."""
    assert (OLDEST / "ready").exists(), "it is missing: make .venv-oldest/ready"
    folder = tmp_path / "runtime"
    subprocess.run([OLDEST / "bin/python", "-m", "venv", "--without-pip", folder], check=True)
    (site_packages(folder) / "oldest.pth").write_text(f"{site_packages(OLDEST)}\n")
    python = str(folder / "bin/python")
    kernel = tmp_path / "jupyter/kernels/colab/kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": argv, "display_name": "colab"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    # Colab has a network; here pip finds setuptools in .venv-oldest and must not look further.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # 0 switches isolation off
    return python


def alone(name, folder):
    """The notebook, copied to a folder in which there is nothing else."""
    folder.mkdir()
    path = folder / f"{name}.ipynb"
    shutil.copy(ROOT / "notebooks" / path.name, path)
    return nbformat.read(path, as_version=4)


def execute(notebook, folder):
    client = NotebookClient(
        notebook,
        kernel_name="colab",
        timeout=600,
        resources={"metadata": {"path": folder}},
        extra_arguments=["--log-level=40"],
    )
    client.execute()


def set_up_cell(notebook):
    return next(cell for cell in notebook.cells if "setup" in cell.metadata.get("tags", []))


def listed(python):
    """{distribution: version} of everything that `python` can import."""
    command = [python, "-I", "-c", LISTED]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return ast.literal_eval(done.stdout)


@pytest.mark.parametrize(
    "name", ["00_start_here", "03_image_patches", "06_vit_model", "07_training"]
)
def test_notebook_runs_alone(name, repository, runtime, tmp_path, monkeypatch):
    fetch_from(repository, monkeypatch)
    monkeypatch.setenv("VIT_PROFILE", "smoke")
    before = listed(runtime)
    assert "vit-helpers" not in before
    notebook = alone(name, tmp_path / "content")
    forget = "import os\nos.environ['GIT_CONFIG_COUNT'] = '0'\n"
    again = forget + set_up_cell(notebook).source
    notebook.cells.insert(0, new_code_cell(FRESH))
    notebook.cells += [new_code_cell(again), new_code_cell(IN_USE)]
    execute(notebook, tmp_path / "content")

    after = listed(runtime)
    assert after.pop("vit-helpers")
    assert after == before
    in_use = ast.literal_eval(notebook.cells[-1].outputs[0].text)
    assert in_use == {package: before[package] for package in in_use}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", output.text


def test_a_failing_installation_says_why(runtime, tmp_path, monkeypatch):
    fetch_from("file:///nowhere/at/all", monkeypatch)
    notebook = alone("00_start_here", tmp_path / "content")
    notebook.cells = [set_up_cell(notebook)]
    with pytest.raises(CellExecutionError, match="No module named 'vit_helpers'"):
        execute(notebook, tmp_path / "content")
    said = "".join(output.get("text", "") for output in notebook.cells[0].outputs)
    assert "fatal:" in said  # what git said to pip
    assert "/nowhere/at/all" in said
