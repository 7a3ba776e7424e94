"""Typical wrong answers to the exercises on patches, each with a phrase of what the check says."""


def split(image, size, order):
    height, width, channels = image.shape
    return image.reshape(height // size, size, width // size, size, channels).transpose(order)


def right_glue(patches, height, width, size):
    axes = patches.reshape(height // size, width // size, size, size, 3)
    return axes.transpose(0, 2, 1, 3, 4).reshape(height, width, 3)


WRONG = {
    "cut": [
        (lambda image, size: None, "returns nothing"),
        (lambda image, size: image.reshape(-1, size * size * 3), "strips"),
        (lambda image, size: split(image, size, (2, 0, 1, 3, 4)).reshape(-1, size**2 * 3), "column by column"),
        (lambda image, size: split(image, size, (0, 2, 3, 1, 4)).reshape(-1, size**2 * 3), "mirrored"),
        (lambda image, size: split(image, size, (0, 2, 4, 1, 3)).reshape(-1, size**2 * 3), "side by side"),
        (lambda image, size: split(image, size, (0, 2, 1, 3, 4)).reshape(-1, size, size, 3), "4 axes"),
        (lambda image, size: split(image, size, (0, 2, 1, 3, 4)), "5 axes"),
        (lambda image, size: split(image, size, (0, 2, 1, 3, 4)).reshape(-1, 48), "shape should be"),
        (lambda image, size: image.reshape(-1, size, size), "The shape"),
        (lambda image, size: image.reshape(5, 7), "stops with ValueError"),
        ("cut", "wants a function"),
    ],
    "glue": [
        (lambda p, height, width, size: p.reshape(height, width, 3), "`reshape` alone"),
        (lambda p, height, width, size: p.reshape(height // size, width // size, size, size, 3)
         .transpose(0, 3, 1, 2, 4).reshape(height, width, 3), "mirrored"),
        (lambda p, height, width, size: p.reshape(width // size, height // size, size, size, 3)
         .transpose(1, 2, 0, 3, 4).reshape(height, width, 3), "column by column"),
        (lambda p, height, width, size: right_glue(p, height, width, size)
         .reshape(width, height, 3), "swapped"),
        (lambda p, height, width, size: right_glue(p, height, width, size) / 255, "0.003922 times"),
        (lambda p, height, width, size: right_glue(p, height, width, size)[::-1], "of the values are not"),
    ],
    "price": [
        ((None, None, None), "Write down the number of tokens"),
        ((20, 192, 400), "*times*"),
        ((64, 192, 4096), "square of 64"),
        ((96, 64, 9216), "How many numbers has each"),
        ((96, 24, 9216), "rows *and* columns"),
        ((96, 192, 4560), "each pair once"),
        ((96, 192, 9120), "itself too"),
        ((96, 192, 10_000), "too large"),
    ],
}  # fmt: skip
