"""Self-check of task 2 of notebook 04: positions in a grid."""

import numpy as np

from .arithmetic import positions as right_positions
from .arithmetic import waves as _waves
from .compare import Case, compare, mistakes_of
from .verdict import check

# Row and column of each place of a grid, and the waves of both; {what to say: what is done}.
ROWS_ONLY = "These positions know the row, but not the column: {}."
COLUMNS_ONLY = "These positions know the column, but not the row: {}."
GRID = {
    "": lambda rows, columns: np.divmod(np.arange(rows * columns), columns),
    "The halves are swapped: the waves of the row come before those of the column.": (
        lambda rows, columns: np.divmod(np.arange(rows * columns), columns)[::-1]
    ),
    "The positions are right, but the places come column by column. Patches come row by row.": (
        lambda rows, columns: np.divmod(np.arange(rows * columns), rows)[::-1]
    ),
    "You begin a new row after as many patches as there are *rows*. This works for square grids "
    "only.": lambda rows, columns: np.divmod(np.arange(rows * columns), rows),
    ROWS_ONLY.format("both halves are waves of the row"): (
        lambda rows, columns: [np.arange(rows * columns) // columns] * 2
    ),
    COLUMNS_ONLY.format("both halves are waves of the column"): (
        lambda rows, columns: [np.arange(rows * columns) % columns] * 2
    ),
    "Your rows and columns are counted from 1. The first ones have the number 0.": (
        lambda rows, columns: [i + 1 for i in np.divmod(np.arange(rows * columns), columns)]
    ),
    "Your rows are counted from the bottom.": lambda rows, columns: (
        rows - 1 - np.arange(rows * columns) // columns, np.arange(rows * columns) % columns,
    ),
    "The number of the row has what comes after the point: it grows from patch to patch.": (
        lambda rows, columns: (
            np.arange(rows * columns) / columns, np.arange(rows * columns) % columns,
        )
    ),
    "You repeat the list of the rows as a whole, instead of each of them: after one row comes "
    "the next already in its second patch.": lambda rows, columns: (
        np.arange(rows * columns) % rows, np.arange(rows * columns) % columns,
    ),
    "You repeat each column, instead of the list of them as a whole: one row of the grid seems to "
    "have one column only.": lambda rows, columns: (
        np.arange(rows * columns) // columns, np.arange(rows * columns) // rows,
    ),
}  # fmt: skip
BOTH = {
    "": lambda y, x, values: np.concatenate(
        [_waves(y, values // 2), _waves(x, values // 2)], axis=1
    ),
    "Each direction has `values` numbers, so both together have twice as many as a token.": (
        lambda y, x, values: np.concatenate([_waves(y, values), _waves(x, values)], axis=1)
    ),
    "You added the waves of row and column. Then row 1, column 2 is the same place as row 2, "
    "column 1. They should stand side by side.": (
        lambda y, x, values: _waves(y, values) + _waves(x, values)
    ),
    "You added the waves of row and column, and half of the values are missing. They should stand "
    "side by side.": lambda y, x, values: _waves(y, values // 2) + _waves(x, values // 2),
    "You multiplied the waves of row and column. They should stand side by side.": (
        lambda y, x, values: _waves(y, values) * _waves(x, values)
    ),
    "You took half of longer waves: the first numbers of each are sines only.": (
        lambda y, x, values: np.concatenate(
            [_waves(y, values)[:, : values // 2], _waves(x, values)[:, : values // 2]], axis=1
        )
    ),
    "The row has sines only and the column cosines only: you took half of longer waves.": (
        lambda y, x, values: np.concatenate(
            [_waves(y, values)[:, : values // 2], _waves(x, values)[:, values // 2 :]], axis=1
        )
    ),
    "All sines come first, then all cosines. Here the row's sines and cosines come first, then the "
    "column's.": lambda y, x, values: (
        BOTH[""](y, x, values).reshape(len(y), 2, 2, -1).transpose(0, 2, 1, 3).reshape(len(y), -1)
    ),
    "The waves of row and column take turns. They should stand side by side, each as a whole.": (
        lambda y, x, values: np.stack(
            [_waves(y, values // 2), _waves(x, values // 2)], axis=-1
        ).reshape(len(y), -1)
    ),
    "The waves of the columns lie below those of the rows, as more places. They should stand side "
    "by side.": lambda y, x, values: np.concatenate(
        [_waves(y, values // 2), _waves(x, values // 2)]
    ),
    "Row and column have an axis of their own. Their waves should stand side by side.": (
        lambda y, x, values: np.stack([_waves(y, values // 2), _waves(x, values // 2)], axis=1)
    ),
    ROWS_ONLY.format("half of the values are missing"): lambda y, x, values: _waves(y, values // 2),
    ROWS_ONLY.format("all values are waves of the row"): lambda y, x, values: _waves(y, values),
    COLUMNS_ONLY.format("half of the values are missing"): (
        lambda y, x, values: _waves(x, values // 2)
    ),
    COLUMNS_ONLY.format("all values are waves of the column"): lambda y, x, values: _waves(
        x, values
    ),
    "These are the numbers of row and column. Their waves were wanted.": (
        lambda y, x, values: np.stack([y, x], axis=1)
    ),
}


def _grid_mistakes(rows, columns, values):
    places = np.arange(rows * columns)
    half = values // 2
    return {
        "You numbered the patches 0, 1, 2, ... and took waves of that number. So the end of a row "
        "and the start of the next one pass for neighbours.": _waves(places, values),
        "You numbered the patches 0, 1, 2, ... and took waves of that number, twice.": (
            np.concatenate([_waves(places, half)] * 2, axis=1)
        ),
        "The row is right. In place of the column stands the number of the patch.": (
            BOTH[""](places // columns, places, values)
        ),
        "The column is right. In place of the row stands the number of the patch.": (
            BOTH[""](places, places % columns, values)
        ),
        "The positions are right, but still laid out as a grid. Each should be one row of a table "
        "of two axes.": right_positions(rows, columns, values).reshape(rows, columns, values),
        "There is one position for each row of the grid. There should be one for each patch.": (
            _waves(np.arange(rows), values)
        ),
        "There is one position for each row of the grid, with half of the values. There should be "
        "one for each patch.": _waves(np.arange(rows), half),
        "There is one position for each column of the grid. There should be one for each patch.": (
            _waves(np.arange(columns), values)
        ),
        "First come positions for the rows of the grid, then for its columns. There should be one "
        "for each patch.": np.concatenate(
            [_waves(np.arange(rows), values), _waves(np.arange(columns), values)]
        ),
        "First come positions for the rows of the grid, then for its columns, with half of the "
        "values. There should be one for each patch.": np.concatenate(
            [_waves(np.arange(rows), half), _waves(np.arange(columns), half)]
        ),
        **mistakes_of(lambda grid, both: both(*grid(rows, columns), values), GRID, BOTH),
    }


@check
def positions(function):
    """Task 2: sine-cosine positions (rows * columns, values) of a grid."""
    cases = [
        Case(given, right_positions(*given), lambda given=given: _grid_mistakes(*given))
        for given in ((3, 4, 8), (5, 2, 12), (3, 3, 8))
    ]
    compare(function, cases, "(rows × columns, values)")
    return "Every patch knows its row and its column, on any grid."
