"""The location of the checkout, and the files in it that belong to the project.

The gates read the sources of the checkout, even if the `console` that Python imports is an
installed wheel.
"""

import fnmatch
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def project_files() -> list[Path]:
    """Return all files of the project: git's list, or without git those not in .gitignore."""
    return sorted(path for path in _from_git("-co") or _walk(ROOT) if path.is_file())


def top_level() -> set[str]:
    """Return the names at the root of the repository; without git, those not ignored."""
    tracked = _from_git("-c")
    files = tracked or list(_walk(ROOT))
    return {path.relative_to(ROOT).parts[0] for path in files}


def python_files(*folders: str) -> list[Path]:
    """Return the Python files of the project in some folders at the root."""
    wanted = set(folders)
    return [
        path
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in wanted
    ]


def _from_git(kind: str) -> list[Path]:
    """Return git's list if ROOT is the top of a repository; otherwise, or without git, nothing."""
    if not (ROOT / ".git").exists():
        return []
    try:
        done = subprocess.run(
            ["git", "ls-files", kind, "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return []
    return [ROOT / name for name in done.stdout.split("\0") if name]


def _walk(folder: Path) -> Iterator[Path]:
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()] + [".git"]
    for path in folder.iterdir():
        if any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
