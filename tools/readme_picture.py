"""Take the picture at the top of README.md, and its alt text, out of notebook 00 as last run.

The picture is what the cell that calls `plot_overview` shows. Writes docs/overview.png and the
alt text in README.md.
"""

import base64
import re

import nbformat

from vit_check.packages import ROOT

PICTURE = "docs/overview.png"
IN_README = re.compile(rf"!\[[^\]]*\]\({re.escape(PICTURE)}\)")


def overview(root):
    """(PNG as bytes, alt text) of the overview in notebook 00 of the project at `root`.

    Raises ValueError where the notebook has no such picture, or more than one.
    """
    notebook = nbformat.read(root / "notebooks/00_start_here.ipynb", as_version=4)
    found = [
        (base64.b64decode(output.data["image/png"]), output.metadata["image/png"]["alt"])
        for cell in notebook.cells
        if cell.cell_type == "code" and "plot_overview(" in cell.source
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    if len(found) != 1:
        raise ValueError(
            f"notebook 00 shows {len(found)} pictures made by plot_overview, not one; "
            "run it first: make notebooks"
        )
    return found[0]


def with_picture(page, alt):
    """The text `page` with this alt text at the overview."""
    return IN_README.sub(lambda _: f"![{alt}]({PICTURE})", page)


def replace(path, content):
    """Write `content` (bytes) to the file `path`: whole, or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def main():
    png, alt = overview(ROOT)
    readme = ROOT / "README.md"
    (ROOT / PICTURE).parent.mkdir(exist_ok=True)
    replace(ROOT / PICTURE, png)
    replace(readme, with_picture(readme.read_text(encoding="utf-8"), alt).encode())
    print(f"{PICTURE}: {len(png) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
