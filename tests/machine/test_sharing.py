"""One cache folder and many processes: first uses at once, killed ones, folders without room."""

import hashlib
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zlib

import jax
import pytest
from filelock import FileLock

from tests.data.test_cifar import cifar100_archive
from vit_check.packages import ROOT
from vit_helpers.machine import compiled

pytestmark = pytest.mark.slow
AT_ONCE = 30
PATIENCE = 120

# A use of a dataset, with the package's own modules but without Keras and JAX, which would cost
# thirty processes 12 GB. It draws a fifth of Shapes-100, with the package's own pencil.
USE = """
import json, os, sys, time, types, zlib
from pathlib import Path
root, folder, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
settings = json.loads(sys.argv[4])
package = types.ModuleType("vit_helpers")
package.__path__ = [str(root / "vit_helpers")]
sys.modules["vit_helpers"] = package
from vit_helpers.data import cifar, datasets
from vit_helpers.data.shapes100 import draw as shapes
from vit_helpers.machine import cache

def note(word):
    with open(folder / "notes", "ab", buffering=0) as notes:
        notes.write(word.encode() + b"\\n")

def pause(at):
    if settings.get("pause") == at:
        note("paused")
        time.sleep(600)

shapes.TRAIN_PER_CLASS, shapes.TEST_PER_CLASS = 100, 20
draw_all, read, savez = shapes.draw_all, cache._read, cache.np.savez

def noted_draw_all():
    note("drawing")
    pause("drawing")
    return draw_all()

def noted_read(path):
    there = path.exists()
    arrays = read(path)
    if there and arrays is None:
        note("damaged")
    return arrays

def savez_and_pause(file, **arrays):
    if settings.get("pause") == "writing":
        file.write(b"half of it")
        file.flush()
        pause("writing")
    savez(file, **arrays)

shapes.draw_all, cache._read, cache.np.savez = noted_draw_all, noted_read, savez_and_pause
cache.QUIET_SECONDS = settings.get("quiet", cache.QUIET_SECONDS)
cifar.KERAS_HOME = folder / "keras"
if "url" in settings:
    cifar.ARCHIVES[name] = cifar.Archive(
        name, settings["url"], settings["sha256"], settings.get("size", 0), "archive"
    )
note("ready")
while not (folder / "go").exists():
    time.sleep(0.01)
data = datasets.load_dataset(name)
print(len(data.x_train), zlib.crc32(data.x_train) ^ zlib.crc32(data.y_test))
"""


@pytest.fixture
def use(tmp_path):
    """use(): a process that loads a dataset as soon as there is a file `go`."""
    processes = []
    (tmp_path / "go").touch()

    def start(name="shapes100", prefix=(), **settings):
        command = [
            *prefix, sys.executable, "-c", USE, str(ROOT), str(tmp_path), name, json.dumps(settings)
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            env={**os.environ, "VIT_CACHE": str(tmp_path / "cache")},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def notes(folder):
    path = folder / "notes"
    return path.read_text().split() if path.exists() else []


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def finished(process):
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return out, err


def all_at_once(use, folder, name="shapes100", **settings):
    """What thirty processes print that begin at the same moment."""
    (folder / "go").unlink()
    processes = [use(name, quiet=600, **settings) for _ in range(AT_ONCE)]
    wait_for(lambda: notes(folder).count("ready") == AT_ONCE)
    (folder / "go").touch()
    results = [finished(process) for process in processes]
    assert {err for _, err in results} == {""}
    return [out for out, _ in results]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_thirty_first_uses_at_once_draw_once(use, tmp_path):
    answers = all_at_once(use, tmp_path)
    assert len(set(answers)) == 1
    assert answers[0].startswith("9000 ")
    assert notes(tmp_path).count("drawing") == 1
    assert "damaged" not in notes(tmp_path)
    assert names(tmp_path / "cache") == ["shapes100-1.npz", "shapes100-1.npz.lock"]


@pytest.fixture
def server():
    """A small CIFAR-100 archive on loopback; `.hang` lets it stop after half of it."""
    content = cifar100_archive()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_HEAD(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()

        def do_GET(self):
            self.server.downloads += 1
            self.do_HEAD()
            if self.server.hang.is_set():
                self.wfile.write(content[: len(content) // 2])
                self.wfile.flush()
                self.server.half_sent.set()
                time.sleep(PATIENCE)
            self.wfile.write(content)

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 2 * AT_ONCE

    server = Server(("127.0.0.1", 0), Handler)
    server.downloads, server.hang, server.half_sent = 0, threading.Event(), threading.Event()
    server.settings = {
        "url": f"http://127.0.0.1:{server.server_port}/archive.tar.gz",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_thirty_first_uses_at_once_download_once(use, tmp_path, server):
    answers = all_at_once(use, tmp_path, "cifar100", **server.settings)
    assert len({answer.splitlines()[-1] for answer in answers}) == 1
    assert sum("Downloading" in answer for answer in answers) == 1
    assert server.downloads == 1
    assert "damaged" not in notes(tmp_path)
    assert names(tmp_path / "keras" / "datasets") == ["archive", "archive.lock"]


@pytest.mark.parametrize("moment", ["drawing", "writing"])
def test_a_killed_process_leaves_nothing_behind(use, tmp_path, moment):
    """And one that waited for it says so, and goes on by itself."""
    killed = use(pause=moment)
    wait_for(lambda: "paused" in notes(tmp_path))
    if moment == "writing":
        assert any(name.endswith(".part") for name in names(tmp_path / "cache"))
    waiting = use(quiet=0.1)
    assert "Waiting for another process" in waiting.stdout.readline()
    assert waiting.poll() is None
    killed.send_signal(signal.SIGKILL)
    out, err = finished(waiting)
    assert out.startswith("9000 ")
    assert err == ""
    assert notes(tmp_path).count("drawing") == 2
    assert names(tmp_path / "cache") == ["shapes100-1.npz", "shapes100-1.npz.lock"]


def test_killed_while_downloading(use, tmp_path, server):
    server.hang.set()
    killed = use("cifar100", **server.settings)
    assert server.half_sent.wait(PATIENCE)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    server.hang.clear()
    out, err = finished(use("cifar100", **server.settings))
    assert out.splitlines()[-1].startswith("900 ")
    assert err == ""
    assert names(tmp_path / "keras" / "datasets") == ["archive", "archive.lock"]


def test_no_network_is_told_to_all_at_once(use, tmp_path):
    """Nobody waits for a download of somebody else to hear that there is none."""
    (tmp_path / "cache").mkdir()
    with FileLock(tmp_path / "cache" / "cifar100-2.npz.lock"):
        waiting = use("cifar100", url="http://127.0.0.1:9/none", sha256="0" * 64)
        _, err = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 1
    assert "ConnectionError: cifar100 could not be downloaded" in err


def in_mount(folder, options, then=":"):
    """A command prefix: `folder` becomes a small file system of the process's own, for real."""
    folder.mkdir(exist_ok=True)
    mount = 'mount -t tmpfs -o "$1" tmpfs "$2" && cd "$2"'
    script = f'{mount} && {then} && shift 2 && exec "$@"'
    prefix = ["unshare", "-rm", "sh", "-c", script, "sh", options, str(folder)]
    try:
        done = subprocess.run([*prefix, "true"], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("no command `unshare` here (it comes with Linux)")
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    return prefix


CONDITIONS = {
    "read-only": lambda folder: in_mount(folder, "ro"),
    "full": lambda folder: in_mount(folder, "size=64k", "! cat /dev/zero > fill 2> /dev/null"),
    "too small": lambda folder: in_mount(folder, "size=4m"),
    "file size limit": lambda folder: ["sh", "-c", 'ulimit -f 2048 && exec "$@"', "sh"],
    "a file in its place": lambda folder: folder.write_text("not a folder") and [],
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_without_room_shapes_are_used_from_memory(use, tmp_path, condition):
    out, err = finished(use(prefix=CONDITIONS[condition](tmp_path / "cache")))
    assert out.startswith("9000 ")
    assert err.count("UserWarning") == 1
    assert "cannot be written" in err
    assert "not cached, used from memory" in err
    assert "Traceback" not in err
    assert "Exception ignored" not in err


@pytest.mark.parametrize("condition", ["read-only", "full", "a file in its place"])
def test_without_room_a_download_is_used_from_memory(use, tmp_path, server, condition):
    prefix = CONDITIONS[condition](tmp_path / "keras")
    out, err = finished(use("cifar100", prefix, **server.settings))
    assert out.splitlines()[-1].startswith("900 ")
    assert err.count("cannot be written") == 1
    assert "Traceback" not in err
    assert server.downloads == 1


def test_what_is_cached_needs_neither_lock_nor_permission(use, tmp_path):
    finished(use())
    cache = tmp_path / "cache"
    (cache / "shapes100-1.npz.lock").unlink()
    packed = tmp_path / "packed"
    cache.rename(packed)
    prefix = in_mount(cache, "size=100m", f"cp {packed}/* . && mount -o remount,ro .")
    out, err = finished(use(prefix=prefix))
    assert out.startswith("9000 ")
    assert err == ""
    assert notes(tmp_path).count("drawing") == 1


COMPILE = """
import sys
from pathlib import Path
import jax, jax.numpy as jnp
import vit_helpers
from vit_helpers.machine.compiled import sweep
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
assert jax.config.jax_compilation_cache_dir == sys.argv[1]
if "sweep" in sys.argv:
    sweep()  # as each run does when it begins
print(float(jax.jit(lambda x: jnp.sin(x) @ x + 2)(jnp.ones(3))))
"""


def compile_in(cache, *options, prefix=()):
    """Compile a small program with the compile cache in `cache`; returns what went to stderr."""
    done = subprocess.run(
        [*prefix, sys.executable, "-c", COMPILE, str(cache / "compiled"), *options],
        env={**os.environ, "VIT_CACHE": str(cache)},
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(4.5244, abs=1e-3)
    return done.stderr


@pytest.mark.parametrize("condition", ["read-only", "full", "a file in its place"])
def test_programs_that_cannot_be_kept_are_compiled_without_a_word(tmp_path, condition):
    cache = tmp_path / "cache"
    assert compile_in(cache, prefix=CONDITIONS[condition](cache)) == ""


DAMAGES = {
    "cut": lambda content: content[:40],
    "empty": lambda content: b"",
    "a byte flipped": lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_program_is_made_anew_once_and_kept(tmp_path, damage):
    """What a killed writer leaves is found by the next run, and no use of it says a word."""
    cache = tmp_path / "cache"
    assert compile_in(cache) == ""
    (entry,) = (cache / "compiled").glob("jit__lambda*-cache")
    whole = entry.read_bytes()
    entry.write_bytes(DAMAGES[damage](whole))
    assert compile_in(cache) == ""
    assert compiled.damaged(entry)
    assert compile_in(cache, "sweep") == ""
    assert not compiled.damaged(entry)
    assert len(entry.read_bytes()) == pytest.approx(len(whole), rel=0.1)


def test_the_sweep_leaves_whole_programs_and_the_files_of_others(own_cache):
    folder = own_cache / "compiled"
    folder.mkdir(parents=True)
    kept = {
        "a-cache": zlib.compress(b"x" * 999),
        "b-cache": b"(packed in another way",
        "notes": b"",
    }
    for name, content in {**kept, "c-cache": b"", "d-cache.1.part": b"half"}.items():
        (folder / name).write_bytes(content)
    os.utime(folder / "d-cache.1.part", (0, 0))
    compiled.sweep()  # JAX keeps its programs elsewhere
    assert len(names(folder)) == len(kept) + 2
    before = jax.config.jax_compilation_cache_dir
    jax.config.update("jax_compilation_cache_dir", str(folder))
    try:
        compiled.sweep()
    finally:
        jax.config.update("jax_compilation_cache_dir", before)
    assert names(folder) == sorted(kept)
