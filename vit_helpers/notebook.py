"""What the notebooks show of the package and of the machine they run on."""

import importlib.metadata
import inspect
import platform

import jax
from IPython.display import Markdown

from . import machine


def show_source(thing):
    """The source of a function or class of this package, as a highlighted cell output."""
    return Markdown(f"```python\n{inspect.getsource(thing)}```")


def show_table(rows, header):
    """Rows of values as a rendered table with the column names `header`."""
    lines = [header, ["---"] * len(header), *rows]
    return Markdown("\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines))


def this_machine():
    """{what: value} of the machine: cores, memory, accelerator, and the versions that matter."""
    devices = {device.device_kind for device in jax.devices() if device.platform != "cpu"}
    versions = {name: importlib.metadata.version(name) for name in ("keras", "jax", "numpy")}
    return {
        "cores": machine.cores(),
        "memory": f"{machine.memory()[0] / 2**30:.1f} GB",
        "large memory pages": "on" if machine.large_pages() else "off",
        "accelerator": ", ".join(sorted(devices)) or "none (not needed)",
        "Python": platform.python_version(),
        **versions,
    }
