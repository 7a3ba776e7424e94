"""What stands beside the code: licences, citation, changes, CI, the first screen of the README."""

import hashlib
import re

import pytest
import yaml

import vit_helpers
from tools import links, readme_picture
from vit_check.packages import ROOT

# https://www.apache.org/licenses/LICENSE-2.0.txt, byte for byte
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def rules(makefile):
    """{target: the lines of its recipe} of a Makefile, without what only silences pip."""
    found, current = {}, []
    for line in makefile.splitlines():
        if rule := re.match(r"([\w./ -]+):(?!=)", line):
            current = [found.setdefault(name, []) for name in rule[1].split()]
        elif line.startswith("\t"):
            line = line.replace("--quiet ", "").replace("--disable-pip-version-check ", "")
            for recipe in current:
                recipe.append(line.strip())
    return found


def newest_in(changelog):
    """(version, date) of the first release that a changelog names."""
    return re.search(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", changelog, re.M).groups()


def test_the_licence_of_the_code_is_apache_2():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_the_licence_of_the_words_is_cc_by_4():
    words = text("LICENSE-notebooks")
    assert "https://creativecommons.org/licenses/by/4.0/" in words
    assert "\nCreative Commons Attribution 4.0 International Public License\n" in words
    assert "see the file LICENSE." in words


def test_the_readme_says_which_licence_is_for_what():
    section = text("README.md").split("## Licence and citation")[1]
    assert re.search(r"Code.*\[Apache License 2\.0\]\(LICENSE\)", section)
    assert re.search(r"words and\s+pictures.*\[CC BY 4\.0\]\(LICENSE-notebooks\)", section, re.S)


def test_citation_and_changelog_name_this_version():
    cited = yaml.safe_load(text("CITATION.cff"))
    assert cited["cff-version"] == "1.2.0"
    assert (cited["version"], str(cited["date-released"])) == newest_in(text("CHANGELOG.md"))
    assert cited["version"] == vit_helpers.__version__
    assert cited["license"] == "Apache-2.0"
    assert cited["repository-code"] == f"https://github.com/{links.address(ROOT)}"


def test_every_release_says_what_it_brought_in_the_words_of_keep_a_changelog():
    releases = re.split(r"^## ", text("CHANGELOG.md"), flags=re.M)[1:]
    known = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    for release in releases:
        parts = re.findall(r"^### (.+)$", release, re.M)
        assert parts, release
        assert set(parts) <= known
    versions = [release.split("]")[0].lstrip("[") for release in releases]
    versions = [version for version in versions if version != "Unreleased"]
    assert versions == sorted(versions, key=lambda v: [*map(int, v.split("."))], reverse=True)


def test_the_changelog_sends_learners_to_names_that_exist():
    news = text("CHANGELOG.md").split("## [0.1.0]")[0]
    new = [row.split("|")[3] for row in news.splitlines() if row.startswith("| ")]
    lists = re.search(r"after `import vit_helpers`.*?\n- ", news, re.S)[0]
    names = re.findall(r"`(?:vit_helpers\.)?(\w+)`", lists)
    names += re.findall(r"vit_helpers\.(\w+)", " ".join(new))
    assert len(names) >= 10
    for name in set(names) - {"import", "vit_helpers"}:
        assert hasattr(vit_helpers, name), name


def test_without_make_the_same_is_installed():
    """The lines of the README are those of the Makefile, for a Python of the reader's own."""
    section = text("README.md").split("### Without make")[1]
    lines = section.split("```")[1].strip().splitlines()
    pip = "-m pip install "
    installs = [line for line in rules(text("Makefile"))[".venv/ready"] if pip in line]
    assert [f"python {pip}{line.split(pip)[1]}" for line in installs] == lines[:-1]
    assert len(installs) == 2
    program, *arguments = lines[-1].split()
    assert program == "jupyter"
    assert (ROOT / arguments[-1]).is_file()


@pytest.mark.parametrize(
    "page", ["README.md", "TEACHING.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
)
def test_pages_name_only_commands_and_files_that_exist(page):
    targets, code = rules(text("Makefile")), text(page)
    code = " ".join(re.findall(r"```\n.*?```|`[^`\n]+`", code, re.S))
    for target in re.findall(r"^(?:\w+=\S+ )*make ([a-z-]+)|`make ([a-z-]+)", code, re.M):
        assert (target[0] or target[1]) in targets, target
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text(page)):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_ci_runs_only_what_the_makefile_has(workflow):
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    steps = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    called = re.findall(r"^\s*make ([\w-]+)", "\n".join(steps), re.M)
    assert set(called) <= set(rules(text("Makefile")))
    assert {"quick-test", "test"} <= set(called)
    assert {job["needs"] for job in jobs.values() if "needs" in job} <= set(jobs)


def test_the_picture_of_the_readme_is_that_of_notebook_00():
    """If not: run tools/readme_picture.py; `make notebooks` does."""
    png, alt = readme_picture.overview(ROOT)
    assert (ROOT / readme_picture.PICTURE).read_bytes() == png
    assert f"![{alt}]({readme_picture.PICTURE})" in text("README.md")


def test_a_new_picture_brings_its_alt_text():
    page = readme_picture.with_picture("a ![old](docs/overview.png) b ![x](y.png)", r"new \1")
    assert page == r"a ![new \1](docs/overview.png) b ![x](y.png)"


def test_the_first_screen_is_short():
    """What it is, the picture, two commands, the table; no heading before the table."""
    first = text("README.md").split("\n## ")[0]
    commands = first.split("```")[1].strip().splitlines()
    assert [command.split("#")[0].strip() for command in commands] == ["make lab", "make run"]
    assert first.index("docs/overview.png") < first.index("make lab") < first.index("| notebook |")
    words = re.sub(r"\]\([^)]*\)", "]", first.split("| notebook |")[0])
    assert len(words.split()) <= 120
