"""`python -m vit_check`: each thing that can be wrong is found, and comes with its mend."""

import os
import subprocess
import sys
import types
import venv

import psutil
import pytest

from vit_check import cost, packages, readiness
from vit_check import hardware as machine
from vit_check.packages import ROOT
from vit_check.readiness import NOT_READY, NOTE, READY


def check(python=sys.executable, first="", **environment):
    """Run the command with `first` before everything else on the path of modules."""
    paths = os.pathsep.join(filter(None, [str(first), str(ROOT)]))
    return subprocess.run(
        [python, "-m", "vit_check"], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": paths, **environment},
    )  # fmt: skip


def fake(folder, name, version):
    """What tells Python that a package is installed in this version."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


@pytest.mark.slow
def test_a_ready_machine(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    done = check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("not ready") == 0
    for text in ("as pinned", "images/s", "profile quick", "This machine is ready."):
        assert text in done.stdout
    assert done.stderr == ""


@pytest.mark.slow
def test_an_environment_without_packages_gets_a_mend_and_no_traceback(tmp_path):
    venv.create(tmp_path / "bare")
    done = check(tmp_path / "bare/bin/python")
    assert done.returncode == 1
    assert done.stderr == ""
    assert "pip install -r" in done.stdout
    assert "not ready yet" in done.stdout
    assert "memory     not looked at" in done.stdout


def test_without_keras(tmp_path):
    """Everything is there but Keras."""
    (tmp_path / "keras.py").write_text("raise ImportError(\"No module named 'keras'\")")
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.metadata as m\n"
        "found = m.version\n"
        "def version(name):\n"
        "    if name == 'keras': raise m.PackageNotFoundError(name)\n"
        "    return found(name)\n"
        "m.version = version\n"
    )
    done = check(first=tmp_path)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "keras is missing (needs ==" in done.stdout
    assert done.stdout.count("mend:") == 2  # install; then the training


def test_a_package_that_is_too_old(tmp_path):
    fake(tmp_path, "keras", "3.5.0")
    done = check(first=tmp_path)
    assert done.returncode == 1
    assert "keras is 3.5.0 (needs " in done.stdout
    assert "not tried" in done.stdout


def test_a_package_that_is_newer_but_supported_is_a_note(tmp_path, monkeypatch):
    fake(tmp_path, "pillow", "99.0")
    monkeypatch.syspath_prepend(tmp_path)
    finding = readiness.installed()
    assert finding.state == NOTE
    assert "pillow is 99.0 (pinned ==" in finding.found


def test_an_installed_package_is_measured_by_its_own_ranges(tmp_path, monkeypatch):
    fake(tmp_path, "vit_helpers", "0.1.0")
    with open(tmp_path / "vit_helpers-0.1.0.dist-info/METADATA", "a") as file:
        file.write("Requires-Python: >=3.11\nRequires-Dist: keras<4,>=3.12\n")
        file.write('Requires-Dist: nowhere>=1; extra == "notebooks"\n')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(packages, "ROOT", tmp_path)
    assert packages.needed_python() == (3, 11)
    assert readiness.installed().state == READY
    assert "all 1 in the supported range" in readiness.installed().found
    fake(tmp_path / "older", "keras", "3.11.9")
    monkeypatch.syspath_prepend(tmp_path / "older")
    assert readiness.installed().state == NOT_READY
    assert "pip install --upgrade 'keras" in readiness.installed().mend


def test_a_python_that_is_too_old(monkeypatch):
    monkeypatch.setattr(packages, "needed_python", lambda: (3, 99))
    (finding,) = readiness.examine()
    assert finding.state == NOT_READY
    assert "needs 3.99 or later" in finding.found


@pytest.mark.slow
def test_a_training_that_fails_says_why(own_cache):
    done = check(KERAS_BACKEND="numpy")
    assert done.returncode == 1
    assert "training   failed: ImportError: Keras runs on the backend 'numpy'" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("code", "found"), [(-9, "for want of memory"), (-4, "crashed (signal 4)")]
)
def test_a_training_that_is_killed(monkeypatch, code, found):
    killed = types.SimpleNamespace(returncode=code, stdout="", stderr="")
    monkeypatch.setattr(readiness.subprocess, "run", lambda *_, **__: killed)
    finding = readiness.training()
    assert finding.state == NOT_READY
    assert found in finding.found
    assert finding.mend


def test_too_little_memory(monkeypatch):
    for most, free, state in (
        (1.5e9, 1.5e9, NOT_READY),
        (8e9, 0.9e9, NOT_READY),
        (2**31, 2e9, READY),
    ):
        monkeypatch.setattr(machine, "memory", lambda most=most, free=free: (most, free))
        finding = readiness.memory()
        assert finding.state == state
        assert bool(finding.mend) == (state == NOT_READY)


def test_binder_limits_memory(monkeypatch):
    monkeypatch.setenv("MEM_LIMIT", str(10**9))
    assert machine.memory()[0] == 10**9
    assert readiness.memory().state == NOT_READY


@pytest.mark.parametrize("old", [False, True])
def test_control_groups_limit_memory(tmp_path, monkeypatch, old):
    monkeypatch.delenv("MEM_LIMIT", raising=False)
    root = tmp_path / ("sys/fs/cgroup/memory" if old else "sys/fs/cgroup")
    (root / "outer/inner").mkdir(parents=True)
    (tmp_path / "proc/self").mkdir(parents=True)
    kind = "4:memory" if old else "0:"
    (tmp_path / "proc/self/cgroup").write_text(f"9:pids:/\n{kind}:/outer/inner\n")
    limit, used = ("limit_in_bytes", "usage_in_bytes") if old else ("max", "current")
    (root / f"outer/inner/memory.{limit}").write_text(str(2**60) if old else "max")
    (root / f"outer/inner/memory.{used}").write_text("1000")
    (root / f"outer/memory.{limit}").write_text(f"{90 * 10**9}\n")
    (root / f"outer/memory.{used}").write_text(f"{50 * 10**9}\n")
    inactive = "total_inactive_file" if old else "inactive_file"
    for folder in ("outer", "outer/inner"):
        (root / folder / "memory.stat").write_text(f"anon 7\n{inactive} {10 * 10**9}\n")
    huge = types.SimpleNamespace(total=10**13, available=10**13)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: huge)
    most, free = machine.memory(tmp_path)
    assert most == 90 * 10**9
    own = psutil.Process().memory_info().rss
    assert free == pytest.approx(50 * 10**9 + own, abs=2e8)


def test_a_full_disk(own_cache, monkeypatch):
    full = types.SimpleNamespace(free=10**8)
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _: full)
    finding = readiness.disk()
    assert finding.state == NOT_READY
    assert "VIT_CACHE" in finding.mend


def shapes(folder):
    """A small file in the place of the dataset."""
    import numpy as np

    folder.mkdir()
    np.savez(folder / "shapes100-1.npz", x=np.arange(1000))
    return folder / "shapes100-1.npz"


def test_cache(own_cache):
    assert readiness.cache().state == READY
    assert "no dataset yet" in readiness.cache().found
    own_cache.rmdir()
    file = shapes(own_cache)
    assert "has shapes100" in readiness.cache().found
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert readiness.cache().state == NOTE
    assert "damaged: shapes100-1.npz" in readiness.cache().found


def test_a_cache_that_cannot_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("VIT_CACHE", str(tmp_path / "file/cache"))
    finding = readiness.cache()
    assert finding.state == NOT_READY
    assert "cannot be written" in finding.found
    assert "VIT_CACHE" in finding.mend


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_with_the_dataset_is_a_note(own_cache):
    shapes(own_cache)
    own_cache.chmod(0o555)
    assert readiness.cache().state == NOTE


def report(images_per_second):
    """What `vit_helpers.speed_report` returns where a machine trains this fast."""
    return {
        "images_per_second": images_per_second, "first_seconds": 5.0, "accelerator": "none",
        "profiles": {"smoke": 512, "quick": 3 * 45_000, "full": 30 * 45_000},
    }  # fmt: skip


def test_a_measured_speed_needs_no_other_process(monkeypatch):
    monkeypatch.setattr(readiness, "in_own_process", None)
    last = list(readiness.examine(report(1000.0)))[-1]
    assert last.found.startswith("1000 images/s")
    assert last.state == READY
    assert readiness.training(report(100.0)).state == NOTE


def test_cost():
    (name, images, model, series), *_, full = cost(report(1000))
    assert (name, images) == ("smoke", 512)
    assert model == pytest.approx(512 / 60_000)
    assert series > 3 * model
    assert full[1] == 30 * 45_000
