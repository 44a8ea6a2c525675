"""The texts that expressions give, as far as they are known without running them."""

from __future__ import annotations

import ast
from typing import Iterable, List, Optional

from .resolution import Loaded, Resolver
from .source_file import SourceFile

_METHODS = ("lower", "upper", "title", "capitalize", "casefold", "strip")


class Texts:
    """Reads literal texts, constants, f-strings and sums of them."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def text(self, source: SourceFile, node: Optional[ast.AST], class_name: Optional[str] = None) -> Optional[str]:
        """Return the text that an expression gives; ``class_name`` is the value of ``cls.__name__``."""
        if isinstance(node, ast.JoinedStr):
            return _joined(self.text(source, part, class_name) for part in node.values)
        if isinstance(node, ast.FormattedValue):
            plain = node.conversion == -1 and node.format_spec is None
            return self.text(source, node.value, class_name) if plain else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return _joined(self.text(source, part, class_name) for part in (node.left, node.right))
        if isinstance(node, ast.Call):
            return self._called(source, node, class_name)
        if isinstance(node, ast.Attribute) and node.attr == "__name__" and class_name is not None:
            return class_name
        found = self._resolver.value(source, node)
        return str(found.value) if isinstance(found, Loaded) and isinstance(found.value, str) else None

    def _called(self, source: SourceFile, call: ast.Call, class_name: Optional[str]) -> Optional[str]:
        function = call.func
        if call.args or call.keywords or not isinstance(function, ast.Attribute) or function.attr not in _METHODS:
            return None
        text = self.text(source, function.value, class_name)
        return str(getattr(text, function.attr)()) if text is not None else None

    def returned(self, source: SourceFile, function: ast.FunctionDef, class_name: str) -> Optional[str]:
        """Return the text that a function of one line returns for a class."""
        body = [
            node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        if len(body) != 1 or not isinstance(body[0], ast.Return):
            return None
        return self.text(source, body[0].value, class_name)


def _joined(parts: Iterable[Optional[str]]) -> Optional[str]:
    found: List[str] = []
    for part in parts:
        if part is None:
            return None
        found.append(part)
    return "".join(found)
