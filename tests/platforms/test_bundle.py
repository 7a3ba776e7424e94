"""`make bundle`, and an installation from it with the network off."""

import os
import shutil
import subprocess
import sys
import tarfile

import pytest

from vit_check.packages import ROOT

# A namespace without network; the kernel of a notebook talks to its server through `lo`.
OFFLINE = ["unshare", "-rn", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]


def works(command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The file that `make bundle` makes."""
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "packaging", "-d"]
    if not works([*pip, tmp_path_factory.mktemp("probe")]):
        pytest.skip("no packages can be downloaded here")
    subprocess.run([sys.executable, ROOT / "tools/make_bundle.py"], check=True)
    kind = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (path,) = (ROOT / "build").glob(f"vit-workshop-*-{kind}.tar")
    return path


def test_it_holds_everything_and_no_path_of_this_machine(bundle):
    with tarfile.open(bundle) as file:
        members = file.getmembers()
    names = [member.name for member in members]
    for name in ("INSTALL", "Makefile", "wheels/python", "notebooks/00_start_here.ipynb"):
        assert f"vit-workshop/{name}" in names
    assert any(name.startswith("vit-workshop/wheels/keras-") for name in names)
    assert any(name.startswith("vit-workshop/cache/shapes100-") for name in names)
    assert all(name.startswith("vit-workshop/") and ".." not in name for name in names)
    assert not any(member.issym() or member.uname or member.uid for member in members)
    assert not list(bundle.parent.glob("*.part"))


@pytest.mark.skipif(not works([*OFFLINE, "true"]), reason="no network namespace can be made here")
def test_it_installs_and_runs_without_network(bundle, tmp_path):
    with tarfile.open(bundle) as file:
        file.extractall(tmp_path, filter="data")
    folder, home = tmp_path / "vit-workshop", tmp_path / "home"
    home.mkdir()
    clean = {"PATH": os.environ["PATH"], "HOME": str(home)}
    series = [".venv/bin/python", "tools/run_series.py", "notebooks/03_image_patches.ipynb"]
    smoke = {"VIT_CACHE": str(folder / "cache"), "VIT_PROFILE": "smoke"}
    for step, more in ((["make", "check"], {}), (series, smoke)):
        done = subprocess.run(
            [*OFFLINE, *step], cwd=folder, env=clean | more, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "build/03_image_patches.html").is_file()
    assert not (home / ".cache/vit_helpers").exists()
    shutil.rmtree(folder)
