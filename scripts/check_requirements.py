"""Say whether requirements/*.txt still answer what pyproject.toml asks, without asking any index."""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")
ASKED_BY_US = "mespoints (pyproject.toml)"


def pinned(path: Path) -> tuple[dict[str, str], set[str]]:
    """Read a compiled file: the version of each package, and the names that pyproject.toml asks for itself."""
    versions: dict[str, str] = {}
    direct = set()
    for line in path.read_text().splitlines():
        if match := PINNED.match(line):
            name = canonicalize_name(match.group(1))
            versions[name] = match.group(2)
        elif ASKED_BY_US in line:
            direct.add(name)
    return versions, direct


def differences(path: Path, asked: list[str]) -> list[str]:
    """List, in French, what a compiled file lacks or has too much of."""
    versions, direct = pinned(path)
    requirements = [Requirement(text) for text in asked]
    problems = []
    for requirement in requirements:
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            problems.append(f"{path.name} : {requirement} n'y est pas (trouvé : {version}).")
    too_many = direct - {canonicalize_name(requirement.name) for requirement in requirements}
    return problems + [f"{path.name} : {name} n'est plus demandé." for name in sorted(too_many)]


def main() -> int:
    """Compare the files; exit code 1 when one is behind."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    base, extras = project["dependencies"], project["optional-dependencies"]
    problems = differences(ROOT / "requirements" / "base.txt", base)
    for name, asked in extras.items():
        problems += differences(ROOT / "requirements" / f"{name}.txt", base + asked)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print("Lancez « make lock ».", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
