"""What several checks share: the arithmetic by hand, and small stand-ins for a model's parts."""

from types import SimpleNamespace

import numpy as np


def softmax(x, axis=-1):
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def log_softmax(logits, axis=-1):
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def waves(numbers, values):
    """Sines, then cosines, of the `numbers` at `values / 2` speeds: (numbers, values)."""
    half = values // 2
    angles = np.asarray(numbers)[:, None] / 10_000 ** (np.arange(half) / half)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def positions(rows, columns, values):
    """Waves of the row, then of the column, of each place of a grid: (rows * columns, values)."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    return np.concatenate([waves(row, values // 2), waves(column, values // 2)], axis=1)


def norm(scale, shift):
    def normed(x):
        centred = x - x.mean(axis=-1, keepdims=True)
        return centred / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-6) * scale + shift

    return normed


def block_parts(width, seed):
    """Small stand-ins for the parts of a block, no two of them alike."""
    random = np.random.default_rng(seed)
    w_scores, w_value, w_in, w_out = random.normal(size=(4, width, width)) / np.sqrt(width)
    return SimpleNamespace(
        norm_1=norm(*random.uniform(0.5, 2, (2, width))),
        attention=lambda x: softmax(x @ w_scores @ np.swapaxes(x, -1, -2)) @ x @ w_value,
        norm_2=norm(*random.uniform(-2, -0.5, (2, width))),
        mlp=lambda x: np.tanh(x @ w_in) @ w_out + 0.3,
    )
