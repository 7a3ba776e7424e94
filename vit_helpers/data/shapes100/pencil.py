"""What the dataset Shapes-100 is drawn with: random choices, signed distances, textures, paint.

The plane reaches from -1 to 1, x to the right and y downwards, 16 pixels a unit. A mark is given by
its signed distance: for each pixel how far it is from the edge, negative inside.
Only operations that IEEE 754 rounds exactly are used (no sine, no sum), and NumPy's frozen
`RandomState` stream, so that every machine draws the same bytes.
"""

import numpy as np

SIZE = 32

_axis = ((np.arange(SIZE, dtype=np.float32) + 0.5) * 2 / SIZE - 1).astype(np.float32)
X, Y = _axis[None, None, :], _axis[None, :, None]  # x to the right, y downwards, both -1 ... 1
PIXELS_PER_UNIT = SIZE / 2
COLUMN = (-0.52, 0.0, 0.52)  # heights of three marks, one below the other

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
    """The random numbers of `n` images; each value is (n, 1, 1) unless it says otherwise.

    The shape lets a value of each image meet the planes X (1, 1, 32) and Y (1, 32, 1). Two pencils
    of one seed make the same choices if they are asked in the same order.
    """

    def __init__(self, seed, n):
        self.random, self.n = np.random.RandomState(seed), n

    def uniform(self, low, high):
        """A float32 from `low` (included) to `high`, each as likely as another."""
        return (low + (high - low) * self.random.random_sample((self.n, 1, 1))).astype(np.float32)

    def sign(self):
        """-1 or 1, one as likely as the other."""
        return np.where(self.random.random_sample((self.n, 1, 1)) < 0.5, -1, 1).astype(np.float32)

    def choices(self, of, count):
        """`count` different integers 0 ... of - 1 for each image, in random order: (n, count)."""
        return np.argsort(self.random.random_sample((self.n, of)), axis=1, kind="stable")[:, :count]

    def tones(self):
        """Colours of back and front, each (n, 1, 1, 3) in 0 ... 1.

        Their lightness differs by 0.3 to 0.45, either of them may be the lighter, and each is
        tinted by up to 0.25 a channel.
        """
        light = self.uniform(0.3, 0.7)[..., None]
        tint = (self.random.random_sample((2, self.n, 1, 1, 3)) - 0.5).astype(np.float32) * 0.5
        other = light + self.sign()[..., None] * self.uniform(0.3, 0.45)[..., None]
        return np.clip(light + tint[0], 0, 1), np.clip(other + tint[1], 0, 1)

    def vivid(self, picks):
        """The colours `VIVID[picks]` for picks (n, k), each up to 0.06 off: (n, k, 3)."""
        off = (self.random.random_sample((*picks.shape, 3)) - 0.5).astype(np.float32) * 0.12
        return VIVID[picks] + off

    def tilt(self, kind):
        """Unit vectors along `TILTS[kind]` for kind (n,): their x and y, each (n, 1, 1).

        Up to 4 degrees off, and mirrored left and right for half the images.
        """
        c, s = TILTS[kind].T[:, :, None, None]
        e = self.uniform(-0.07, 0.07)
        norm = np.sqrt(1 + e * e)
        return (c - s * e) / norm * self.sign(), (s + c * e) / norm


def ink(distance):
    """Coverage 0 ... 1 of each pixel by the area in which a signed distance is negative.

    On an edge it falls from 1 to 0 within one pixel, so that edges are smooth.
    """
    return np.clip(0.5 - distance * PIXELS_PER_UNIT, 0, 1)


# Signed distances of marks of radius `r` around the point that lies (dx, dy) before each pixel;
# all arguments broadcast.
def disc(dx, dy, r):
    """A circle of radius r."""
    return np.sqrt(dx * dx + dy * dy) - r


def box(dx, dy, r):
    """A square with sides of 1.76 r, standing upright."""
    return np.maximum(np.abs(dx), np.abs(dy)) - 0.88 * r


def diamond(dx, dy, r):
    """A square on its corner, from corner to corner 2.4 r."""
    return (np.abs(dx) + np.abs(dy) - 1.2 * r) * 0.7


def triangle(dx, dy, r):
    """A triangle that points up, 1.8 r high and at its base 1.8 r wide."""
    return np.maximum(dy - 0.8 * r, 0.89 * np.abs(dx) - 0.45 * (dy + r))


def cross(dx, dy, r):
    """An upright cross with arms that reach r far and are 0.6 r wide."""
    wide, thin = np.maximum(np.abs(dx), np.abs(dy)), np.minimum(np.abs(dx), np.abs(dy))
    return np.maximum(wide - r, thin - 0.3 * r)


MARKS = (disc, box, diamond, triangle, cross)


def mark(kind, x, y, r):
    """Signed distances (n, 32, 32) of the mark `MARKS[kind]` of each image, around (x, y).

    `kind` is (n,) in 0 ... 4; `x`, `y` and the radius `r` are numbers or (n, 1, 1).
    """
    x, y, r = (np.broadcast_to(v, (len(kind), 1, 1)) for v in (x, y, r))
    dx, dy = (X - x).astype(np.float32), (Y - y).astype(np.float32)
    out = np.empty((len(kind), SIZE, SIZE), np.float32)
    for k, shape in enumerate(MARKS):
        mine = kind == k
        out[mine] = shape(dx[mine], dy[mine], r[mine])
    return out


def wave(t, duty=0.5, sharp=4.0):
    """A stripe pattern of period 1 in `t`: 1 on the share `duty` of each period, else 0.

    Between the two it rises and falls linearly, each over 1 / (2 * `sharp`) of a period.
    """
    return np.clip(0.5 + (duty - np.abs(2 * (t - np.floor(t)) - 1)) * sharp, 0, 1)


def texture(pencil, kind, period):
    """Coverage (n, 32, 32) by one of five patterns: plain, stripes, dots, checks, grid.

    `kind` is (n,) in 0 ... 4, `period` (n, 1, 1) the side of a dot's cell or of a mesh. Where the
    pattern begins, and the direction of stripes (one of TILTS), are left to chance.
    """
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
    """Lay (coverage, colour) pairs over `back`, in order: images (n, 32, 32, 3).

    A coverage is (n, 32, 32) in 0 ... 1; `back` and the colours broadcast to (n, 32, 32, 3).
    """
    image = back
    for coverage, colour in layers:
        image = image + (colour - image) * coverage[..., None]
    return image


def plain(pencil, distance):
    """Paint the area in which `distance` (n, 32, 32) is negative in one tone on another."""
    back, front = pencil.tones()
    return paint(back, (ink(distance), front))
