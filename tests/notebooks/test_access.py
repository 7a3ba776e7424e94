"""For readers who see no pictures, or not all colours, or who jump from heading to heading."""

import ast
import itertools
import re

import matplotlib
import nbformat
import numpy as np
import pytest

from vit_check.packages import ROOT
from vit_helpers.pictures import plots as plotting
from vit_helpers.pictures.picture import COLOURS, DASHES, MARKERS, PIXELS_PER_INCH

PAGES = sorted(path.name for path in ROOT.glob("*.md"))
NOTEBOOKS = sorted(
    str(path.relative_to(ROOT))
    for path in ROOT.glob("notebooks/**/*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.I)
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")


def cells(name, kind):
    notebook = nbformat.read(ROOT / name, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def prose(name):
    if name.endswith(".md"):
        return (ROOT / name).read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in cells(name, "markdown"))


def literal_titles(source):
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    named = (keyword for call in calls for keyword in call.keywords if keyword.arg == "title")
    return {k.value.value for k in named if isinstance(k.value, ast.Constant)}


def says_something(alt, titles=()):
    return len(alt.split()) >= 5 and alt not in titles and not re.search(r"\.(png|svg)\b", alt)


def test_what_counts_as_alt_text():
    assert says_something("Six images, and where the model looks")
    assert not says_something("Training")
    assert not says_something(
        "One image and its eight versions", {"One image and its eight versions"}
    )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_figure_has_alt_text(name):
    for cell in cells(name, "code"):
        for output in cell.outputs:
            for kind in output.get("data", {}):
                assert kind not in ("image/jpeg", "image/svg+xml"), "has no place for alt text"
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"].get("alt", "")
                assert says_something(alt, literal_titles(cell.source)), (alt, cell.source)
            assert not HTML_IMAGE.search(output.get("data", {}).get("text/html", ""))


@pytest.mark.parametrize("name", [*PAGES, *NOTEBOOKS])
def test_pictures_in_prose_have_alt_text(name):
    text = FENCED.sub("", prose(name))
    for alt, target in IMAGE.findall(text):
        is_badge = "badge" in target or "shields.io" in target  # its alt text is what it says
        assert alt.strip() if is_badge else says_something(alt), (alt, target)
    for image in HTML_IMAGE.findall(text):
        assert re.search(r'\balt="[^"]+"', image), image


@pytest.mark.parametrize("name", [*PAGES, *NOTEBOOKS])
def test_headings_are_in_order(name):
    levels = [len(marks) for marks in re.findall(r"^(#{1,6}) ", FENCED.sub("", prose(name)), re.M)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for above, below in itertools.pairwise(levels):
        assert below <= above + 1, f"a heading of level {above}, then one of level {below}"


# How the three kinds of dichromats see linear RGB: G. M. Machado, M. M. Oliveira, L. A. F.
# Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE
# Transactions on Visualization and Computer Graphics 15 (2009), table for severity 1.0.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip


def lab(colours, sight="usual"):
    """CIE L*a*b* (D65) of sRGB colours (N, 3) in 0 ... 1 (IEC 61966-2-1), seen with this sight."""
    rgb = np.asarray(colours, float)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ SIGHT[sight].T, 0, 1)
    to_xyz = [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
    x, y, z = (linear @ np.transpose(to_xyz) / (0.9505, 1, 1.089)).T
    x, y, z = (
        np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29) for t in (x, y, z)
    )
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def rgb(names):
    return np.array([matplotlib.colors.to_rgb(name) for name in names])


def test_lab_of_known_colours():
    """White, black and red as every table has them; grey stays grey in every sight."""
    found = lab(rgb(["white", "black", "red"]))
    assert np.allclose(found, [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20]], atol=0.1)
    for sight in SIGHT:
        assert np.allclose(lab([[0.5, 0.5, 0.5]], sight), lab([[0.5, 0.5, 0.5]]), atol=0.5)
    red, green = lab(rgb(["#D62728", "#2CA02C"]), "deuteranopia")  # Matplotlib's usual pair
    usual_red, usual_green = lab(rgb(["#D62728", "#2CA02C"]))
    assert np.linalg.norm(red - green) < np.linalg.norm(usual_red - usual_green) / 2


# A difference (CIE 1976, the distance in L*a*b*) of 2.3 is just noticed between two fields that
# touch (Mahy et al., 1994). Lines, bars and legends lie apart and are small: five times as much.
APART = 5 * 2.3


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_are_told_apart(sight):
    found = lab(rgb(COLOURS), sight)
    for (i, one), (j, two) in itertools.combinations(enumerate(found), 2):
        assert np.linalg.norm(one - two) >= APART, (COLOURS[i], COLOURS[j])
    assert np.linalg.norm(found - lab([[1, 1, 1]]), axis=1).min() >= APART


def test_lines_differ_without_colour():
    assert len(set(COLOURS)) == len(set(DASHES)) == len(set(MARKERS)) == len(COLOURS)
    series = {name: [1, 2, 3] for name in "abcdef"}
    lines = plotting.plot_lines([1, 2, 3], series, "T", "x", "y").figure.axes[0].lines
    assert len({(line._dash_pattern, line.get_marker()) for line in map(freeze, lines)}) == 6


def freeze(line):
    line._dash_pattern = str(line._dash_pattern)
    return line


def test_bars_of_a_group_differ_without_colour():
    groups = {name: {"x": 1} for name in "abc"}
    bars = plotting.plot_bars(groups, "T", "x").figure.axes[0].patches
    assert len({bar.get_hatch() for bar in bars}) == 3


def used_maps():
    """Every colour map that a picture of the series asks for by name."""
    found = set()
    for path in [*ROOT.glob("vit_helpers/**/*.py"), *ROOT.glob("notebooks/**/*.py")]:
        found |= {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value in matplotlib.colormaps
        }
    return found


def test_colour_maps_are_those_tested():
    assert used_maps() <= {"viridis", "inferno", "gray", "PuOr"}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", ["viridis", "inferno", "gray"])
def test_more_is_lighter(name, sight):
    lightness = lab(matplotlib.colormaps[name](np.linspace(0, 1, 33))[:, :3], sight)[:, 0]
    assert (np.diff(lightness) > 0).all()


@pytest.mark.parametrize("sight", SIGHT)
def test_both_signs_are_darker_than_zero_and_not_alike(sight):
    colours = lab(matplotlib.colormaps["PuOr"](np.linspace(0, 1, 33))[:, :3], sight)
    assert (np.diff(colours[:17, 0]) > 0).all()
    assert (np.diff(colours[16:, 0]) < 0).all()
    for step in range(4, 17):
        assert np.linalg.norm(colours[16 - step] - colours[16 + step]) >= APART


def test_numbers_on_a_map_can_be_read():
    """Contrast of 3 : 1 for large text (WCAG 2.2, 1.4.3) at every value."""
    for diverging in (False, True):
        values = np.linspace(-1, 1, 41)[None, None]
        picture = plotting.plot_maps(values, numbers="{:.1f}", diverging=diverging, label="value")
        axes = picture.figure.axes[0]
        grounds = axes.images[0].to_rgba(values[0, 0])[:, :3]
        inks = rgb([text.get_color() for text in axes.texts])
        for ground, ink in zip(grounds, inks, strict=True):
            assert contrast(ground, ink) >= 3, (ground, ink)


def contrast(one, two):
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    lightness = lab([colour])[0, 0]
    return ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / 903.3


def test_no_text_is_tiny():
    """At 100 % of a screen, where an inch has 80 pixels; JupyterLab's own text has 14."""
    from tests.pictures.test_plots import PICTURES

    for name, draw in PICTURES.items():
        for text in draw().figure.findobj(matplotlib.text.Text):
            if text.get_text().strip():
                pixels = text.get_fontsize() / 72 * PIXELS_PER_INCH
                assert pixels >= 10, (name, text.get_text())
