"""The layers against plain NumPy."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from vit_helpers.model.fast import (
    Dropout,
    LayerNorm,
    Linear,
    exact_gelu,
    layer_norm,
    linear,
    product,
)
from vit_helpers.model.layers import SelfAttention, TransformerBlock
from vit_helpers.model.patches import PatchEncoder, Patches, sincos2d

random = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(2, 32, 32, 3), (3, 24, 40, 3), (1, 8, 4, 1)])
def test_patches_are_the_slices_and_give_the_image_back(shape):
    images = random.integers(0, 256, shape).astype("float32")
    patches = np.asarray(Patches(4)(images))
    n, height, width, channels = shape
    sliced = [
        images[:, r : r + 4, c : c + 4].reshape(n, -1)
        for r in range(0, height, 4)
        for c in range(0, width, 4)
    ]
    assert np.array_equal(patches, np.stack(sliced, axis=1))
    grid = patches.reshape(n, height // 4, width // 4, 4, 4, channels)
    assert np.array_equal(grid.transpose(0, 1, 3, 2, 4, 5).reshape(shape), images)


@pytest.mark.parametrize(
    ("size", "shape", "message"),
    [
        (5, (1, 32, 32, 3), "patch_size=5 does not divide image height=32; try 4 or 8"),
        (8, (1, 32, 20, 3), "patch_size=8 does not divide image width=20; try 5 or 10"),
        (4, (32, 32, 3), r"needs images \(B, H, W, C\)"),
    ],
)
def test_patches_that_do_not_fit(size, shape, message):
    with pytest.raises(ValueError, match=message):
        Patches(size)(np.zeros(shape, "float32"))


@pytest.mark.parametrize("size", [0, -4, 2.5, True, "4"])
def test_patch_size_must_be_a_whole_number(size):
    with pytest.raises(ValueError, match=r"patch_size=.* must be a whole number"):
        Patches(size)


def test_encoder_is_a_projection_plus_a_position():
    patches = random.normal(size=(2, 16, 12)).astype("float32")
    encoder = PatchEncoder(16, 8, "learned", class_token=True)
    tokens = np.asarray(encoder(patches))
    kernel, bias = (np.asarray(w) for w in encoder.projection.get_weights())
    places = np.asarray(encoder.position_embedding)
    np.testing.assert_allclose(tokens[:, 1:], patches @ kernel + bias + places[1:], atol=1e-5)
    np.testing.assert_allclose(tokens[0, 0], np.asarray(encoder.token)[0, 0] + places[0])
    assert tokens.shape == (2, 17, 8)


def test_positions_are_learned_unless_said_otherwise():
    encoder = PatchEncoder(4, 8)
    encoder(np.zeros((1, 4, 3), "float32"))
    assert sorted(w.shape for w in encoder.trainable_weights) == [(3, 8), (4, 8), (8,)]


def test_sincos_positions():
    places = sincos2d(3, 5, 16)
    assert places.shape == (15, 16)
    assert np.array_equal(places[0], [0] * 4 + [1] * 4 + [0] * 4 + [1] * 4)
    row, column = 2, 3
    waves = [np.sin(row), np.cos(row), np.sin(column), np.cos(column)]
    slow = 10000.0 ** -(4 * 3 / 16)  # the slowest of four frequencies, for 16 values
    slowest = [np.sin(slow * row), np.cos(slow * row), np.sin(slow * column), np.cos(slow * column)]
    np.testing.assert_allclose(places[5 * row + column][[3, 7, 11, 15]], slowest, rtol=1e-5)
    np.testing.assert_allclose(places[5 * row + column][[0, 4, 8, 12]], waves, rtol=1e-6)
    encoder = PatchEncoder((3, 5), 16, "sincos2d", class_token=True)
    encoder(np.zeros((1, 15, 4), "float32"))
    assert encoder.position_embedding.shape == (16, 16)
    assert not encoder.position_embedding[0].any()
    assert len(encoder.trainable_weights) == 3
    square = PatchEncoder(16, 16, "sincos2d")
    square(np.zeros((1, 16, 4), "float32"))
    np.testing.assert_array_equal(square.position_embedding, sincos2d(4, 4, 16))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((15, 16, "sincos2d"), "num_patches=15 is no square"),
        ((16, 16, "sine"), "position='sine' is unknown; choose one of 'learned'"),
        ((16, 0), "projection_dim=0 must be a whole number"),
        ((0, 16), "num_patches=0 must be"),
    ],
)
def test_encoder_checks_its_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        PatchEncoder(*arguments)


def test_encoder_checks_its_input():
    with pytest.raises(ValueError, match="num_patches=16, but the input has 9 patches"):
        PatchEncoder(16, 8)(np.zeros((1, 9, 12), "float32"))
    with pytest.raises(ValueError, match="must be a multiple of 4"):
        sincos2d(2, 2, 6)


def test_overlapping_patches_hold_their_surroundings():
    images = random.normal(size=(2, 8, 12, 3)).astype("float32")
    wide = np.asarray(Patches(4, margin=2)(images)).reshape(2, 2, 3, 8, 8, 3)
    plain = np.asarray(Patches(4)(images)).reshape(2, 2, 3, 4, 4, 3)
    assert np.array_equal(wide[:, :, :, 2:6, 2:6], plain)
    around = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)))
    assert np.array_equal(wide[:, 1, 2], around[:, 4:12, 8:16])
    with pytest.raises(ValueError, match="margin=-1 must be a whole number of at least 0"):
        Patches(4, margin=-1)


@pytest.mark.parametrize(
    ("layer", "arguments", "message"),
    [
        (Linear, {"units": 4, "use_bias": False}, "Linear does not know use_bias=False"),
        (Linear, {"units": 4, "lora_rank": 2}, "lora_rank=2, only lora_rank=None"),
        (LayerNorm, {"axis": 1}, "LayerNorm does not know axis=1, only axis=-1"),
        (LayerNorm, {"axis": [1, 2]}, r"axis=\[1, 2\]"),
        (LayerNorm, {"center": False}, "center=False"),
        (LayerNorm, {"scale": False}, "scale=False"),
        (LayerNorm, {"rms_scaling": True}, "rms_scaling=True"),
        (Dropout, {"rate": 0.5, "noise_shape": (None, 1, 4)}, "Dropout does not know noise_shape"),
        (Dropout, {"rate": 0.001}, "rate=0.001 must be 0, or between 0.0039 and 0.9961"),
        (Dropout, {"rate": 0.999}, "Dropout works in steps of 1/256"),
        (Dropout, {"rate": 1}, "rate=1 must be at least 0 and below 1"),
    ],
)
def test_arguments_that_are_not_honoured_are_refused(layer, arguments, message):
    with pytest.raises(ValueError, match=message):
        layer(**arguments)


@pytest.mark.parametrize("layer", [Linear(6, "gelu"), LayerNorm(epsilon=1e-3), Dropout(0.25)])
def test_layers_come_back_from_their_own_config(layer):
    layer(np.zeros((1, 2, 4), "float32"))
    again = type(layer).from_config(layer.get_config())
    again.build((1, 2, 4))
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("rate", [1 / 256, 0.1, 0.5, 255 / 256])
def test_dropout_drops_its_share_and_keeps_the_mean(rate):
    x = np.ones((64, 50, 40), "float32")
    y = np.asarray(Dropout(rate, seed=1)(x, training=True))
    share = round(256 * rate) / 256
    assert (y == 0).mean() == pytest.approx(share, abs=0.01)
    assert y.max() == pytest.approx(1 / (1 - share))
    assert np.array_equal(Dropout(rate)(x, training=False), x)
    assert len({image.tobytes() for image in y}) == len(y)


def plain_norm(x, gamma, beta, epsilon):
    x = x - x.mean(-1, keepdims=True)
    return x / jnp.sqrt((x**2).mean(-1, keepdims=True) + epsilon) * gamma + beta


@pytest.mark.parametrize(
    ("ours", "plain", "shapes"),
    [
        (linear, jnp.matmul, [(5, 4), (4, 6)]),
        (linear, jnp.matmul, [(2, 3, 4), (4, 6)]),
        (linear, jnp.matmul, [(2, 3, 2, 4), (4, 6)]),
        (product, jnp.matmul, [(2, 3, 5, 4), (2, 3, 4, 6)]),
        (product, jnp.matmul, [(2, 3, 5, 6), (2, 3, 6, 4)]),
        (layer_norm, plain_norm, [(5, 4), (4,), (4,), ()]),
        (layer_norm, plain_norm, [(2, 3, 4), (4,), (4,), ()]),
    ],
)
def test_gradients_are_those_of_the_plain_formula(ours, plain, shapes):
    given = [jnp.abs(random.normal(size=shape)) + jnp.zeros(shape) for shape in shapes]
    given[0] = random.normal(size=shapes[0]).astype("float32")
    np.testing.assert_allclose(ours(*given), plain(*given), rtol=1e-5, atol=1e-5)
    places = tuple(range(min(3, len(given))))
    mine, theirs = (
        jax.grad(lambda *a, f=f: jnp.sin(3 * f(*a)).sum(), argnums=places)(*given)
        for f in (ours, plain)
    )
    for one, other in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_basic_layers_are_those_of_keras():
    x = random.normal(size=(3, 5, 8)).astype("float32")
    for ours, theirs in (
        (Linear(6, "gelu"), keras.layers.Dense(6, "gelu")),
        (LayerNorm(epsilon=1e-6), keras.layers.LayerNormalization(epsilon=1e-6)),
    ):
        ours(x), theirs(x)
        weights = [random.normal(size=w.shape) for w in theirs.get_weights()]
        ours.set_weights(weights), theirs.set_weights(weights)
        np.testing.assert_allclose(ours(x), theirs(x), atol=1e-5)
    np.testing.assert_allclose(exact_gelu(x), keras.ops.gelu(x, approximate=False), atol=1e-6)


def test_self_attention_is_that_of_keras():
    x = random.normal(size=(2, 9, 16)).astype("float32")
    keras_layer = keras.layers.MultiHeadAttention(4, 8, bias_initializer="random_normal")
    wanted = np.asarray(keras_layer(x, x))
    ours = SelfAttention(4, 8)
    ours.build(x.shape)
    ours.set_weights(
        [w.reshape(v.shape) for w, v in zip(keras_layer.get_weights(), ours.weights, strict=True)]
    )
    np.testing.assert_allclose(ours(x), wanted, atol=1e-5)


def norm(x, layer):
    gamma, beta = layer.get_weights()
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6) * gamma + beta


def gelu(x):
    from scipy.special import erf

    return x * 0.5 * (1 + erf(x / np.sqrt(2)))


def by_hand(block, x, gelu_last=False):
    """The block in NumPy: returns (output, attention weights)."""
    mha, y = block.attention, norm(x, block.norm_1)
    shape = (*x.shape[:2], mha.num_heads, mha.key_dim)
    q, k, v = (
        (y @ np.asarray(dense.kernel) + np.asarray(dense.bias)).reshape(shape).swapaxes(1, 2)
        for dense in (mha.query, mha.key, mha.value)
    )
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    out, mixed = mha.output_projection, (weights @ v).swapaxes(1, 2)
    mixed = mixed.reshape(*x.shape[:2], -1)
    x = x + mixed @ np.asarray(out.kernel) + np.asarray(out.bias)
    y = norm(x, block.norm_2)
    for i, dense in enumerate(block.mlp):
        y = y @ np.asarray(dense.kernel) + np.asarray(dense.bias)
        if i < len(block.mlp) - 1 or gelu_last:
            y = gelu(y)
    return x + y, weights


@pytest.mark.parametrize("gelu_last", [False, True, None])
def test_block_is_pre_norm_attention_and_mlp(gelu_last):
    x = random.normal(size=(2, 9, 16)).astype("float32")
    own = {} if gelu_last is None else {"gelu_last": gelu_last}  # None: the default, without
    block = TransformerBlock(4, 8, (32, 16), **own)
    block(x)
    for weight in block.weights:
        weight.assign(random.normal(size=weight.shape) * 0.3)
    output, weights = by_hand(block, x, gelu_last)
    np.testing.assert_allclose(block(x), output, atol=2e-4)
    np.testing.assert_allclose(block.attention_weights(x), weights, atol=1e-5)


def test_block_without_attention_leaves_tokens_alone():
    x = random.normal(size=(1, 9, 16)).astype("float32")
    block = TransformerBlock(4, 4, (32, 16), attention=False)
    before = np.asarray(block(x))
    x[0, 3] += 1
    changed = np.abs(np.asarray(block(x)) - before).max(axis=(0, 2)) > 1e-6
    assert np.flatnonzero(changed).tolist() == [3]
    with pytest.raises(ValueError, match="no attention map"):
        block.attention_weights(x)


def test_block_checks_its_mlp():
    with pytest.raises(ValueError, match="mlp_units must end in the tokens' width 16, not in 8"):
        TransformerBlock(4, 4, (32, 8))(np.zeros((1, 4, 16), "float32"))
    with pytest.raises(ValueError, match="num_heads=0"):
        TransformerBlock(0, 4, (32, 16))


def test_dropout_is_for_training_only():
    x = random.normal(size=(1, 9, 16)).astype("float32")
    block = TransformerBlock(2, 8, (32, 16), dropout=0.5, attention_dropout=0.5)
    assert np.array_equal(block(x), block(x))
    assert not np.array_equal(block(x, training=True), block(x, training=True))


def test_dropout_keeps_the_mean_and_drops_its_share():
    x = np.ones((400, 500), "float32")
    y = np.asarray(Dropout(0.1, seed=0)(x, training=True))
    assert np.mean(y == 0) == pytest.approx(26 / 256, abs=2e-3)
    assert np.unique(y).tolist() == [0, np.float32(256 / 230)]
    assert y.mean() == pytest.approx(1, abs=2e-3)
    assert np.array_equal(Dropout(0.1)(x), x)


def test_layers_come_back_from_their_config():
    for layer in (
        Patches(4),
        PatchEncoder((2, 3), 8, "sincos2d", class_token=True),
        TransformerBlock(2, 4, (16, 8), 0.1, 0.2, True, False),
        Patches(4, margin=2),
        SelfAttention(2, 4, 0.1),
        Linear(3, activation="gelu"),
        Dropout(0.1),
    ):
        config = layer.get_config()
        again = type(layer).from_config(config)
        assert again.get_config() == config
        assert keras.saving.get_registered_name(type(layer)).startswith("vit_helpers>")
