"""Gate: a file or a function that is longer than this does two things."""

import ast

from support.checkout import ROOT, python_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def test_no_python_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files("console", "tests", "benchmarks")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_of_the_console_is_too_long() -> None:
    found = []
    for path in python_files("console"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    found.append(f"{where}: {node.name} has {length} lines")
    assert found == [], "\n".join(found)
