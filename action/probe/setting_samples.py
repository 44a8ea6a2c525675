"""A value that a field of a settings class takes, by its type; texts where the type says nothing of them."""

from __future__ import annotations

import enum
import json
import re
import typing
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .placeholders import NOWHERE, URL

_BY_NAME = {
    "int": 1, "float": 1.0, "bool": False, "Decimal": 1, "datetime": "2000-01-01T00:00:00", "date": "2000-01-01",
    "time": "00:00:00", "timedelta": 1, "UUID": "00000000-0000-4000-8000-000000000000", "Json": "{}", "ByteSize": 1,
    "EmailStr": "nobody@example.com", "IPvAnyAddress": NOWHERE, "IPv4Address": NOWHERE, "ZoneInfo": "UTC",
    "StrictInt": 1, "StrictBool": False, "PositiveInt": 1, "NonNegativeInt": 1, "PositiveFloat": 1.0,
}  # fmt: skip
_DEEPEST = 8


def samples(annotation: Any, name: str) -> List[str]:
    """Return the text of a value of this type; nothing for a type that takes any text."""
    value = _sample(annotation, name, 0)
    if value is None:
        return []
    return [value if isinstance(value, str) else json.dumps(value)]


def _sample(annotation: Any, name: str, depth: int) -> Any:
    """Return a value of a type, as JSON has it; None where any text does, or nothing is known."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if depth > _DEEPEST:
        return None
    schemes = _schemes(annotation)
    if schemes is not None:
        return _url(schemes)
    if hasattr(annotation, "__metadata__"):  # Annotated
        return _sample(arguments[0], name, depth + 1)
    if str(origin) == "typing.Literal":
        return arguments[0]
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return next((member.value for member in annotation), None)
    if origin is typing.Union or type(annotation).__name__ == "UnionType":
        return next((_sample(one, name, depth + 1) for one in arguments if one is not type(None)), None)
    if origin in (list, set, tuple, frozenset) or annotation in (list, set, tuple, frozenset):
        return []
    if origin is dict or annotation is dict:
        return {}
    fields = fields_of(annotation)
    if fields is not None:
        return {key: _of_field(field, key, depth) for key, field in fields.items() if is_required(field)}
    return _BY_NAME.get(getattr(annotation, "__name__", ""))


def _of_field(field: Any, name: str, depth: int) -> Any:
    value = _sample(annotation_of(field), name, depth + 1)
    return name.replace("_", "-") if value is None else value


def fields_of(model: Any) -> Optional[Mapping[str, Any]]:
    """Return the fields of a model of pydantic, of version 2 or 1; None for any other class."""
    if not isinstance(model, type):
        return None
    own: Dict[str, Any] = dict(vars(model))
    if "model_fields" in own or hasattr(model, "__pydantic_fields__"):
        return dict(getattr(model, "__pydantic_fields__", None) or getattr(model, "model_fields", {}))
    found = getattr(model, "__fields__", None)
    return found if isinstance(found, dict) else None


def is_required(field: Any) -> bool:
    """Tell whether a field has no default."""
    required = getattr(field, "is_required", None)
    return bool(required()) if callable(required) else bool(getattr(field, "required", False))


def annotation_of(field: Any) -> Any:
    """Return the type of a field, with the constraints that pydantic 2 keeps beside it."""
    annotation = getattr(field, "annotation", None)
    if hasattr(field, "outer_type_"):
        return field.outer_type_
    limits = [one for one in getattr(field, "metadata", ()) if getattr(one, "allowed_schemes", None)]
    return _Limited(annotation, tuple(limits[0].allowed_schemes)) if limits else annotation


class _Limited:
    """A type with the schemes of URLs that it takes."""

    def __init__(self, annotation: Any, schemes: Tuple[str, ...]) -> None:
        self.annotation, self.allowed_schemes = annotation, schemes


def _schemes(annotation: Any) -> Optional[Tuple[str, ...]]:
    """Return the schemes of a type of URLs, none where it takes any; None for any other type."""
    limits = [annotation, getattr(annotation, "_constraints", None), *getattr(annotation, "__metadata__", ())]
    for limit in limits:
        allowed = getattr(limit, "allowed_schemes", None)
        if allowed:
            return tuple(allowed)
    is_url = re.search(r"(Url|Dsn)$", getattr(annotation, "__name__", ""))
    return () if is_url else None


def _url(schemes: Tuple[str, ...]) -> str:
    if any(scheme.startswith("postgres") for scheme in schemes):
        return URL
    return "%s://%s:9" % (next(iter(schemes), "http"), NOWHERE) + ("/0" if "redis" in schemes else "")
