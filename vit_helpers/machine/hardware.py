"""What the machine is that this process runs on, in words."""

import importlib.metadata
import platform

import jax

from vit_check import hardware


def accelerator():
    """The names of the devices that are no processor, or that there are none."""
    devices = {device.device_kind for device in jax.devices() if device.platform != "cpu"}
    return ", ".join(sorted(devices)) or "none (not needed)"


def this_machine():
    """{what: value} of the machine: cores, memory, accelerator, and the versions that matter."""
    versions = {name: importlib.metadata.version(name) for name in ("keras", "jax", "numpy")}
    return {
        "cores": hardware.cores(),
        "memory": f"{hardware.memory()[0] / 2**30:.1f} GB",
        "huge pages": "on" if hardware.huge_pages() else "off",
        "accelerator": accelerator(),
        "Python": platform.python_version(),
        **versions,
    }
