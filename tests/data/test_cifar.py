"""The CIFAR loaders on small archives in the official format, served from loopback."""

import errno
import functools
import hashlib
import http.server
import io
import pickle
import re
import socket
import tarfile
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pooch
import pytest

import vit_helpers
from vit_helpers.data import cifar, download


def archive(files):
    """A .tar.gz of pickled dicts, as the official ones are."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, content in files.items():
            data = pickle.dumps(content, protocol=4)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return file.getvalue()


def rows(count, first=0):
    """Images as rows of 3 * 1024 bytes: red = index, green = 7, blue = 0."""
    data = np.zeros((count, 3, 1024), np.uint8)
    data[:, 0] = (np.arange(first, first + count) % 250)[:, None]
    data[:, 1] = 7
    return data.reshape(count, 3072)


CIFAR10_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
CIFAR100_NAMES = ["apple", *(f"class_{n:02}" for n in range(1, 99)), "worm"]
COARSE_NAMES = ["aquatic_mammals", *(f"family_{n}" for n in range(1, 19)), "vehicles_2"]
COARSE_OF = [(7 * n + 3) % 20 for n in range(100)]  # of each fine label


def in_bytes(names):
    return [name.encode() for name in names]


def cifar10_archive():
    """Five batches of 10,000 images, the i-th of which starts with the label i."""
    folder = "cifar-10-batches-py"
    files = {
        f"{folder}/data_batch_{i}": {
            b"data": rows(10_000, first=i), b"labels": [(n + i) % 10 for n in range(10_000)]
        }
        for i in range(1, 6)
    }  # fmt: skip
    files[f"{folder}/test_batch"] = {b"data": rows(20), b"labels": [n % 10 for n in range(20)]}
    files[f"{folder}/batches.meta"] = {b"label_names": in_bytes(CIFAR10_NAMES), b"num_vis": 3072}
    return archive(files)


def cifar100_archive(**more):
    def part(count):
        """The classes in reverse order, so that no order stands in for the labels."""
        fine = [99 - n % 100 for n in range(count)]
        coarse = [COARSE_OF[label] for label in fine]
        return {b"data": rows(count), b"fine_labels": fine, b"coarse_labels": coarse}

    meta = {
        b"fine_label_names": in_bytes(CIFAR100_NAMES), b"coarse_label_names": in_bytes(COARSE_NAMES)
    }  # fmt: skip
    folder = "cifar-100-python"
    return archive(
        {f"{folder}/train": part(1000), f"{folder}/test": part(200), f"{folder}/meta": meta} | more
    )


@pytest.fixture
def serve(own_cache, monkeypatch, tmp_path):
    """serve(name, content): its archive comes from loopback; returns the log of downloads.

    The first `failures` downloads break off half-way.
    """
    servers = []
    monkeypatch.setattr("pooch.core.time.sleep", lambda seconds: None)  # between retries

    def start(name, content, sha256=None, failures=0):
        folder = tmp_path / "server"
        folder.mkdir()
        (folder / "file.tar.gz").write_bytes(content)
        asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                if len(asked) <= failures:  # half of what was promised
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content[: len(content) // 2])
                else:
                    super().do_GET()

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
        )
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        digest = sha256 or hashlib.sha256(content).hexdigest()
        url = f"http://127.0.0.1:{server.server_port}/file.tar.gz"
        point(monkeypatch, name, url, digest, len(content))
        return asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def point(monkeypatch, name, url, sha256, size=0):
    """Let the loader take `name` from `url`."""
    changed = replace(cifar.ARCHIVES[name], url=url, sha256=sha256, size=size)
    monkeypatch.setitem(cifar.ARCHIVES, name, changed)


@pytest.mark.slow
def test_cifar10(serve, capsys):
    asked = serve("cifar10", cifar10_archive())
    data = vit_helpers.load_dataset("cifar10")
    assert data.x_train.shape == (45_000, 32, 32, 3)
    assert data.x_test.shape == (20, 32, 32, 3)
    assert data.x_test[3, 5, 5].tolist() == [3, 7, 0]
    assert data.y_test[13] == 3
    assert data.class_names == tuple(CIFAR10_NAMES)
    assert data.families == data.class_names
    again = vit_helpers.load_dataset("cifar10")
    assert np.array_equal(data.x_val, again.x_val)
    assert again.class_names == data.class_names
    assert len(asked) == 1
    assert "\r" not in capsys.readouterr().out


@pytest.mark.slow
def test_cifar10_has_all_five_batches_in_their_order(own_cache, serve):
    serve("cifar10", cifar10_archive())
    arrays = cifar.load_cifar10()
    assert arrays["x_train"].shape == (50_000, 32, 32, 3)
    assert arrays["x_train"][::10_000, 31, 31, 0].tolist() == [1, 2, 3, 4, 5]
    assert arrays["y_train"][::10_000].tolist() == [1, 2, 3, 4, 5]
    assert arrays["y_train"].dtype == arrays["y_test"].dtype == np.int32
    assert arrays["x_train"].flags.c_contiguous


def test_pixels_keep_their_place(own_cache, serve):
    """In a file an image is its reds, row by row, then its greens, then its blues."""
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    row = np.concatenate([image[..., channel].ravel() for channel in range(3)])
    part = {b"data": row[None], b"fine_labels": [0], b"coarse_labels": [1]}
    meta = {b"fine_label_names": [b"a", b"b"], b"coarse_label_names": [b"c", b"d_e"]}
    folder = "cifar-100-python"
    files = {f"{folder}/train": part, f"{folder}/test": part, f"{folder}/meta": meta}
    serve("cifar100", archive(files))
    assert np.array_equal(cifar.load_cifar100()["x_test"][0], image)


def test_cifar100_has_the_names_and_families_of_its_archive(serve):
    serve("cifar100", cifar100_archive())
    for _ in range(2):  # the second time from the cache
        data = vit_helpers.load_dataset("cifar100")
        assert (len(data.y_train), len(data.y_val), len(data.y_test)) == (900, 100, 200)
        assert data.y_test[:3].tolist() == [99, 98, 97]
        assert data.class_names == tuple(CIFAR100_NAMES)
        expected = [COARSE_NAMES[COARSE_OF[label]].replace("_", " ") for label in range(100)]
        assert data.families == tuple(expected)
        assert {"aquatic mammals", "vehicles 2"} < set(data.families)


def test_nothing_is_written_where_an_archive_says(serve, tmp_path):
    serve("cifar100", cifar100_archive(**{"../outside": {}, f"{tmp_path}/outside": {}}))
    vit_helpers.load_dataset("cifar100")
    assert not list(tmp_path.rglob("outside"))


def test_a_cache_without_names_is_not_used(own_cache, serve):
    """As the entries of earlier versions are."""
    own_cache.mkdir()
    np.savez(own_cache / "cifar100-1.npz", x_train=np.zeros(3))
    serve("cifar100", cifar100_archive())
    assert vit_helpers.load_dataset("cifar100").class_names[99] == "worm"


def test_progress_is_a_line_every_ten_percent(serve, capsys, caplog, monkeypatch):
    content = cifar100_archive()
    monkeypatch.setattr(download, "CHUNK", len(content) // 95)
    serve("cifar100", content)
    vit_helpers.load_dataset("cifar100")
    out, err = capsys.readouterr()
    megabytes = f"{len(content) / 1e6:.0f} MB"
    expected = [f"Downloading cifar100: {n} % of {megabytes}" for n in range(0, 101, 10)]
    assert out.splitlines() == expected
    assert err == caplog.text == ""


def test_a_download_that_breaks_off_is_tried_again(serve, capsys):
    asked = serve("cifar100", cifar100_archive(), failures=2)
    assert len(vit_helpers.load_dataset("cifar100").y_test) == 200
    assert len(asked) == 3
    assert cifar.ARCHIVES["cifar100"].path.exists()
    assert capsys.readouterr().out.splitlines()[-1].startswith("Downloading cifar100: 100 %")


def test_what_is_downloaded_is_kept_whole_and_alone(serve):
    content = cifar100_archive()
    serve("cifar100", content)
    path = cifar.ARCHIVES["cifar100"].path
    left = path.with_name(f"{path.name}.download")  # by a process that was killed
    left.mkdir(parents=True)
    (left / "tmp123").write_bytes(b"half of it")
    vit_helpers.load_dataset("cifar100")
    assert path.read_bytes() == content
    assert {file.name for file in path.parent.iterdir()} <= {path.name, f"{path.name}.lock"}


def test_pooch_speaks_as_before_after_a_download(serve):
    logger = pooch.get_logger()
    level = logger.level
    serve("cifar100", cifar100_archive())
    vit_helpers.load_dataset("cifar100")
    assert logger.level == level


def obstructed(monkeypatch, path, how):
    """Let the folder of `path` be full, or go full in the middle of a download."""
    if how == "full":
        size = cifar.ARCHIVES["cifar100"].size
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=size - 1))
    elif how == "fills up":

        def no_room(source, target):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("pooch.core.shutil.move", no_room)
    else:
        path.parent.parent.mkdir(parents=True)
        path.parent.write_text("not a folder")


@pytest.mark.parametrize("how", ["full", "fills up", "a file in its place"])
def test_without_room_it_is_used_from_memory(serve, monkeypatch, how):
    asked = serve("cifar100", cifar100_archive())
    path = cifar.ARCHIVES["cifar100"].path
    obstructed(monkeypatch, path, how)
    with pytest.warns(
        UserWarning, match="cannot be written.*: not cached, used from memory"
    ) as caught:
        data = vit_helpers.load_dataset("cifar100")
    assert sum(issubclass(warning.category, UserWarning) for warning in caught) == 1
    assert data.class_names[99] == "worm"
    assert len(asked) == (2 if how == "fills up" else 1)
    assert not path.exists()


def test_just_enough_room_is_enough(serve, monkeypatch):
    asked = serve("cifar100", cifar100_archive())
    size = cifar.ARCHIVES["cifar100"].size
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=size))
    vit_helpers.load_dataset("cifar100")
    assert len(asked) == 1


def test_another_hash_is_refused_in_memory_too(serve, monkeypatch):
    serve("cifar100", pickle.dumps("harmful"), sha256="0" * 64)
    obstructed(monkeypatch, cifar.ARCHIVES["cifar100"].path, "a file in its place")
    with (
        pytest.warns(UserWarning, match="cannot be written"),
        pytest.raises(ConnectionError, match="its sha256 differs"),
    ):
        vit_helpers.load_dataset("cifar100")


def test_archive_put_there_by_hand_is_used(own_cache, monkeypatch):
    content = cifar100_archive()
    point(monkeypatch, "cifar100", "http://127.0.0.1:9/none", hashlib.sha256(content).hexdigest())
    path = cifar.ARCHIVES["cifar100"].path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert len(vit_helpers.load_dataset("cifar100").y_test) == 200


def test_wrong_archive_is_not_opened_and_not_deleted(own_cache, monkeypatch):
    path = cifar.ARCHIVES["cifar100"].path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half of it")
    with pytest.raises(ValueError, match="is not the whole cifar100 archive"):
        vit_helpers.load_dataset("cifar100")
    assert path.read_bytes() == b"half of it"


def test_download_with_another_hash_is_thrown_away(serve):
    serve("cifar10", b"something else", sha256="0" * 64)
    with pytest.raises(ConnectionError, match="its sha256 differs"):
        vit_helpers.load_dataset("cifar10")
    path = cifar.ARCHIVES["cifar10"].path
    assert [file.name for file in path.parent.iterdir()] == [f"{path.name}.lock"]


def one_sentence_each(message, archive):
    assert archive.url in message
    assert str(archive.path) in message
    assert "by hand" in message
    assert "'shapes100', which works offline" in message
    assert not re.search(r"urlopen|Traceback|HTTPConnection|Max retries", message)


def test_no_network_is_one_clear_message(own_cache, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/cifar.tar.gz"
    point(monkeypatch, "cifar10", url, "0" * 64)
    with pytest.raises(ConnectionError) as caught:
        vit_helpers.load_dataset("cifar10")
    one_sentence_each(str(caught.value), cifar.ARCHIVES["cifar10"])
    assert "(Connection refused)" in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.slow
def test_silent_server_is_given_up_within_ten_seconds(own_cache, monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/cifar.tar.gz"
        point(monkeypatch, "cifar100", url, "0" * 64)
        started = time.monotonic()
        with pytest.raises(ConnectionError, match=r"8 s|timed out"):
            vit_helpers.load_dataset("cifar100")
        assert time.monotonic() - started < 10


def test_a_name_look_up_that_hangs_is_given_up(own_cache, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: release.wait(60) and [])
    monkeypatch.setattr(download, "CONNECT_SECONDS", 1)
    point(monkeypatch, "cifar100", "http://hangs.invalid/cifar.tar.gz", "0" * 64)
    started = time.monotonic()
    try:
        with pytest.raises(ConnectionError, match="no answer within 1 s") as caught:
            vit_helpers.load_dataset("cifar100")
        assert time.monotonic() - started < 5
    finally:
        release.set()
    one_sentence_each(str(caught.value), cifar.ARCHIVES["cifar100"])


def test_a_name_that_does_not_exist_is_told(own_cache, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    point(monkeypatch, "cifar100", "http://nowhere.invalid/cifar.tar.gz", "0" * 64)
    with pytest.raises(ConnectionError, match=r"\(Name or service not known\)") as caught:
        vit_helpers.load_dataset("cifar100")
    one_sentence_each(str(caught.value), cifar.ARCHIVES["cifar100"])


def test_a_file_that_is_gone_is_told(serve, monkeypatch):
    """A server that answers, but not with the archive."""
    serve("cifar100", cifar100_archive())
    url = cifar.ARCHIVES["cifar100"].url
    point(monkeypatch, "cifar100", url.replace("file", "none"), "0" * 64)
    with pytest.raises(ConnectionError, match="404") as caught:
        vit_helpers.load_dataset("cifar100")
    one_sentence_each(str(caught.value), cifar.ARCHIVES["cifar100"])


def test_a_cut_download_is_one_clear_message(serve):
    asked = serve("cifar100", cifar100_archive(), failures=99)
    with pytest.raises(ConnectionError) as caught:
        vit_helpers.load_dataset("cifar100")
    one_sentence_each(str(caught.value), cifar.ARCHIVES["cifar100"])
    assert len(asked) == 1 + download.RETRIES
    assert not cifar.ARCHIVES["cifar100"].path.exists()


def test_the_quick_look_up_says_so_too(own_cache, monkeypatch):
    """It comes before any waiting for other processes, and asks for no file."""
    point(monkeypatch, "cifar100", "http://127.0.0.1:9/none", "0" * 64)
    with pytest.raises(ConnectionError, match="cifar100 could not be downloaded"):
        cifar.check_reachable("cifar100")


def test_a_server_that_answers_is_reachable(serve):
    asked = serve("cifar100", cifar100_archive())
    cifar.check_reachable("cifar100")
    assert asked == []


def test_an_archive_that_is_there_asks_no_server(own_cache, monkeypatch):
    path = cifar.ARCHIVES["cifar100"].path
    path.parent.mkdir(parents=True)
    path.touch()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: pytest.fail("asked"))
    cifar.check_reachable("cifar100")


def test_keras_finds_what_was_downloaded():
    """The name under which the archive is kept is Keras's own."""
    import inspect

    import keras

    for name, module in (
        ("cifar10", keras.datasets.cifar10),
        ("cifar100", keras.datasets.cifar100),
    ):
        source = inspect.getsource(module.load_data)
        archive = cifar.ARCHIVES[name]
        assert f'"{archive.kept_as.removesuffix("_archive")}"' in source
        assert archive.url in source
        assert archive.sha256 in source
