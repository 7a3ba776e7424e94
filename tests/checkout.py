"""A copy of the repository as a fresh clone has it, for tests that change or serve it."""

import shutil

from tools.make_bundle import tracked
from vit_check.packages import ROOT


def copy_tracked(folder):
    """Copy the files that git tracks into `folder`."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
