"""The house: arrows between wings point down, and importing one leaves no trace."""

import ast
import os
import subprocess
import sys

import pytest

from vit_check.packages import ROOT

# From the top to the bottom: each may import those below it. `vit_check` is the ground.
WINGS = (
    "", "training", "classroom", "pictures", "model", "data", "machine", "checks", "vit_check",
)  # fmt: skip
FILES = sorted([*ROOT.glob("vit_helpers/**/*.py"), *ROOT.glob("vit_check/*.py")])
MOST_LINES = 250


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


def wing(module):
    package, *rest = module.split(".")
    return package if package == "vit_check" else (rest or [""])[0]


def imported(module):
    """The modules of ours that `module` imports, also from inside functions."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(filter(None, [*(parents if node.level else []), node.module]))
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            found = name if name in MODULES else name.rpartition(".")[0]
            if found in MODULES and found != module:
                yield found


def test_arrows_between_wings_point_down():
    for module in MODULES:
        for other in imported(module):
            if wing(module) != wing(other):
                assert WINGS.index(wing(module)) < WINGS.index(wing(other)), (module, other)


def test_arrows_inside_a_wing_never_form_a_ring():
    arrows = {module: set(imported(module)) for module in MODULES}
    while leaves := [module for module, others in arrows.items() if not others & set(arrows)]:
        for module in leaves:
            del arrows[module]
    assert not arrows


def test_pictures_know_no_model_and_no_data():
    for module in MODULES:
        if wing(module) == "pictures":
            assert {wing(other) for other in imported(module)} <= {"pictures", "checks"}


def test_the_check_needs_the_standard_library_alone():
    """At its start, that is: what it looks at may be missing, and then it says so."""
    for path in ROOT.glob("vit_check/*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names, path


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_files_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


TRACE = """
import importlib, os, sys
import jax._src.lru_cache, jax._src.compilation_cache, PIL.Image, matplotlib.figure

def state():
    # Each function and class of the packages that we use, by module, class and name.
    found = {}
    for name, module in list(sys.modules.items()):
        if name.startswith(("jax", "keras", "PIL", "matplotlib")) and module:
            classes = [value for value in vars(module).values() if isinstance(value, type)]
            for holder in [module, *classes]:
                for key, value in list(vars(holder).items()):
                    if callable(value):
                        found[name, getattr(holder, "__qualname__", ""), key] = id(value)
    return found

before = state()
for name in sys.argv[1:]:
    importlib.import_module(name)
after = state()
changed = [key for key in before if key in after and after[key] != before[key]]
assert not changed, changed
"""


@pytest.mark.slow
def test_importing_writes_nothing_deletes_nothing_and_patches_nothing(tmp_path):
    home = tmp_path / "home"
    compiled = home / ".cache/vit_helpers/compiled"
    compiled.mkdir(parents=True)
    for name in ("jit_f-cache", "jit_f-cache.1.part", "other"):
        (compiled / name).write_bytes(b"half an entry")
        os.utime(compiled / name, (0, 0))

    def seen():
        return {
            path.relative_to(home): (path.is_dir(), path.stat().st_mtime_ns)
            for path in home.rglob("*")
        }

    before = seen()
    environment = {name: value for name, value in os.environ.items() if name != "VIT_CACHE"}
    subprocess.run(
        [sys.executable, "-B", "-c", TRACE, *MODULES], check=True, cwd=tmp_path,
        env={**environment, "HOME": str(home), "MPLCONFIGDIR": str(tmp_path / "matplotlib")},
    )  # fmt: skip
    after = seen()
    for path in after.keys() - before.keys():
        assert path.parts[0] == ".keras", path  # Keras itself writes its settings there
    assert {path: after.get(path) for path in before} == before
