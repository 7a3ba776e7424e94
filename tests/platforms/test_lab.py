"""JupyterLab as a learner uses it: `make lab` and a real browser, on a copy of the repository."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.checkout import copy_tracked
from vit_check.packages import ROOT

BUILD = ROOT / "build"
TOKEN = "a-token-for-this-test"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a room without network
]
MINUTE = 60_000
# All cells stay in the page, so that their outputs can be counted.
SETTINGS = {"notebook-extension/tracker": '{"windowingMode": "none"}'}


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.1)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return reply.status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser():
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is on PATH (install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a running `make lab` and the folder that it serves."""
    scratch = tmp_path_factory.mktemp("lab")
    BUILD.mkdir(exist_ok=True)
    folder = scratch / "copy"
    copy_tracked(folder)
    for name, text in SETTINGS.items():
        file = scratch / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    environment = {key: value for key, value in os.environ.items() if "MAKE" not in key}
    environment |= {
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--no-browser --ServerApp.ip=127.0.0.1 --ServerApp.port={port}"
    options += f" --ServerApp.port_retries=0 --IdentityProvider.token={TOKEN}"
    options += " --ServerApp.allow_root=True"
    # This environment is the one to test; make must neither build another one nor change this one.
    command = ["make", "--old-file=.venv/ready", "lab", f"BIN={Path(sys.executable).parent}"]
    log = scratch / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, f"LAB_OPTIONS={options}"],
            cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(
            lambda: server.poll() is not None or answers(f"{address}/api"), 120, "server answers"
        )
        assert server.poll() is None, log.read_text()
        yield address, folder
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # the server then ends its kernels
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


@pytest.fixture
def page(browser, lab):
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.set_default_timeout(2 * MINUTE)
    expect.set_options(timeout=2 * MINUTE)
    yield page
    page.close()


def open_in_lab(page, lab, path):
    page.goto(f"{lab[0]}/lab/tree/{path}?token={TOKEN}&reset")


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()


def idle(page):
    return page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")


def take_screenshots(page, name):
    for old in BUILD.glob(f"lab_{name}_*.png"):
        old.unlink()
    view = page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer")
    height, shown = view.evaluate("e => [e.scrollHeight, e.clientHeight]")
    for i, top in enumerate(range(0, height, shown)):
        view.evaluate("(e, top) => e.scrollTo(0, top)", top)
        page.screenshot(path=BUILD / f"lab_{name}_{i:02}.png")


def pictures(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("name", ["00_start_here", "03_image_patches"])
def test_run_all_edit_and_save(page, lab, name):
    files = [lab[1] / "notebooks" / f"{name}{suffix}" for suffix in (".ipynb", ".py")]
    committed = nbformat.read(files[0], as_version=4)
    runs = [
        f"[{cell.execution_count}]:" for cell in committed.cells
        if cell.cell_type == "code" and not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]  # fmt: skip
    open_in_lab(page, lab, f"notebooks/{name}.ipynb")
    notebook = page.locator(".jp-Notebook")
    expect(notebook.locator(".jp-Cell")).to_have_count(len(committed.cells))
    expect(idle(page)).to_have_count(1)

    choose(page, "Edit", "Clear Outputs of All Cells")
    expect(notebook.locator(".jp-OutputArea-output")).to_have_count(0)
    choose(page, "Run", "Run All Cells")
    # A traceback and what was written to stderr are shown in the same way.
    errors = notebook.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    prompts = notebook.locator(".jp-CodeCell .jp-InputPrompt")

    def numbers():
        return [text for text in prompts.all_inner_texts() if text]

    wait_until(lambda: errors.count() or numbers() == runs, 180, "all cells ran")
    expect(idle(page)).to_have_count(1)
    take_screenshots(page, name)
    assert page.locator(".Toastify__toast").count() == 0  # nothing asks or warns
    assert errors.all_inner_texts() == []
    widths = "images => images.filter(image => image.complete && image.naturalWidth > 0).length"
    shown = notebook.locator(".jp-OutputArea img").evaluate_all(widths)
    assert shown == pictures(committed) > 0

    edit = f"# A learner wrote this into {name}"
    assert not any(edit in file.read_text() for file in files)
    choices = notebook.locator(".jp-CodeCell").nth(1).locator(".cm-content")
    choices.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f"\n{edit}")
    page.keyboard.press("Control+s")
    wait_until(lambda: all(edit in file.read_text() for file in files), 60, "both files are saved")
    assert pictures(nbformat.read(files[0], as_version=4)) == shown


def test_a_double_click_opens_a_py_file_as_a_notebook_and_twins_are_not_listed(page, lab):
    text = (lab[1] / "notebooks/05_self_attention.py").read_text()
    (lab[1] / "notebooks/mine.py").write_text(text)
    open_in_lab(page, lab, "notebooks")
    entries = page.locator(".jp-DirListing-item")
    entries.get_by_text("mine.py", exact=True).dblclick()
    listed = {name for name in entries.all_inner_texts() if name.endswith(".py")}
    assert listed == {"mine.py"}
    notebook = nbformat.read(lab[1] / "notebooks/05_self_attention.ipynb", as_version=4)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(notebook.cells))
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    expect(page.locator(".jp-Notebook h1")).to_contain_text(title)
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(
        sum(cell.cell_type == "code" for cell in notebook.cells)
    )
    take_screenshots(page, "py_as_notebook")


def test_slides_are_shown(page, lab):
    name = "03_image_patches"
    notebook = nbformat.read(lab[1] / f"notebooks/{name}.ipynb", as_version=4)
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{lab[0]}/rise/notebooks/{name}.ipynb?token={TOKEN}")
    expect(page.locator(".reveal .stack > section")).to_have_count(
        kinds.count("slide") + kinds.count("subslide")
    )
    present = page.locator("section.present > section.present")
    for cell, kind in zip(notebook.cells, kinds, strict=True):
        if kind == "slide":
            heading = cell.source.splitlines()[0].lstrip("# ")
            expect(present.locator("h1, h2")).to_contain_text(heading)
            slide = BUILD / f"slides_{name}_{present.get_attribute('id')}.png"
            page.screenshot(path=slide, animations="disabled")
            page.keyboard.press("ArrowRight")
