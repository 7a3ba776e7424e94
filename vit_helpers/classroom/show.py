"""What the notebooks show of the package: the source of a layer, a table."""

import inspect

from IPython.display import Markdown


def show_source(thing):
    """The source of a function or class of this package, as a highlighted cell output."""
    return Markdown(f"```python\n{inspect.getsource(thing)}```")


def show_table(rows, header):
    """Rows of values as a rendered table with the column names `header`."""
    lines = [header, ["---"] * len(header), *rows]
    return Markdown("\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines))
