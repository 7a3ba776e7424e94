"""Stamp the address of the repository into pyproject.toml, and from there wherever it is needed.

That is the badges and links of README.md, the address in CITATION.cff, the line below the title of
each notebook, and the set-up cell of each notebook, exercise and solution.
"""

import re
import sys
import tomllib

import nbformat

from vit_check.packages import ROOT
from vit_helpers.machine.cache import write_atomically

ADDRESS = re.compile(
    r"((?:git\+|git clone |repository-code: \")https://github\.com/|https://mybinder\.org/v2/gh/"
    r"|https://colab\.research\.google\.com/github/)[\w.-]+/[\w.-]+"
)
USAGE = "usage: make links REPO=owner/name, as in https://github.com/owner/name"


def address(root):
    """The owner/name that stands in pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removeprefix("https://github.com/")


def launch_line(notebook, repo):
    """Links that open `notebook`, a path in the repository; without pictures, so that it is whole
    offline and on Colab."""
    binder = f"https://mybinder.org/v2/gh/{repo}/HEAD?urlpath=lab/tree/{notebook}"
    colab = f"https://colab.research.google.com/github/{repo}/blob/main/{notebook}"
    return f"[Open in Binder]({binder}) · [Open in Colab]({colab})"


def with_launch_line(text, line, comment=""):
    """`text` with `line` below its first title; `comment` begins each line of it."""
    blank = comment.strip()
    title = rf"^{comment}# .+\n(?={blank}\n)(?:{blank}\n{comment}\[Open in Binder\].*\n)?"
    return re.sub(
        title,
        lambda found: f"{found[0].splitlines()[0]}\n{blank}\n{comment}{line}\n",
        text,
        count=1,
        flags=re.MULTILINE,
    )


def stamped(path, root, repo):
    """The text of the file `path` with all its addresses those of `repo`."""
    text = ADDRESS.sub(rf"\g<1>{repo}", path.read_text(encoding="utf-8"))
    if path.parent != root / "notebooks":
        return text
    line = launch_line(f"notebooks/{path.stem}.ipynb", repo)
    if path.suffix == ".py":
        return with_launch_line(text, line, "# ")
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells[0].source = with_launch_line(notebook.cells[0].source, line)
    return nbformat.writes(notebook) + "\n"


def files(root):
    """Every file that holds the address of the repository, but for pyproject.toml."""
    notebooks = root / "notebooks"
    folders = (notebooks, notebooks / "exercises", notebooks / "solutions")
    pairs = [path for folder in folders for path in folder.glob("*[0-9][0-9]_*.*")]
    pairs = sorted(path for path in pairs if path.suffix in (".py", ".ipynb"))
    return pairs + sorted([*root.glob("*.md"), root / "CITATION.cff"])


def stamp(root, repo):
    """Write `repo` into all files of the project at `root`; returns those that changed.

    Raises ValueError unless `repo` has the form owner/name.
    """
    if not re.fullmatch(r"[A-Za-z0-9-]+/[\w.-]*\w", repo, re.ASCII):
        raise ValueError(f"REPO={repo!r} must have the form owner/name\n{USAGE}")
    project = root / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    line = rf'\g<1>"https://github.com/{repo}"'
    texts = {project: re.sub(r'^(Repository = )"[^"]*"', line, text, count=1, flags=re.MULTILINE)}
    texts |= {path: stamped(path, root, repo) for path in files(root)}
    changed = [path for path, new in texts.items() if new != path.read_text(encoding="utf-8")]
    for path in changed:
        write_atomically(path, lambda file, text=texts[path]: file.write(text.encode()))
    return changed


def main():
    if len(sys.argv) != 2:
        sys.exit(USAGE)
    try:
        changed = stamp(ROOT, sys.argv[1])
    except ValueError as error:
        sys.exit(str(error))
    print(f"{sys.argv[1]}: {len(changed)} files changed")


if __name__ == "__main__":
    main()
