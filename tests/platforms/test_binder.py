"""The Binder image without Docker: what repo2docker would build is built in a folder, and used."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from repo2docker.app import Repo2Docker

from benchmarks import report
from tests.checkout import copy_tracked
from tests.platforms.jupyter_browser import Browser
from tests.platforms.memory_limit import MemoryLimit
from vit_check.packages import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Binder's images are Linux")
ENVIRONMENT = (ROOT / "environment.env").read_text().splitlines()
BINDER_BYTES = 2_000_000_000
CLOSED_PORT = "http://127.0.0.1:9"  # as a proxy: no network


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The build pack that repo2docker chooses for a folder with the tracked files alone."""
    folder = tmp_path_factory.mktemp("repository")
    copy_tracked(folder)
    with contextlib.chdir(folder):
        repo2docker = Repo2Docker()
        packs = (each(base_image=repo2docker.base_image) for each in repo2docker.buildpacks)
        chosen = next(pack for pack in packs if pack.detect())
        chosen.platform = "linux/amd64"
        yield chosen


@pytest.fixture(scope="module")
def context(pack, tmp_path_factory):
    """The folder that Docker would get: the Dockerfile, and in src/ what will be in HOME."""
    folder = tmp_path_factory.mktemp("context")

    def unpack(fileobj, **options):
        with tarfile.open(fileobj=fileobj) as archive:
            archive.extractall(folder, filter="data")
        return []

    docker = SimpleNamespace(build=unpack)
    assert not list(pack.build(docker, "image", 0, {"NB_UID": "1000"}, [], {}))
    return folder


@pytest.fixture(scope="module")
def image(context, tmp_path_factory):
    """What the last part of the Dockerfile builds; start(command, **more environment) uses it.

    A clean virtual environment stands in for the Conda environment. Only pip has a network.
    """
    home, prefix = context / "src", tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", prefix], check=True)
    environment = {
        "HOME": str(home), "REPO_DIR": str(home), "KERNEL_PYTHON_PREFIX": str(prefix),
        "PATH": f"{prefix}/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
        "R2D_ENTRYPOINT": f"{home}/binder/start",
    }  # fmt: skip
    closed = {"http_proxy": CLOSED_PORT, "https_proxy": CLOSED_PORT}
    dockerfile = (context / "Dockerfile").read_text()
    built, log = dockerfile.split("# Run assemble scripts!")[1], []
    for line in re.findall("^RUN (.*)$", built, re.MULTILINE):
        network = os.environ if "/bin/pip install" in line else closed
        done = subprocess.run(
            ["bash", "-c", line], cwd=home, env={**network, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-5000:]
        log.append(done.stdout)

    def start(command, **more):
        entrypoint = [sys.executable, context / "repo2docker-entrypoint"]
        with open(home / "log", "ab") as log:
            return subprocess.Popen(
                [*entrypoint, *command], cwd=home, env={**environment, **closed, **more},
                stdout=log, stderr=log,
            )  # fmt: skip

    return SimpleNamespace(home=home, prefix=prefix, log="\n".join(log), start=start)


def test_repo2docker_takes_the_folder_for_python_with_our_version(pack):
    assert type(pack).__name__ == "PythonBuildPack"
    assert pack.python_version == "3.11"
    assert "conda/environment.py-3.11-linux-64.lock" in pack.get_build_script_files()


def test_the_dockerfile_installs_the_pins_and_runs_our_scripts(context):
    dockerfile = (context / "Dockerfile").read_text()
    everything = dockerfile.index("\nCOPY --chown=1000:1000 src/ ${REPO_DIR}/\n")
    # The pins stand beside the folder binder/, so pip can't run before everything is there.
    assert everything < dockerfile.index('/bin/pip install --no-cache-dir -r "binder/requirements')
    assert (context / "src/binder/requirements.txt").read_text() == (
        "-r ../requirements.txt\n--editable .\n"
    )
    assert "\nRUN ./binder/postBuild\n" in dockerfile
    assert '\nENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"\n' in dockerfile
    for script in ("postBuild", "start"):
        assert os.access(context / "src/binder" / script, os.X_OK)


def test_learners_get_what_they_need_and_no_more(context):
    inside = {path.name for path in (context / "src").iterdir()}
    assert {"notebooks", "vit_helpers", "tools", "binder", "requirements.txt"} <= inside
    assert not {"tests", "benchmarks", ".github", ".ci"} & inside


def compiled_training_steps(image):
    """The cached programs that take longest to compile."""
    return set((image.home / ".cache/vit_helpers/compiled").glob("jit_train_step-*-cache"))


def test_post_build(image):
    kernel = json.loads((image.prefix / "share/jupyter/kernels/python3/kernel.json").read_text())
    assert [f"{name}={value}" for name, value in kernel["env"].items()] == ENVIRONMENT
    assert Path(kernel["argv"][0]).parent == image.prefix / "bin"
    cache = image.home / ".cache/vit_helpers"
    assert [path.name for path in cache.glob("*.npz")] == ["shapes100-1.npz"]
    assert compiled_training_steps(image)
    assert "cifar100 could not be downloaded" in image.log
    assert image.log.rstrip().endswith("Going on without CIFAR-100: the series uses Shapes-100.")
    assert not (image.home / "build").exists()
    assert not (image.home / ".keras/datasets").exists()


def test_start_hands_the_environment_on(image):
    process = image.start(["bash", "-c", "env >seen; exit 3"])
    assert process.wait() == 3
    assert set(ENVIRONMENT) <= set((image.home / "seen").read_text().splitlines())


def test_the_limit_counts_children_and_kills():
    child = "x = bytearray(b'x' * 200_000_000); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE)
    with pytest.raises(MemoryError, match="150,000,000 allowed"), MemoryLimit(process, 150_000_000):
        process.wait(60)


def heaviest(names):
    """Notebook 00, the two whose kernels took most in the benchmark, and those not in it."""
    peaks = report.load(ROOT / "benchmarks")["memory"]
    most = sorted(peaks, key=lambda name: peaks[name]["peak_mb"])[-2:]
    return [n for n in names if n == "00_start_here" or n in most or n not in peaks]


def test_the_heaviest_notebooks_run_within_two_gigabytes(image):
    names = heaviest(sorted(p.stem for p in (image.home / "notebooks").glob("[0-9][0-9]_*.ipynb")))
    assert names[0] == "00_start_here"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = image.start(
        ["jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0"],
        JUPYTER_TOKEN="secret", VIT_PROFILE=os.environ.get("VIT_PROFILE", "smoke"),
    )  # fmt: skip
    browser, peaks = Browser(port, "secret"), {}
    with MemoryLimit(server, BINDER_BYTES) as memory:
        browser.wait(server)
        for name in names:
            memory.peak, before = 0, compiled_training_steps(image)
            browser.run_all(f"notebooks/{name}.ipynb")
            peaks[name] = memory.peak
            if name == "00_start_here":  # a learner's first; does the same in every profile
                assert compiled_training_steps(image) == before
    print({name: f"{peak / 1e6:.0f} MB" for name, peak in peaks.items()})
    assert len(peaks) >= 3
