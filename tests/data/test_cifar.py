"""The CIFAR loaders on small archives in the official format, served from loopback."""

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

import numpy as np
import pytest

import vit_helpers
from vit_helpers.data import cifar


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


def cifar10_archive():
    labels = [n % 10 for n in range(10_000)]
    batch = {b"data": rows(10_000), b"labels": labels}
    files = {f"cifar-10-batches-py/data_batch_{i}": batch for i in range(1, 6)}
    files["cifar-10-batches-py/test_batch"] = {b"data": rows(20), b"labels": labels[:20]}
    return archive(files)


def cifar100_archive():
    def part(count):
        fine = [n % 100 for n in range(count)]
        return {b"data": rows(count), b"fine_labels": fine, b"coarse_labels": [0] * count}

    return archive({"cifar-100-python/train": part(1000), "cifar-100-python/test": part(200)})


@pytest.fixture
def serve(own_cache, monkeypatch, tmp_path):
    """serve(name, content): its archive comes from loopback; returns the log of downloads."""
    servers = []

    def start(name, content, sha256=None):
        folder = tmp_path / "server"
        folder.mkdir()
        (folder / "file.tar.gz").write_bytes(content)
        asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                super().do_GET()

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
        )
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        digest = sha256 or hashlib.sha256(content).hexdigest()
        url = f"http://127.0.0.1:{server.server_port}/file.tar.gz"
        point(monkeypatch, name, url, digest)
        return asked

    yield start
    for server in servers:
        server.shutdown()


def point(monkeypatch, name, url, sha256):
    """Let the loader take `name` from `url`."""
    changed = replace(cifar.ARCHIVES[name], url=url, sha256=sha256)
    monkeypatch.setitem(cifar.ARCHIVES, name, changed)


def test_cifar10(serve, capsys):
    asked = serve("cifar10", cifar10_archive())
    data = vit_helpers.load_dataset("cifar10")
    assert data.x_train.shape == (45_000, 32, 32, 3)
    assert data.x_test.shape == (20, 32, 32, 3)
    assert data.x_test[3, 5, 5].tolist() == [3, 7, 0]
    assert data.y_test[13] == 3
    assert data.class_names[3] == "cat"
    assert data.families == data.class_names
    again = vit_helpers.load_dataset("cifar10")
    assert np.array_equal(data.x_val, again.x_val)
    assert len(asked) == 1
    assert "\r" not in capsys.readouterr().out


def test_cifar100_has_families(serve):
    serve("cifar100", cifar100_archive())
    data = vit_helpers.load_dataset("cifar100")
    assert (len(data.y_train), len(data.y_val), len(data.y_test)) == (900, 100, 200)
    assert data.class_names[0] == "apple"
    assert data.class_names[99] == "worm"
    assert data.families[0] == "fruit and vegetables"
    assert len(set(data.families)) == 20


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
    assert not cifar.ARCHIVES["cifar10"].path.exists()


def one_sentence_each(message, archive):
    assert archive.url in message
    assert str(archive.path) in message
    assert "by hand" in message
    assert "'shapes100', which works offline" in message
    assert not re.search(r"urlopen|Traceback", message)


def test_no_network_is_one_clear_message(own_cache, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/cifar.tar.gz"
    point(monkeypatch, "cifar10", url, "0" * 64)
    with pytest.raises(ConnectionError) as caught:
        vit_helpers.load_dataset("cifar10")
    one_sentence_each(str(caught.value), cifar.ARCHIVES["cifar10"])
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


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


def test_a_cut_download_is_one_clear_message(serve, monkeypatch):
    class Cut(http.server.SimpleHTTPRequestHandler):
        def copyfile(self, source, outputfile):
            outputfile.write(source.read(1000))

    serve("cifar100", cifar100_archive())
    monkeypatch.setattr(http.server.SimpleHTTPRequestHandler, "copyfile", Cut.copyfile)
    with pytest.raises(ConnectionError) as caught:
        vit_helpers.load_dataset("cifar100")
    one_sentence_each(str(caught.value), cifar.ARCHIVES["cifar100"])


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
