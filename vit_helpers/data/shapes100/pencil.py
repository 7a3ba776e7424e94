"""What the dataset Shapes-100 is drawn with: random choices, signed distances, textures, paint.

Only operations that IEEE 754 rounds exactly are used (no sine, no sum), and NumPy's frozen
`RandomState` stream, so that every machine draws the same bytes.
"""

import numpy as np

SIZE = 32

_axis = ((np.arange(SIZE, dtype=np.float32) + 0.5) * 2 / SIZE - 1).astype(np.float32)
X, Y = _axis[None, None, :], _axis[None, :, None]  # x to the right, y downwards, both -1 ... 1
PIXELS_PER_UNIT = SIZE / 2

# Directions 0, 22.5, 45, 67.5 and 90 degrees from the horizontal, as (cosine, sine).
TILTS = np.array(
    [[1, 0], [0.92388, 0.382683], [0.707107, 0.707107], [0.382683, 0.92388], [0, 1]], np.float32
)
# Six colours far apart from each other: red, yellow, green, cyan, blue, magenta.
VIVID = np.array(
    [[0.9, 0.1, 0.1], [0.9, 0.85, 0.1], [0.1, 0.75, 0.2]]
    + [[0.1, 0.85, 0.9], [0.15, 0.2, 0.95], [0.9, 0.15, 0.85]],
    np.float32,
)


class Pencil:
    """The random numbers of `n` images; each value is (n, 1, 1) unless it says otherwise."""

    def __init__(self, seed, n):
        self.random, self.n = np.random.RandomState(seed), n

    def uniform(self, low, high):
        return (low + (high - low) * self.random.random_sample((self.n, 1, 1))).astype(np.float32)

    def sign(self):
        return np.where(self.random.random_sample((self.n, 1, 1)) < 0.5, -1, 1).astype(np.float32)

    def choices(self, of, count):
        """`count` different integers below `of` for each image: (n, count)."""
        return np.argsort(self.random.random_sample((self.n, of)), axis=1, kind="stable")[:, :count]

    def tones(self):
        """Background and foreground colours (n, 1, 1, 3) whose lightness differs either way."""
        light = self.uniform(0.3, 0.7)[..., None]
        tint = (self.random.random_sample((2, self.n, 1, 1, 3)) - 0.5).astype(np.float32) * 0.5
        other = light + self.sign()[..., None] * self.uniform(0.3, 0.45)[..., None]
        return np.clip(light + tint[0], 0, 1), np.clip(other + tint[1], 0, 1)

    def vivid(self, picks):
        """The vivid colours of `picks` (n, k), each a little off: (n, k, 3)."""
        off = (self.random.random_sample((*picks.shape, 3)) - 0.5).astype(np.float32) * 0.12
        return VIVID[picks] + off

    def tilt(self, kind):
        """A unit vector along `TILTS[kind]`, up to 4 degrees off, mirrored for half the images."""
        c, s = TILTS[kind].T[:, :, None, None]
        e = self.uniform(-0.07, 0.07)
        norm = np.sqrt(1 + e * e)
        return (c - s * e) / norm * self.sign(), (s + c * e) / norm


def ink(distance):
    """Coverage 0 ... 1 of each pixel by the area in which a signed distance is negative."""
    return np.clip(0.5 - distance * PIXELS_PER_UNIT, 0, 1)


def disc(dx, dy, r):
    return np.sqrt(dx * dx + dy * dy) - r


def box(dx, dy, r):
    return np.maximum(np.abs(dx), np.abs(dy)) - 0.88 * r


def diamond(dx, dy, r):
    return (np.abs(dx) + np.abs(dy) - 1.2 * r) * 0.7


def triangle(dx, dy, r):
    return np.maximum(dy - 0.8 * r, 0.89 * np.abs(dx) - 0.45 * (dy + r))


def cross(dx, dy, r):
    wide, thin = np.maximum(np.abs(dx), np.abs(dy)), np.minimum(np.abs(dx), np.abs(dy))
    return np.maximum(wide - r, thin - 0.3 * r)


MARKS = (disc, box, diamond, triangle, cross)


def mark(kind, x, y, r):
    """Signed distance of `MARKS[kind]`, one kind for each image, around (x, y)."""
    x, y, r = (np.broadcast_to(v, (len(kind), 1, 1)) for v in (x, y, r))
    dx, dy = (X - x).astype(np.float32), (Y - y).astype(np.float32)
    out = np.empty((len(kind), SIZE, SIZE), np.float32)
    for k, shape in enumerate(MARKS):
        mine = kind == k
        out[mine] = shape(dx[mine], dy[mine], r[mine])
    return out


def wave(t, duty=0.5, sharp=4.0):
    """A stripe pattern of period 1 in `t`: 1 on the share `duty` of each period, else 0."""
    return np.clip(0.5 + (duty - np.abs(2 * (t - np.floor(t)) - 1)) * sharp, 0, 1)


def texture(pencil, kind, period):
    """Coverage of one of five patterns: plain, stripes, dots, checks, grid."""
    u, v = X / period + pencil.uniform(0, 1), Y / period + pencil.uniform(0, 1)
    c, s = pencil.tilt(pencil.choices(5, 1)[:, 0])
    fu, fv = u - np.floor(u) - 0.5, v - np.floor(v) - 0.5
    patterns = (
        np.ones_like(fu + fv),
        wave((c * X + s * Y) / period + pencil.uniform(0, 1)),
        np.clip((0.32 - np.sqrt(fu * fu + fv * fv)) * 5 + 0.5, 0, 1),
        np.abs(wave(u / 2) - wave(v / 2)),
        np.maximum(wave(u, 0.28), wave(v, 0.28)),
    )
    return np.choose(kind[:, None, None], patterns)


def paint(back, *layers):
    """Lay (coverage, colour) pairs over `back`, in order: images (n, 32, 32, 3)."""
    image = back
    for coverage, colour in layers:
        image = image + (colour - image) * coverage[..., None]
    return image


def plain(pencil, distance):
    """Paint one area in one tone on another."""
    back, front = pencil.tones()
    return paint(back, (ink(distance), front))
