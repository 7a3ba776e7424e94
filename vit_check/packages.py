"""The Python and the packages that are installed, beside those that the series asks for.

Imports nothing that may be missing: this is what says that something is.
"""

import importlib.metadata
import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "vit-helpers"


def in_checkout():
    """Whether this package lies in the folder of the series, not among the installed packages."""
    return (ROOT / "pyproject.toml").is_file()


def needed_python():
    """The oldest Python that will do, as a tuple of two numbers."""
    if in_checkout():
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        text = re.search("^requires-python = (.+)$", text, re.MULTILINE).group(1)
    else:
        text = importlib.metadata.metadata(NAME)["Requires-Python"]
    return tuple(map(int, re.search(r">=\s*(\d+)\.(\d+)", text).groups()))


def ranges():
    """What pyproject.toml asks for: packages and the versions that the series supports."""
    if not in_checkout():
        return _requirements(importlib.metadata.requires(NAME))
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return _requirements(project["dependencies"] + project["optional-dependencies"]["notebooks"])


def pins():
    """What requirements.txt asks for: one version of each; empty where the file is not there."""
    file = ROOT / "requirements.txt"
    if not (in_checkout() and file.is_file()):
        return []
    return _requirements(file.read_text(encoding="utf-8").splitlines())


def _requirements(lines):
    from packaging.requirements import Requirement

    found = [Requirement(line) for line in lines if line.strip() and line[0] not in "#-"]
    return [one for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def compare():
    """(wrong, drifted, number): what is missing or out of range, what is in range but not as
    pinned, and how many packages were looked for."""
    supported = {one.name.lower(): one.specifier for one in ranges()}
    pinned = {one.name.lower(): one.specifier for one in pins()}
    wrong, drifted = [], []
    for name in sorted({**supported, **pinned}):
        has, pin, range_ = version(name), pinned.get(name), supported.get(name)
        if has is None:
            wrong.append(f"{name} is missing (needs {pin or range_ or 'any version'})")
        elif range_ is not None and not range_.contains(has, prereleases=True):
            wrong.append(f"{name} is {has} (needs {range_})")
        elif pin is not None and not pin.contains(has, prereleases=True):
            drifted.append(f"{name} is {has} (pinned {pin})")
    return wrong, drifted, len({**supported, **pinned})


def version(name):
    """The version of an installed package, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def mend():
    """The command that installs what the series asks for."""
    python = shlex.quote(sys.executable)
    if not in_checkout():
        wanted = [line for line in importlib.metadata.requires(NAME) if ";" not in line]
        return f"{python} -m pip install --upgrade " + " ".join(map(shlex.quote, wanted))
    if Path(sys.prefix).resolve() == (ROOT / ".venv").resolve():
        return "rm -rf .venv && make check"
    if sys.prefix == sys.base_prefix:
        return "make check (it makes an environment with the pinned packages, and looks there)"
    return f"{python} -m pip install -r {shlex.quote(str(ROOT / 'requirements.txt'))}"
