"""Typical wrong answers to the exercises on the whole model, each with a phrase of the message."""

import numpy as np


def post_norm(x, n1, attention, n2, mlp):
    x = n1(x + attention(x))
    return n2(x + mlp(x))


def behind(x, n1, attention, n2, mlp):
    x = x + n1(attention(x))
    return x + n2(mlp(x))


def step(x, norm, part, start=None):
    return (x if start is None else start) + part(norm(x))


def same(x):
    return x


def adds_in_place(x, n1, attention, n2, mlp):
    x += attention(n1(x))
    x += mlp(n2(x))
    return x


def zeroes(tokens, pool, weights, biases):
    answer = wrong_head()(tokens, pool, weights, biases)
    tokens[:] = 0
    return answer


def wrong_head(mean=lambda t: t.mean(axis=1), token=lambda t: t[:, 0], then=same):
    def head(tokens, pool, weights, biases):
        features = mean(tokens) if pool == "mean" else token(tokens)
        return then(features @ weights + biases)

    return head


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


def model(scale=None, place=None, normed=False, pool=lambda x: x.mean(axis=1)):
    """The model of Task 4, with the repairs that are given."""

    def answer(images, parts):
        x = parts.project(parts.cut((scale or parts.normalise)(images)))
        rows, columns = images.shape[1] // 4, images.shape[2] // 4
        x = x + (parts.places(*place(rows, columns)) if place else parts.places(rows, columns))
        for block in parts.blocks:
            x = block.norm_1(x) if normed else x
            x = x + block.attention(x if normed else block.norm_1(x))
            x = x + block.mlp(block.norm_2(x))
        return parts.dense(pool(parts.norm(x)))

    return answer


def without_the_way_past_the_mlp(images, parts):
    x = parts.project(parts.cut(parts.normalise(images)))
    x = x + parts.places(images.shape[1] // 4, images.shape[2] // 4)
    for block in parts.blocks:
        x = x + block.attention(block.norm_1(x))
        x = block.mlp(block.norm_2(x))
    return parts.dense(parts.norm(x).mean(axis=1))


def in_a_row(rows, columns):
    return 1, rows * columns


def without_places(images, parts):
    parts.places = lambda rows, columns: 0
    return model()(images, parts)


WRONG = {
    "block": [
        (lambda x, n1, a, n2, m: None, "returns nothing"),
        (lambda x, n1, a, n2, m: m(n2(a(n1(x)))), "No step adds anything"),
        (lambda x, n1, a, n2, m: step(a(n1(x)), n2, m), "Attention *replaces*"),
        (lambda x, n1, a, n2, m: m(n2(step(x, n1, a))), "The MLP *replaces*"),
        (lambda x, n1, a, n2, m: step(n1(x) + a(n1(x)), n2, m), "Around attention you add to the *normed*"),
        (lambda x, n1, a, n2, m: step(n2(step(x, n1, a)), same, m), "Around the MLP you add to the *normed*"),
        (lambda x, n1, a, n2, m: step(n2(step(n1(x), same, a)), same, m), "Both times"),
        (lambda x, n1, a, n2, m: step(step(x, n1, a), n2, m, x), "at the very beginning"),
        (lambda x, n1, a, n2, m: step(x, n1, a) + m(n2(x)), "*beside* attention"),
        (lambda x, n1, a, n2, m: step(step(x, n1, m), n2, a), "the MLP comes first"),
        (lambda x, n1, a, n2, m: step(step(x, n2, m), n1, a), "halves of your block"),
        (post_norm, "*post-norm*"),
        (behind, "behind attention and behind the MLP"),
        (lambda x, n1, a, n2, m: step(step(x, same, a), same, m), "both norms are missing"),
        (lambda x, n1, a, n2, m: step(step(x, same, a), n2, m), "Attention gets the tokens without"),
        (lambda x, n1, a, n2, m: step(step(x, n1, a), same, m), "The MLP gets the tokens without"),
        (lambda x, n1, a, n2, m: step(step(x, n1, a), n1, m), "first norm twice"),
        (lambda x, n1, a, n2, m: step(step(x, n2, a), n2, m), "second norm twice"),
        (lambda x, n1, a, n2, m: step(step(x, n2, a), n1, m), "changed places."),
        (lambda x, n1, a, n2, m: step(x, n1, a), "do not think"),
        (lambda x, n1, a, n2, m: step(x, n2, m), "have not looked"),
        (lambda x, n1, a, n2, m: x, "as they came"),
        (lambda x, n1, a, n2, m: step(step(x, n1, a), n2, m).mean(axis=1), "shape should be"),
        (lambda x, n1, a, n2, m: 2 * x + a(n1(x)) + m(n2(x)), "the tokens twice. And another thing: The MLP stands"),
        (lambda x, n1, a, n2, m: step(a(x), n2, m), "without a norm. And another thing: Attention *replaces*"),
        (lambda x, n1, a, n2, m: step(step(x, n1, a), n1, m, x), "And another thing: The MLP hears"),
        (adds_in_place, "has changed `x`"),
        (lambda x, n1, a, n2, m: np.round(step(step(x, n1, a), n2, m)), "whole numbers"),
        (lambda x, n1, a, n2, m: step(step(x, n1, a), n2, m).tolist(), "come as a list"),
        (lambda x, n1, a, n2, m: step(step(x, n1, a), n2, m) ** 2, "there should be"),
        (lambda x, n1, a, n2: x, "does not take the 5 things"),
    ],
    "head": [
        (lambda tokens, pool, weights, biases: ..., "returns nothing"),
        (wrong_head(mean=lambda t: t.mean(axis=0)), "mean over the images"),
        (wrong_head(mean=lambda t: t.mean(axis=2)), "mean over the values"),
        (wrong_head(mean=lambda t: t.sum(axis=1)), "adds up"),
        (wrong_head(mean=lambda t: t.max(axis=1)), "largest value"),
        (wrong_head(mean=lambda t: t[:, 0]), "always with the class token"),
        (wrong_head(lambda t: t[:, 0], lambda t: t.mean(axis=1)), "are exchanged."),
        (wrong_head(lambda t: t[:, 1:].mean(axis=1)), "first token out of the mean"),
        (zeroes, "has changed `tokens`"),
        (lambda t, pool, w, b: t.sum(axis=1) @ w if pool == "mean" else t[:, 0] @ w, "And another thing: The biases"),
        (wrong_head(lambda t: t[:, 0], lambda t: t.mean(axis=1), softmax), "exchanged. And another thing: Your head answers with chances"),
        (lambda t, pool, w, b: t.mean(axis=1) @ w.T + b, "It happens in the line"),
        (lambda t, pool, w, b: t.mean(axis=1) @ w + b if pool == "mean" else None, "`pool` = 'mean'"),
        (wrong_head(token=lambda t: t.mean(axis=1)), "always with the mean."),
        (wrong_head(token=lambda t: t[:, -1]), "not the last"),
        (wrong_head(token=lambda t: t[:, 1]), "from one"),
        (wrong_head(token=lambda t: t[0]), "first image"),
        (wrong_head(token=lambda t: t[:, :, 0]), "first value of every token"),
        (wrong_head(token=lambda t: t[:, 1:].mean(axis=1)), "leave the class token out"),
        (wrong_head(then=softmax), "*logits*"),
        (wrong_head(then=lambda x: x.argmax(axis=-1)), "numbers of the likeliest"),
        (lambda tokens, pool, weights, biases: tokens.mean(axis=1) @ weights, "always with the mean. And another thing: The biases"),
        (lambda tokens, pool, weights, biases: tokens @ weights + biases, "for each token"),
        (lambda tokens, pool, weights, biases: tokens.mean(axis=1), "dense layer"),
        (wrong_head(then=lambda x: x / 2), "0.5 times"),
    ],
    "count": [
        ((None, None, None), "Write down"),
        ((6144, 12704, 44682), "biases too"),
        ((2080, 12704, 44682), "How many numbers has a pixel"),
        ((24 * 6176, 12704, 44682), "for each patch"),
        ((6176 + 768, 12704, 44682), "not part of the projection"),
        ((6176, 12416, 44682), "six dense layers"),
        ((6176, 12576, 44682), "forgot the norms"),
        ((6176, 12640, 44682), "Half of the norms"),
        ((6176, 12704 + 3 * 4224, 44682), "for each head"),
        ((6176, 25280, 44682), "the full width"),
        ((6176, 12704 - 1056, 44682), "more than query, key and value"),
        ((6176, 24 * 12704, 44682), "for each token"),
        ((6176, 3 * 12704, 44682), "Wanted is one"),
        ((6176, 12704, 19274), "counted one block"),
        ((6176, 12704, 44618), "One norm is missing"),
        ((6176, 12704, 44352), "The head is missing"),
        ((6176, 12704, 45450), "nobody trains them."),
        ((6176, 12704, 44689), "measured, not trained"),
        ((6176, 12704, 52042), "*flatten*"),
        ((6176, 12704, 1_000_000), "too large"),
        (("6176", 12704, 44682), "is a text"),
        ((True, 12704, 44682), "yes or no"),
    ],
    "bugs": [
        (model(lambda images: images / 255, in_a_row, normed=True), "Three bugs are left"),
        (model(place=in_a_row, normed=True), "Two bugs are left. A symptom: For your model all"),
        (model(lambda images: images / 255, normed=True), "Two bugs are left. A symptom: The patches"),
        (model(lambda images: images / 255), "One bug is left. A symptom: The patches arrive on"),
        (model(place=in_a_row), "One bug is left. A symptom: For your model all"),
        (model(normed=True), "Yours changes them"),
        (model(lambda images: images), "raw pixels"),
        (without_places, "Swap two patches"),
        (without_the_way_past_the_mlp, "Yours hands on zeros"),
        (model(place=lambda rows, columns: (columns, rows)), "Rows and columns"),
        (model(place=lambda rows, columns: (8, 8)), "for 8 × 12: Your function stops"),
        (model(pool=lambda x: x[:, 0]), "a single token"),
        (model(place=lambda rows, columns: (columns, rows), normed=True), "Two bugs are left. A symptom: Rows and columns"),
        (model(lambda images: images / 255, lambda rows, columns: (8, 8)), "And another thing, for images of 8 × 12"),
        (model(pool=lambda x: x.max(axis=1)), "there should be"),
        (model(pool=lambda x: x.mean(axis=0)), "The shape should be"),
    ],
}  # fmt: skip
