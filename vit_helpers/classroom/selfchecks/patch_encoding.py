"""Self-checks of the exercises on tokens and positions (notebook 04)."""

import numpy as np

from .arithmetic import waves as _waves
from .patch_encoding_tokens import assemble, price
from .verdict import call, check, same

__all__ = ["assemble", "positions", "price", "waves"]


def _angles(places, half):
    """{what to say: the angles (places, half) that this mistake gives}; the right ones first."""
    place, hand = np.arange(places)[:, None], np.arange(half)
    return {
        "": place / 10_000 ** (hand / half),
        "All your hands turn at speed 1, so they show the same.": place * np.ones(half),
        "Your fastest hand comes last. It should be the first.": place
        / 10_000 ** (hand[::-1] / half),
        "Your hands get faster from one to the next; they should get slower.": place
        * 10_000 ** (hand / half),
        "Your hands slow down too little: the exponent grows half as fast as it should. How many "
        "hands are there?": place / 10_000 ** (hand / half / 2),
        "Your hands slow down too much: the exponent grows twice as fast as it should. How many "
        "hands are there?": place / 10_000 ** (2 * hand / half),
        "Your slowest hand is a bit too slow: the exponents should stop one step before 1.": place
        / 10_000 ** (hand / (half - 1)),
        "You count the places from 1. The first one has the number 0.": (place + 1)
        / 10_000 ** (hand / half),
        "A hand of speed 1 turns by 1 from place to place, and yours by a full circle, 2π. So it "
        "shows the same at all places.": 2 * np.pi * place / 10_000 ** (hand / half),
    }


LAYOUTS = {
    "": lambda angles: np.concatenate([np.sin(angles), np.cos(angles)], axis=1),
    "The cosines come first. The sines should.": lambda angles: np.concatenate(
        [np.cos(angles), np.sin(angles)], axis=1
    ),
    "Sines and cosines take turns. Here all sines come before all cosines.": lambda angles: (
        np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(len(angles), -1)
    ),
    "You have the sines only. A sine alone has the same value at several places.": np.sin,
    "You have the sines twice. A sine alone has the same value at several places.": lambda angles: (
        np.concatenate([np.sin(angles), np.sin(angles)], axis=1)
    ),
    "You have the cosines only. A cosine alone has the same value at several places.": np.cos,
    "Your sines lie above your cosines, as more places. They should stand side by side, as more "
    "values of the same places.": lambda angles: np.concatenate([np.sin(angles), np.cos(angles)]),
    "These are the angles of the hands; a wave is their sine or cosine.": lambda angles: angles,
    "Rows and columns of your table are swapped: each place should be a row.": lambda angles: (
        np.concatenate([np.sin(angles), np.cos(angles)], axis=1).T
    ),
}


@check
def waves(function):
    """Task 1: sine-cosine positions (places, values) along one direction."""
    for places, values in ((5, 8), (9, 12)):
        choices = [
            (f"{first} {second}".strip(), layout(angles))
            for first, angles in _angles(places, values // 2).items()
            for second, layout in LAYOUTS.items()
        ]
        right = choices[0][1]
        whole = np.arange(places)[:, None] / 10_000 ** (np.arange(values) / values)
        mistakes = {
            "You have a sine at each of `values` speeds, and no cosines. A sine alone has the same "
            "value at several places.": np.sin(whole),
            "There are `values` sines and as many cosines: twice as many numbers as there should "
            "be.": np.concatenate([np.sin(whole), np.cos(whole)], axis=1),
            **dict(choices[1:]),
        }
        same(call(function, places, values), right, mistakes, "(places, values)")
    return "A clock for each place, and no two of them show the same."


@check
def positions(function):
    """Task 2: sine-cosine positions (rows * columns, values) of a grid."""
    for rows, columns, values in ((3, 4, 8), (5, 2, 12)):
        count, half = rows * columns, values // 2
        row, column = np.divmod(np.arange(count), columns)
        y, x = _waves(row, half), _waves(column, half)
        right = np.concatenate([y, x], axis=1)
        wrong_row, wrong_column = np.divmod(np.arange(count), rows)
        quarters = right.reshape(count, 2, 2, -1).transpose(0, 2, 1, 3).reshape(count, -1)
        upright = right.reshape(rows, columns, values).transpose(1, 0, 2).reshape(count, values)
        rows_only = "These positions know the row, but not the column: {}."
        columns_only = "These positions know the column, but not the row: {}."
        mistakes = {
            "The halves are swapped: the waves of the row come before those of the column.": (
                np.concatenate([x, y], axis=1)
            ),
            rows_only.format("half of the values are missing"): y,
            rows_only.format("all values are waves of the row"): _waves(row, values),
            rows_only.format("both halves are waves of the row"): np.concatenate([y, y], axis=1),
            columns_only.format("half of the values are missing"): x,
            columns_only.format("all values are waves of the column"): _waves(column, values),
            columns_only.format("both halves are waves of the column"): np.concatenate(
                [x, x], axis=1
            ),
            "You numbered the patches 0, 1, 2, ... and took waves of that number. So the end of a "
            "row and the start of the next one pass for neighbours.": _waves(
                np.arange(count), values
            ),
            "You added the waves of row and column. Then row 1, column 2 is the same place as row "
            "2, column 1. They should stand side by side.": _waves(row, values)
            + _waves(column, values),
            "You added the waves of row and column, and half of the values are missing. They "
            "should stand side by side.": y + x,
            "The positions are right, but the places come column by column. Patches come row by "
            "row.": upright,
            "You begin a new row after as many patches as there are *rows*. This works for square "
            "grids only.": np.concatenate(
                [_waves(wrong_row, half), _waves(wrong_column, half)], axis=1
            ),
            "The positions are right, but still laid out as a grid. Each should be one row of a "
            "table of two axes.": right.reshape(rows, columns, values),
            "Each direction has `values` numbers, so both together have twice as many as a "
            "token.": np.concatenate([_waves(row, values), _waves(column, values)], axis=1),
            "All sines come first, then all cosines. Here the row's sines and cosines come first, "
            "then the column's.": quarters,
            "There is one position for each row of the grid. There should be one for each patch.": (
                _waves(np.arange(rows), values)
            ),
        }
        same(call(function, rows, columns, values), right, mistakes, "(rows × columns, values)")
    return "Every patch knows its row and its column, on any grid."
