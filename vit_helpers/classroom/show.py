"""What the notebooks show of the package: the source of a layer, a table."""

import inspect
import re
import textwrap

from IPython.display import HTML, Markdown
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

NUMBER = re.compile(r"\**[-+±<]? ?[\d.,]*\d( ?(%|×|MB|s|±) ?[\d.,]*)?\**|")
# Bold and italic instead of colours, which suits light and dark; long lines scroll.
CODE = HtmlFormatter(
    style="bw", noclasses=True, nobackground=True, prestyles="white-space: pre; overflow-x: auto"
)


def show_source(thing):
    """The source of a function or class of this package, as a cell output."""
    source = textwrap.dedent(inspect.getsource(thing))
    return HTML(highlight(source, PythonLexer(), CODE))


def show_table(rows, header):
    """Rows of values as a rendered table with the column names `header`.

    Numbers stand on the right, text on the left; a column without any text is left out.
    """
    cells = [[str(value) for value in row] for row in rows]
    columns = [(name, *column) for name, *column in zip(header, *cells, strict=True) if any(column)]
    sides = ["---:" if all(map(NUMBER.fullmatch, values)) else ":---" for _, *values in columns]
    names, *lines = zip(*columns, strict=True)
    return Markdown("\n".join("| " + " | ".join(line) + " |" for line in (names, sides, *lines)))
