"""Typical wrong answers to the exercises on patches, each with a phrase of what the check says."""


def split(image, size, order):
    height, width, channels = image.shape
    return image.reshape(height // size, size, width // size, size, channels).transpose(order)


def shape_in_place(image, size):
    image.shape = (image.shape[0] // size, size, image.shape[1] // size, size, 3)
    return image.transpose(0, 2, 1, 3, 4).reshape(-1, size * size * 3)


def zeroes(patches, height, width, size):
    image = right_glue(patches, height, width, size)
    patches[:] = 0
    return image


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
        (lambda image, size: image.reshape(5, 7), "It happens in the line `(lambda image, size: image.reshape(5, 7)"),
        ("cut", "wants a function"),
        (shape_in_place, "has changed `image`"),
        (lambda image, size: [*split(image, size, (0, 2, 1, 3, 4)).reshape(-1, size**2 * 3)], "come as a list"),
        (lambda image, size: split(image, size, (0, 2, 1, 3, 4)).reshape(-1, size**2 * 3).astype("uint8"), "whole numbers"),
        (lambda image, size: split(image, size, (0, 2, 1, 4, 3)).reshape(-1, size**2 * 3), "patch row, patch column, pixel row, colour"),
        (lambda image, size: image.reshape(size, image.shape[0] // size, size, -1, 3).transpose(0, 2, 1, 3, 4)
         .reshape(size * size, -1), "`size` parts"),
        (lambda image, size: split(image, 8, (0, 2, 1, 3, 4)).reshape(-1, 192), "With `image` (16, 24, 3), `size` = 8 it is right."),
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
        (lambda p, height, width, size: right_glue(p, height, width, size)[::-1], "backwards, along the axis of height"),
        (lambda p, height, width, size: right_glue(p, height, width, size).astype("uint8"), "whole numbers"),
        (lambda p, height, width, size: right_glue(p, height, width, size).tolist(), "come as a list"),
        (lambda p, height, width, size: right_glue(p, height, width, 8), "`size` = 8 it is right"),
        (lambda p, height, width, size: p.reshape(-1, size, 3), "one below the other"),
        (zeroes, "has changed `patches`"),
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
        (("96", 192, 9216), "is a text"),
        ((True, 192, 9216), "yes or no"),
        (([96], 192, 9216), "yours is [96]"),
    ],
}  # fmt: skip
