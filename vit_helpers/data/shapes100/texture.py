"""The families of Shapes-100 that differ in local texture, which one patch alone can tell.

Each function takes a `Pencil` for n images and their kinds (n,) in 0 ... 4, and returns images
(n, 32, 32, 3) in 0 ... 1. Lengths are in the units of the plane (-1 ... 1, 16 pixels a unit).
A mirror image, a turn of 7 degrees and a zoom of 20 % never change a kind: what matters stays
inside |x|, |y| < 0.8.
"""

import numpy as np

from .pencil import SIZE, X, Y, ink, mark, paint, texture, wave


def stripes(pencil, kind):
    """Parallel stripes; the kind is their direction: 0, 22.5, 45, 67.5 or 90 degrees.

    Counted from the horizontal. Left to chance: up to 4 degrees of it, rising or falling, the
    period (0.28 to 0.45, about 4 to 7 pixels), the phase, the two tones. Half the area is ink in
    every kind.
    """
    back, front = pencil.tones()
    c, s = pencil.tilt(kind)
    t = (s * X - c * Y) / pencil.uniform(0.28, 0.45) + pencil.uniform(0, 1)
    return paint(back, (wave(t), front))


def weaves(pencil, kind):
    """A pattern all over the image; the kind is the pattern: plain, striped, dotted, checked, grid.

    Left to chance: its period (0.3 to 0.45) and phase, the direction of the stripes, the two tones.
    """
    back, front = pencil.tones()
    return paint(back, (texture(pencil, kind, pencil.uniform(0.3, 0.45)), front))


def lines(pencil, kind):
    """Parallel lines; the kind is how they are drawn: thin, thick, dashed, soft or double.

    Left to chance: their direction (so that it tells nothing), the period (0.5 to 0.65), the phase,
    the two tones.
    """
    back, front = pencil.tones()
    c, s = pencil.tilt(pencil.choices(5, 1)[:, 0])
    period = pencil.uniform(0.5, 0.65)
    t = (s * X - c * Y) / period + pencil.uniform(0, 1)
    dash = wave((c * X + s * Y) / 0.4 + pencil.uniform(0, 1))
    tooth = np.abs(2 * (t - np.floor(t)) - 1)
    profiles = (wave(t, 0.22), wave(t, 0.75), wave(t, 0.3) * dash, tooth, wave(2 * t, 0.3))
    profiles = (*profiles[:4], np.where(np.floor(2 * t) % 3 == 0, 0, profiles[4]))
    return paint(back, (np.choose(kind[:, None, None], profiles), front))


def grains(pencil, kind):
    """Noise; the kind is the shape of a grain: pixel, square of 4, row of 8, column of 8, or rare.

    The first four differ in which neighbours are equal; "specks" are 6 % of single pixels in full
    ink and nothing else. Left to chance: every grain's value, the two tones.
    """
    back, front = pencil.tones()
    noise = pencil.random.random_sample((pencil.n, SIZE, SIZE)).astype(np.float32)
    coarse = np.repeat(np.repeat(noise[:, ::4, ::4], 4, axis=1), 4, axis=2)
    rows = np.repeat(noise[:, :, ::8], 8, axis=2)
    columns = np.repeat(noise[:, ::8, :], 8, axis=1)
    specks = np.where(noise > 0.94, 1, 0)
    return paint(
        back, (np.choose(kind[:, None, None], (noise, coarse, rows, columns, specks)), front)
    )


def fills(pencil, kind):
    """An outlined figure; the kind is its filling: full, striped, dotted, checked, grid.

    Left to chance: which figure (disc, box, diamond), its centre (up to 0.2 off the middle) and
    radius (0.5 to 0.6), the period (0.26 to 0.36) and phase of the filling, the two tones.
    """
    back, front = pencil.tones()
    blob = mark(
        pencil.choices(3, 1)[:, 0],
        pencil.uniform(-0.2, 0.2),
        pencil.uniform(-0.2, 0.2),
        pencil.uniform(0.5, 0.6),
    )
    fill = texture(pencil, kind, pencil.uniform(0.26, 0.36))
    edge = ink(np.abs(blob) - 0.05)
    return paint(back, (np.maximum(ink(blob) * fill, edge), front))
