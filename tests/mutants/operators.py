"""Small faults that a person might write, one at a time: what a test that means something has to notice. Pure.

Sentences that people are shown are left as they are: `_("…")` and its like. So are `assert`, which narrows types here,
and what stands in a signature.
"""

import ast
import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
TURNED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
}
NARROWING = {"exclude", "filter", "order_by", "strip", "lower", "removesuffix"}
SENTENCES = {"_", "gettext_lazy", "ngettext"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """`source` with one fault, within the function `qualname` ("" for a constant of the module) at the statement that
    begins on `line`.
    """

    qualname: str
    line: int
    diff: str
    source: str
    undecorated: bool = False


def mutants(source: str) -> Iterator[Mutant]:
    for qualname, function in _functions(ast.parse(source)):
        if not isinstance(function, ast.Assign | ast.AnnAssign):
            for decorator in function.decorator_list:
                yield _mutant(source, qualname, function.body[0].lineno, decorator, None, undecorated=True)
        for line, node, other in _faults(function):
            yield _mutant(source, qualname, line, node, other)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.Assign | ast.AnnAssign]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            yield "", node


def _faults(node: ast.AST, line: int = 0) -> Iterator[tuple[int, ast.AST, ast.AST]]:
    """(line of the statement, what stands there, what stands there instead), in and below `node`."""
    if isinstance(node, ast.Assert | ast.JoinedStr) or (isinstance(node, ast.Expr) and _is_text(node.value)):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SENTENCES:
        return
    line = node.lineno if isinstance(node, ast.stmt) else line
    yield from ((line, old, new) for old, new in _here(node))
    for field, value in ast.iter_fields(node):
        if field in {"args", "decorator_list", "returns", "annotation", "targets"} and isinstance(node, ast.stmt):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _faults(child, line)


def _here(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in FLIPPED:
            yield node, _with(node, ops=[FLIPPED[type(op)]()])
        case ast.BoolOp():
            yield node, _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield node, node.operand
        case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.Compare | ast.UnaryOp):
            yield node.test, ast.UnaryOp(ast.Not(), node.test)
        case ast.Constant(value=bool()):
            yield node, ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            yield node, ast.Constant(node.value + 1)
        case ast.Constant(value=str()):
            yield node, ast.Constant(f"X{node.value}")
        case ast.BinOp() if type(node.op) in TURNED and not _is_text(node.left):
            yield node, _with(node, op=TURNED[type(node.op)]())
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield node, ast.Return(ast.Constant(None))
        case ast.Raise() | ast.AugAssign() | ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Attribute()]):
            yield node, ast.If(ast.Constant(False), [node], [])
        case ast.Break():
            yield node, ast.Continue()
        case ast.Continue():
            yield node, ast.Break()
        case ast.Call(func=ast.Attribute(value=whole, attr=name)) if name in NARROWING:
            yield node, whole
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            yield node, _with(node, keywords=[each for each in node.keywords if each is not keyword])


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _mutant(
    source: str, qualname: str, line: int, node: ast.AST, other: ast.AST | None, *, undecorated: bool = False
) -> Mutant:
    """The same source but for the characters of `node`, so that all else in it stays on its line."""
    lines = source.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]  # type: ignore[attr-defined]
    if undecorated:
        text = "(lambda function: function)"
    elif isinstance(other, ast.If):
        text = f"if False: {' '.join(ast.unparse(other.body[0]).split())}"
    else:
        text = ast.unparse(other) if isinstance(other, ast.stmt) else f"({ast.unparse(other)})"
    lines[first : last + 1] = [before + text.encode() + after]
    mutated = b"".join(lines).decode()
    diff = list(difflib.unified_diff(source.splitlines(), mutated.splitlines(), lineterm="", n=0))[3:]
    return Mutant(qualname, line, "\n".join(diff), mutated, undecorated)
