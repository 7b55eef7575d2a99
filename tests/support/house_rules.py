"""Rules of this project that no linter knows: functions from a parsed file to its breaches."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import PurePath
from tokenize import COMMENT, generate_tokens


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that breaks a rule, with the reason why that matters."""

    line: int
    why: str


Rule = Callable[[ast.Module, str], Iterator[Breach]]

_DAY_READERS = {"now", "utcnow", "today"}
_LOOPS = {"loop", "get_running_loop", "get_event_loop"}


@lru_cache(maxsize=1)
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return all nodes of a file, once for all rules."""
    return tuple(ast.walk(tree))


def only_the_clock_reads_the_clock(tree: ast.Module, _: str) -> Iterator[Breach]:
    """Yield uses of the clock. Facts and intents get their time at the edge, for replay."""
    why = "time enters by sources/clock.py and is handed on from there"
    for node in _nodes(tree):
        match node:
            case ast.Import(names=names) if any(each.name == "time" for each in names):
                yield Breach(node.lineno, why)
            case ast.ImportFrom(module="time"):
                yield Breach(node.lineno, why)
            case ast.Attribute(value=owner, attr=attr) if (
                attr in _DAY_READERS and _last_name(owner) in {"datetime", "date"}
            ) or (attr == "time" and _last_name(owner) in _LOOPS):
                yield Breach(node.lineno, why)


def no_task_adrift(tree: ast.Module, _: str) -> Iterator[Breach]:
    """Yield tasks that nobody awaits: they lose their exception, and may be collected early."""
    why = "spawn it in a TaskGroup"
    for node in _nodes(tree):
        match node:
            case ast.ImportFrom(module="asyncio", names=names) if {each.name for each in names} & {
                "create_task",
                "ensure_future",
            }:
                yield Breach(node.lineno, why)
            case ast.Attribute(value=owner, attr="create_task" | "ensure_future") if _last_name(
                owner
            ) in _LOOPS | {"asyncio"}:
                yield Breach(node.lineno, why)


_RENDERERS = {"Content", "Text"}
_SINK_CALLS = {"Static", "Label", "Button", "notify"}
_SINK_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}


def no_markup_from_data(tree: ast.Module, _: str) -> Iterator[Breach]:
    """Yield text that Textual would read as markup: a name could draw, or run an action.

    Text for the screen must be a literal of ours, or a Content or Text. These are made on the spot,
    or held in a name that this file annotates or assigns as one.
    """
    why = "wrap it in Content or Text: a plain string is read as markup"
    inert = _inert_names(tree)
    for node in _nodes(tree):
        for value in _sunk(node):
            if not _is_inert(value, inert):
                yield Breach(value.lineno, why)


def _sunk(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions that this node puts on the screen."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            unmarked = any(
                each.arg == "markup"
                and isinstance(each.value, ast.Constant)
                and not each.value.value
                for each in keywords
            )
            if _last_name(func) in _SINK_CALLS and not unmarked:
                yield from args[:1]
                yield from (k.value for k in keywords if k.arg in {"content", "label", "message"})
            yield from (each.value for each in keywords if each.arg in _SINK_ATTRIBUTES | {"title"})
            if _last_name(func) == "update":  # a dict has update, too: only certain strings
                yield from (each for each in args[:1] if _is_made_string(each))
        case ast.Assign(targets=targets, value=value):
            if any(
                isinstance(each, ast.Attribute) and each.attr in _SINK_ATTRIBUTES
                for each in targets
            ):
                yield value


def _is_made_string(value: ast.expr) -> bool:
    match value:
        case ast.JoinedStr():
            return True
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=left, right=right):
            return any(_is_made_string(each) or _is_literal(each) for each in (left, right))
        case ast.Call(func=ast.Attribute(attr="format" | "join", value=owner)):
            return _is_literal(owner)
        case ast.Call(func=ast.Name(id="str" | "repr")):
            return True
    return False


def _is_literal(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and (value.value is None or isinstance(value.value, str))


def _is_inert(value: ast.expr, inert: set[str]) -> bool:
    match value:
        case ast.Constant():
            return _is_literal(value)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_inert(body, inert) and _is_inert(orelse, inert)
        case ast.Starred() | ast.JoinedStr():
            return False
        case ast.Call(func=func):
            names = set(_names(func))
            return bool(names & _RENDERERS) or _last_name(func) in inert
    return _last_name(value) in inert


def _inert_names(tree: ast.Module) -> set[str]:
    """Return the names of this file that are annotated as Content or Text, or assigned one."""
    inert: set[str] = set()
    for node in _nodes(tree):
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as annotation) if _renders(annotation):
                inert.add(name)
            case ast.AnnAssign(target=target, annotation=annotation) if _renders(annotation):
                inert.add(_last_name(target))
            case ast.FunctionDef(name=name, returns=ast.expr() as returns) if _renders(returns):
                inert.add(name)
            case ast.Assign(targets=[target], value=ast.Call() as value) if _is_inert(value, set()):
                inert.add(_last_name(target))
    return inert


def _renders(annotation: ast.expr) -> bool:
    """Return True for Content, Text, or one of them or None; False if str is among them."""
    names = set(re.findall(r"\w+", ast.unparse(annotation)))
    return bool(names & _RENDERERS) and "str" not in names


def no_screen_inherits_a_screen(tree: ast.Module, _: str) -> Iterator[Breach]:
    """Two screens share a widget. A screen that inherits one shares its keys and styles unseen."""
    screens = {
        each.asname or each.name
        for node in _nodes(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("console.ui.screens")
        for each in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            plain = (b.value if isinstance(b, ast.Subscript) else b for b in node.bases)
            bases = {_last_name(base) for base in plain}
            if bases & screens:
                yield Breach(node.lineno, "let both screens compose the same widget")
            if any(base.endswith("Screen") for base in bases):
                screens.add(node.name)


LATER, UNWRITTEN, FAILING = "TO" + "DO", "NotImplemented" + "Error", "x" + "fail"
"""In two parts, like the pattern below, so that a search for unfinished work does not find them."""
_UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")


def nothing_is_half_done(tree: ast.Module, source: str) -> Iterator[Breach]:
    """Yield unfinished work, which belongs in an issue, and skipped tests without a reason."""
    lines = source.splitlines()
    tokens = generate_tokens(StringIO(source).readline) if _UNFINISHED.search(source) else ()
    for token in tokens:
        if token.type == COMMENT and _UNFINISHED.search(token.string):
            yield Breach(token.start[0], "finish it, or write an issue")
    for node in _nodes(tree):
        match node:
            case ast.Raise(exc=ast.expr() as raised) if (
                UNWRITTEN in _names(raised) and "#" not in lines[node.lineno - 1]
            ):
                yield Breach(node.lineno, "write it, or say here why it cannot be")
            case ast.Attribute(attr=name, value=owner) if (
                name in {"skip", "skipif", FAILING, "importorskip"}
                and _last_name(owner) in {"pytest", "mark"}
                and "reason=" not in lines[node.lineno - 1]
                and "#" not in lines[node.lineno - 1]
            ):
                yield Breach(node.lineno, "give the reason on this line")


def _names(node: ast.expr) -> Iterator[str]:
    """Yield the dotted names in an expression such as Content.assemble or loop()."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=owner, attr=attr):
            yield from _names(owner)
            yield attr
        case ast.Call(func=func):
            yield from _names(func)


def _last_name(node: ast.expr) -> str:
    return ["", *_names(node)][-1]


EVERYWHERE: tuple[Rule, ...] = (no_task_adrift, nothing_is_half_done)


def rules_for(path: PurePath) -> tuple[Rule, ...]:
    """Return the rules for a Python file at this path in the repository."""
    rules = list(EVERYWHERE)
    if path.is_relative_to("console/ui"):
        rules += [no_markup_from_data, no_screen_inherits_a_screen]
    reads_clock = path == PurePath("console/sources/clock.py") or path.is_relative_to(
        "console/simulator"
    )
    if path.is_relative_to("console") and not reads_clock:
        rules.append(only_the_clock_reads_the_clock)
    return tuple(rules)
