"""Inside one run of pytest: every test once as things are, then each mutant in a child of this very process.

A child is forked with the database made and the tests collected; it puts the mutant's code in the place of the
function's and runs the tests that came by the mutated statement, the quickest first, until one fails.
"""

import ast
import importlib
import json
import os
import random
import select
import signal
import sys
import time
import types
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import hypothesis
import pytest

from tests.mutants import operators

LONGEST = 120  # seconds for one mutant; none of these tests waits so long for anything
BY_TEST: dict[str, tuple[float, set[int]]] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Without what a person would want of a failure: here it is enough that there is one."""
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    how = {"max_examples": 20, "deadline": None, "database": None, "derandomize": True, "phases": phases}
    hypothesis.settings.register_profile("mutants", **how)
    hypothesis.settings.load_profile("mutants")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    name = os.environ["MUTANTS_OF"]
    module = importlib.import_module(name)
    source = Path(module.__file__).read_text("utf-8")
    hits: set[int] = set()
    module.__dict__["_came_by"] = hits.add
    _install(module, _watched(source))
    for item in session.items:
        hits.clear()
        began, failed = time.monotonic(), session.testsfailed
        item.ihook.pytest_runtest_protocol(item=item, nextitem=session)  # what the session set up stays
        if session.testsfailed == failed:
            BY_TEST[item.nodeid] = (time.monotonic() - began, set(hits))
    _install(module, source)
    found = [one for one in operators.mutants(source) if one.qualname or _uses(module, one.line)]
    dice = random.Random(os.environ["MUTANTS_SEED"])  # noqa: S311 - the same sample for the same number
    chosen = dice.sample(found, min(int(os.environ["MUTANTS_SAMPLE"]), len(found)))
    report = Path(os.environ["MUTANTS_REPORT"])
    known = json.loads(report.read_text("utf-8")) if report.exists() else {}
    results: dict[str, dict] = {}
    for mutant in sorted(chosen, key=lambda mutant: mutant.line):
        key = sha256(f"{source}{mutant.diff}{mutant.qualname}".encode()).hexdigest()
        before = known.get(key, {})
        outcome = before["outcome"] if before.get("outcome") == "killed" else _tried(session, module, source, mutant)
        told = {"module": name, "qualname": mutant.qualname, "diff": mutant.diff, "outcome": outcome}
        results[key] = told
        report.write_text(json.dumps(known | results), "utf-8")  # a run that is stopped goes on from here
    report.write_text(json.dumps(results | {"all": len(found), "unfit": len(session.items) - len(BY_TEST)}), "utf-8")
    session.testsfailed = 0
    return True


def _fails(
    session: pytest.Session, item: pytest.Item, module: types.ModuleType, source: str, mutant: operators.Mutant
) -> bool:
    """Whether a test failed by the mutant, and not by the time that this machine took."""
    _install(module, source)
    session.testsfailed = 0
    item.ihook.pytest_runtest_protocol(item=item, nextitem=session)
    _install(module, mutant.source, mutant)
    return not session.testsfailed


def _tried(session: pytest.Session, module: types.ModuleType, source: str, mutant: operators.Mutant) -> str:
    lines = {mutant.line} if mutant.qualname else _uses(module, mutant.line)
    tests = [item for item in session.items if item.nodeid in BY_TEST and lines & BY_TEST[item.nodeid][1]]
    tests.sort(key=lambda item: BY_TEST[item.nodeid][0])
    if not tests:
        return "untested"
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        try:
            _install(module, mutant.source, mutant)
            session.testsfailed = 0
            for item in tests:
                item.ihook.pytest_runtest_protocol(item=item, nextitem=session)
                if session.testsfailed and mutant.qualname and not mutant.undecorated:
                    session.testsfailed = _fails(session, item, module, source, mutant)
                if session.testsfailed:
                    break
            os.write(write, b"killed" if session.testsfailed else b"survived")
        except BaseException:  # of this very file: what a test raises is caught as its failure
            os.write(write, b"broken")
        finally:
            os._exit(0)
    os.close(write)
    ready, _w, _x = select.select([read], [], [], LONGEST)
    outcome = os.read(read, 20).decode() if ready else "hung"
    os.close(read)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return outcome or "died"


def _uses(module: types.ModuleType, line: int) -> set[int]:
    """The lines of statements in functions that name the constant set on `line`, or one that is made of it."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    constants = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    named: set[str] = set()
    for node in constants:
        if node.lineno == line or named & _names(node.value):
            named |= {each.id for each in ast.walk(node) if isinstance(getattr(each, "ctx", None), ast.Store)}
    inner = (each for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for each in ast.walk(node))
    return {
        each.lineno
        for each in inner
        if isinstance(each, ast.stmt) and not isinstance(each, ast.FunctionDef) and named & _names(each)
    }


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


# --- putting code in the place of code ---------------------------------------------------------------


def _watched(source: str) -> str:
    """`source`, whose every statement of a function says that it was come by."""
    tree = ast.parse(source)
    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        for node in ast.walk(function):
            for field in ("body", "orelse", "finalbody"):
                body = getattr(node, field, None)
                if isinstance(body, list):
                    setattr(node, field, [each for stmt in body for each in (_says(stmt), stmt) if each])
    return ast.unparse(ast.fix_missing_locations(tree))


def _says(stmt: ast.stmt) -> ast.stmt | None:
    if getattr(stmt, "said", False) or isinstance(stmt, ast.Nonlocal):
        return None
    stmt.said = True  # type: ignore[attr-defined]
    call = ast.parse(f"_came_by({stmt.lineno})").body[0]
    call.said = True  # type: ignore[attr-defined]
    return call


def _install(module: types.ModuleType, source: str, mutant: operators.Mutant | None = None) -> None:
    codes = dict(_codes(compile(source, module.__file__, "exec")))
    wanted = {mutant.qualname} if mutant else {name for name, _function in _live(module)}
    for name, function in _live(module):
        if name in wanted and name in codes:
            function.__code__ = codes[name]
    if mutant and mutant.undecorated:
        decorated = getattr(module, mutant.qualname)
        _everywhere(decorated, decorated.__wrapped__)
    if mutant and not mutant.qualname:
        names = dict(vars(module))
        old = dict(names)
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                exec(compile(ast.Module([node], []), module.__file__, "exec"), names)  # noqa: S102
        for name, value in names.items():
            if name in old and value is not old[name]:
                _everywhere(old[name], value, name)


def _everywhere(old: object, new: object, name: str = "") -> None:
    for each in list(sys.modules.values()):
        for key, value in list(getattr(each, "__dict__", {}).items()):
            if value is old and name in {"", key}:
                setattr(each, key, new)


def _codes(code: types.CodeType, prefix: str = "") -> Iterator[tuple[str, types.CodeType]]:
    for each in code.co_consts:
        if isinstance(each, types.CodeType) and each.co_name != "<lambda>":
            yield each.co_qualname, each
            if "." not in each.co_qualname:
                yield from _codes(each)


def _live(module: types.ModuleType) -> Iterator[tuple[str, types.FunctionType]]:
    for name, value in vars(module).items():
        if getattr(value, "__module__", "") != module.__name__:
            continue
        inner = vars(value).items() if isinstance(value, type) else [("", value)]
        for attribute, each in inner:
            function = getattr(each, "fget", None) or getattr(each, "func", None) or each
            while hasattr(function, "__wrapped__"):
                function = function.__wrapped__
            if isinstance(function, types.FunctionType) and function.__code__.co_filename == module.__file__:
                yield f"{name}.{attribute}".rstrip("."), function
