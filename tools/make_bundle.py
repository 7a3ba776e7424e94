"""Pack wheels, notebooks, helpers and cached datasets into one file, for a room without network."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
import tomllib
from pathlib import Path

from vit_check.hardware import cache_folder
from vit_check.packages import ROOT
from vit_helpers import load_dataset

PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
PLATFORM = sysconfig.get_platform()
FOLDER = "vit-workshop"
INSTALL = f"""The ViT workshop, without network

You need {PYTHON} and make, on the kind of machine that this file was made on ({PLATFORM}).
Unpack it onto the disk (not onto the stick), then type in the folder {FOLDER}:

    make check      installs the packages into .venv and says whether your machine is ready
    make lab        opens the notebooks

The packages come from wheels/, the datasets from cache/. README.md says more.
"""


def wheels(folder):
    """Put wheels of all pinned packages for this Python and this platform into `folder`.

    And of what builds the helpers themselves there.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    needed = ["-r", ROOT / "requirements.txt", *project["build-system"]["requires"]]
    subprocess.run([*pip, *needed, "-w", folder], check=True)
    (folder / "python").write_text(f"{PYTHON}\n")


def tracked():
    """The files of the repository, as paths below its root."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if name]


def anonymous(member):
    """A member of the archive without the user who made it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def main():
    started = time.monotonic()
    load_dataset("shapes100")  # drawn where it is not there yet
    target = ROOT / "build" / f"{FOLDER}-{PLATFORM}-{PYTHON}.tar"
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory() as scratch, tarfile.open(part, "w") as bundle:
            wheels(Path(scratch))
            (Path(scratch) / "INSTALL").write_text(INSTALL)

            def add(path, name):
                bundle.add(path, f"{FOLDER}/{name}", recursive=False, filter=anonymous)

            add(Path(scratch) / "INSTALL", "INSTALL")
            for name in tracked():
                add(ROOT / name, name)
            for path in sorted(Path(scratch).iterdir()):
                add(path, f"wheels/{path.name}")
            for path in sorted(cache_folder().glob("*.npz")):
                add(path, f"cache/{path.name}")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    print(
        f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.0f} MB "
        f"in {time.monotonic() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
