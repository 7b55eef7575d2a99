"""Where the checkout is, and which files in it are the project's.

The gates look at the sources beside them, also when the `console` that Python imports is an
installed wheel.
"""

import fnmatch
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def project_files() -> list[Path]:
    """All files of the project: git's list, or, without git, what .gitignore does not name."""
    return sorted(path for path in _from_git("-co") or _walk(ROOT) if path.is_file())


def top_level() -> set[str]:
    """The names at the root of the repository; without git, of the folder, less ignored ones."""
    tracked = _from_git("-c")
    files = tracked or list(_walk(ROOT))
    return {path.relative_to(ROOT).parts[0] for path in files}


def python_files(*folders: str) -> list[Path]:
    """The Python files of the project in some folders at the root."""
    wanted = set(folders)
    return [
        path
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in wanted
    ]


def _from_git(kind: str) -> list[Path]:
    """What git lists when ROOT is the top of a repository; nothing when it is not, or no git is."""
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
