"""The families of Shapes-100 in which only comparing distant parts tells.

Each function takes a `Pencil` for n images and their kinds (n,) in 0 ... 4, and returns images
(n, 32, 32, 3) in 0 ... 1. Lengths are in the units of the plane (-1 ... 1, 16 pixels a unit).
A mirror image, a turn of 7 degrees and a zoom of 20 % never change a kind: what matters stays
inside |x|, |y| < 0.8.
"""

import numpy as np

from .pencil import COLUMN, X, Y, disc, ink, mark, paint

# Which of three draws stands at the top, in the middle and at the bottom, and so which agree.
THREE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 2]])


def colored_discs(pencil, places, radius, colours):
    """(coverage, colour) of a disc at each of k places, as `paint` wants them.

    `places` are k pairs (x, y), `radius` (n, 1, 1), `colours` (n, k, 3).
    """
    return [
        (ink(disc(X - x, Y - y, radius)), colours[:, i, None, None])
        for i, (x, y) in enumerate(places)
    ]


def colour_trios(pencil, kind):
    """Three discs, one below the other; the kind is which one differs in colour from the others.

    None does ("all" are alike), the top, the middle or the bottom one, or each from each ("none"
    are alike). Fixed: three discs of one size, their heights. Left to chance: which of six vivid
    colours, so that no single disc tells anything, the shifts to the side (up to 0.3), the radius
    (0.18 to 0.24), the grey of the ground.
    """
    picks = np.take_along_axis(pencil.choices(6, 3), THREE[kind], axis=1)
    places = [(pencil.uniform(-0.3, 0.3), y) for y in COLUMN]
    discs = colored_discs(pencil, places, pencil.uniform(0.18, 0.24), pencil.vivid(picks))
    return paint(pencil.uniform(0.15, 0.85)[..., None], *discs)


def shade_trios(pencil, kind):
    """Three marks, one below the other; the kind is which one differs in shade from the others.

    As in `colour_trios`, with black, grey and white on a vivid ground. Left to chance: which
    shades, each mark's shape, which means nothing, and shift to the side (up to 0.3), their common
    radius (0.2 to 0.24), the colour of the ground.
    """
    picks = np.take_along_axis(pencil.choices(3, 3), THREE[kind], axis=1)
    shades = np.array([0.05, 0.5, 0.95], np.float32)[picks]
    shapes, r = pencil.choices(5, 3), pencil.uniform(0.2, 0.24)
    ground = pencil.vivid(pencil.choices(6, 1))[:, None]
    marks = [ink(mark(shapes[:, i], pencil.uniform(-0.3, 0.3), y, r)) for i, y in enumerate(COLUMN)]
    return paint(ground, *[(m, shades[:, i, None, None, None]) for i, m in enumerate(marks)])


def keys(pencil, kind):
    """A frame and three discs; the kind is which disc has the frame's colour.

    All have it, the top, the middle or the bottom one has it, or none; discs that don't have it
    have three other colours, all different. Left to chance: which of six vivid colours, the shifts
    to the side (up to 0.15), the radius (0.13 to 0.17), the width of the frame, the grey of the
    ground.
    """
    draws = np.array([[0, 0, 0], [0, 1, 2], [1, 0, 2], [1, 2, 0], [1, 2, 3]])[kind]
    order = pencil.choices(6, 4)
    picks = np.take_along_axis(order, draws, axis=1)
    places = [(pencil.uniform(-0.15, 0.15), y) for y in (-0.38, 0.0, 0.38)]
    discs = colored_discs(pencil, places, pencil.uniform(0.13, 0.17), pencil.vivid(picks))
    frame = ink(np.abs(np.maximum(np.abs(X), np.abs(Y)) - 0.68) - pencil.uniform(0.07, 0.1))
    key = pencil.vivid(order[:, :1])[:, None]
    return paint(pencil.uniform(0.15, 0.85)[..., None], (frame, key), *discs)


def quartets(pencil, kind):
    """Four discs in a square; the kind is which of them agree in colour.

    All, those of each row, those of each column, those on each diagonal, or none. Left to chance:
    which of six vivid colours, each disc's place (up to 0.1 off), the radius (0.2 to 0.28), the
    grey of the ground.
    """
    draws = np.array([[0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], [0, 1, 2, 3]])[kind]
    picks = np.take_along_axis(pencil.choices(6, 4), draws, axis=1)
    places = [
        (x + pencil.uniform(-0.1, 0.1), y + pencil.uniform(-0.1, 0.1))
        for y in (-0.4, 0.4)
        for x in (-0.4, 0.4)
    ]
    discs = colored_discs(pencil, places, pencil.uniform(0.2, 0.28), pencil.vivid(picks))
    return paint(pencil.uniform(0.15, 0.85)[..., None], *discs)
