"""Make notebooks/exercises from notebooks/solutions: the same, without cells tagged `solution`."""

import jupytext
from nbconvert.preprocessors import TagRemovePreprocessor

from vit_check.packages import ROOT
from vit_helpers.machine.cache import write_atomically

SOLUTIONS = ROOT / "notebooks" / "solutions"
EXERCISES = ROOT / "notebooks" / "exercises"
FORMATS = {"py": "py:percent", "ipynb": "ipynb"}


def exercise(path):
    """{suffix: text} of the pair that one solution makes."""
    notebook, _ = TagRemovePreprocessor(remove_cell_tags={"solution"}).preprocess(
        jupytext.read(path), {}
    )
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i}"
    return {suffix: jupytext.writes(notebook, fmt=fmt) for suffix, fmt in FORMATS.items()}


def main():
    EXERCISES.mkdir(exist_ok=True)
    for path in sorted(SOLUTIONS.glob("*.py")):
        for suffix, text in exercise(path).items():
            name = path.stem.replace("solution", "exercise")
            target = EXERCISES / f"{name}.{suffix}"
            write_atomically(target, lambda file, text=text: file.write(text.encode()))


if __name__ == "__main__":
    main()
