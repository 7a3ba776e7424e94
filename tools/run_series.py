"""Run the notebooks headless, one after the other, and end with a table of what each one took.

Executed notebooks and HTML pages go to build/; with --in-place the notebooks themselves are
rewritten. Exit status 1 if a notebook fails.
"""

import argparse
import ast
import json
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor

from vit_check.packages import ROOT
from vit_helpers import PROFILES, load_dataset
from vit_helpers.checks import choose

PAGES = HTMLExporter(embed_images=True)
PAGES.register_preprocessor(TagRemovePreprocessor(remove_cell_tags={"headline"}), enabled=True)
# nbconvert leaves highlighted code in an output without its font.
CODE_FONT = ".jp-OutputArea .highlight pre { font-family: var(--jp-code-font-family) }"
# Peak resident memory of the kernel: kilobytes on Linux, bytes on macOS.
PEAK = (
    "__import__('resource').getrusage(__import__('resource').RUSAGE_SELF).ru_maxrss"
    " * (1 if __import__('sys').platform == 'darwin' else 1024)"
)


class SeriesClient(NotebookClient):
    """Executes a notebook and asks its kernel for the peak memory before it goes."""

    peak_bytes = 0

    async def async_execute_cell(self, cell, cell_index, *args, **kwargs):
        result = await super().async_execute_cell(cell, cell_index, *args, **kwargs)
        if cell_index == len(self.nb.cells) - 1:
            reply = await self.kc.execute_interactive(
                "", silent=True, store_history=False, user_expressions={"peak": PEAK}, timeout=60
            )
            text = reply["content"]["user_expressions"]["peak"]["data"]["text/plain"]
            self.peak_bytes = ast.literal_eval(text)
        return result


def headline(notebook):
    """What the cell tagged `headline` printed."""
    for cell in notebook.cells:
        if "headline" in cell.metadata.get("tags", []) and cell.get("outputs"):
            return "".join(output.get("text", "") for output in cell.outputs).strip()
    return ""


def run(path, target):
    """Execute one notebook into `target`; returns its row of the table and its error, if any."""
    notebook = nbformat.read(path, as_version=4)
    client = SeriesClient(
        notebook,
        timeout=None,
        record_timing=False,
        extra_arguments=["--log-level=40"],
        resources={"metadata": {"path": path.parent}},
    )
    started, error = time.monotonic(), None
    try:
        client.execute()
    except CellExecutionError as failure:
        error = str(failure)
    seconds = time.monotonic() - started
    if not (error and target == path):  # a notebook is not overwritten with one that fails
        part = target.with_suffix(".part")
        nbformat.write(notebook, part)
        part.replace(target)
    return (path.stem, seconds, client.peak_bytes / 2**20, headline(notebook)), error


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--in-place", action="store_true", help="rewrite notebooks/*.ipynb")
    parser.add_argument("--table", type=Path, help="write the table as JSON to this file")
    parser.add_argument("notebooks", nargs="*", type=Path, help="only these (default: all)")
    arguments = parser.parse_args()
    paths = arguments.notebooks or sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    dataset = os.environ.setdefault("VIT_DATASET", "shapes100")
    if Path(dataset).is_dir():
        os.environ["VIT_DATASET"] = str(Path(dataset).resolve())
    profile = os.environ.setdefault("VIT_PROFILE", "quick")
    print(f"dataset {dataset}, profile {profile}", flush=True)
    try:
        choose("PROFILE", profile, PROFILES)
        load_dataset(os.environ["VIT_DATASET"])  # once here: a bad name or no network shows at once
    except (ValueError, ConnectionError) as error:
        sys.exit(f"{error}")
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    rows, failed = [], False
    for i, path in enumerate(paths, 1):
        print(f"[{i}/{len(paths)}] {path.stem} ...", end=" ", flush=True)
        target = path.resolve() if arguments.in_place else build / path.name
        row, error = run(path.resolve(), target)
        page, _ = PAGES.from_filename(str(target))
        page = page.replace("</head>", f"<style>{CODE_FONT}</style></head>", 1)
        (build / f"{path.stem}.html").write_text(page, encoding="utf-8")
        rows.append(row)
        print(f"{'FAILED after ' if error else ''}{row[1]:.0f} s", flush=True)
        if error:
            failed = True
            print(error, flush=True)
    print(f"\n{'notebook':<24}{'seconds':>8}{'peak MB':>9}  headline")
    for name, seconds, peak, text in rows:
        print(f"{name:<24}{seconds:>8.0f}{peak:>9.0f}  {text}")
    if arguments.table:
        found = {name: {"seconds": s, "peak_mb": peak} for name, s, peak, _ in rows}
        arguments.table.write_text(json.dumps(found))
    most = max(peak for *_, peak, _ in rows)
    print(f"{'all':<24}{sum(row[1] for row in rows):>8.0f}{most:>9.0f}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
