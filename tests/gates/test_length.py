"""A file that wants to be longer holds two things."""

from support.checkout import ROOT, python_files

LONGEST = 400


def test_no_python_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files("console", "tests", "benchmarks")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
