"""Settings classes of pydantic, version 1 and 2: which variables a failed construction lacks or refuses."""

from __future__ import annotations

import re
import traceback
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .setting_samples import annotation_of, fields_of, is_required, samples

_DEEPEST = 8
Found = Tuple[Optional[str], Tuple[str, ...], Tuple[str, ...]]
"""What is wrong (None for a variable that is not set), values that it takes, other names that it may have."""


def of_pydantic(failure: Any) -> Dict[str, Found]:
    """Return what a settings class lacks and refuses, all at once; nothing for some other model."""
    settings = settings_class(failure)
    if settings is None:
        return {}
    found: Dict[str, Found] = {}
    for error in failure.errors():
        location = [str(part) for part in error.get("loc", ())]
        if not location:
            continue
        missing = error.get("type") in ("missing", "value_error.missing")
        reason = None if missing else " ".join(str(error.get("msg")).split())
        for path in _leaves(settings, location) if missing else [location]:
            names, annotation = _variable(settings, path)
            values = [*_by_context(error, names[0]), *samples(annotation, names[0])]
            found.setdefault(names[0], (reason, tuple(dict.fromkeys(values)), tuple(names[1:])))
    return found


def _leaves(settings: Any, location: List[str]) -> Iterator[List[str]]:
    """Yield the fields that are to be set for one that is missing: those of a model, where each has a variable."""
    annotation = _variable(settings, location)[1]
    model = next((found for found in map(fields_of, _models(annotation)) if found), None)
    inner = [name for name, field in (model or {}).items() if is_required(field)]
    if not inner or not _option(settings)("env_nested_delimiter") or len(location) > _DEEPEST:
        yield location
        return
    for name in inner:
        yield from _leaves(settings, [*location, name])


def unparsed(failure: Any) -> Dict[str, Found]:
    """Return the variable whose value is not the JSON that its field takes."""
    settings = settings_class(failure)
    match = re.search(r"[\"'](\w+)[\"']", str(failure))
    if settings is None or match is None:
        return {}
    names, annotation = _variable(settings, [match.group(1)])
    return {names[0]: (str(failure), tuple(samples(annotation, names[0])), tuple(names[1:]))}


def settings_class(failure: Any) -> Any:
    """Return the settings class whose construction failed; None when it was some other model."""
    frames = [frame.f_locals for frame, _ in traceback.walk_tb(failure.__traceback__)]
    # The innermost first: one class may construct another. Compiled frames of pydantic 1 show no variables.
    owners = [names.get(name) for names in reversed(frames) for name in ("__pydantic_self__", "self", "settings_cls")]
    classes = [owner if isinstance(owner, type) else type(owner) for owner in owners]
    for owner in [getattr(failure, "model", type(None)), *classes]:
        if any(base.__name__ == "BaseSettings" for base in getattr(owner, "__mro__", ())):
            return owner
    return None


def _variable(settings: Any, location: Sequence[str]) -> Tuple[List[str], Any]:
    """Return the names of the variable that an error is about, the first one first, and the type of its value."""
    get = _option(settings)
    fields: Mapping[str, Any] = fields_of(settings) or {}
    names, field = _names(fields, location[0], str(get("env_prefix") or ""))
    annotation = annotation_of(field) if field is not None else None
    delimiter, rest = get("env_nested_delimiter"), list(location[1:])
    inner = _inner(annotation, rest) if delimiter else None
    if inner is not None:
        names, annotation = [delimiter.join([name, *rest]) for name in names], inner[0]
    return [name if get("case_sensitive") else name.upper() for name in names], annotation


def _option(settings: Any) -> Any:
    config: Any = getattr(settings, "model_config", None) or getattr(settings, "__config__", None) or {}
    return config.get if isinstance(config, dict) else lambda name: getattr(config, name, None)


def _names(fields: Mapping[str, Any], key: str, prefix: str) -> Tuple[List[str], Any]:
    """Return the variables of the field that an error names by its own name or by an alias."""
    for name, field in fields.items():
        aliases = _aliases(field)
        if key == name or key in aliases:
            return (aliases or [prefix + name]), field
    return [key], None


def _aliases(field: Any) -> List[str]:
    """Return the names that a field has beside its own, as they are written: no prefix applies."""
    extra = getattr(getattr(field, "field_info", None), "extra", None)
    if isinstance(extra, dict):  # pydantic 1, which puts the prefix before them itself
        return sorted(extra.get("env_names", ()))
    alias = getattr(field, "validation_alias", None) or getattr(field, "alias", None)
    choices = getattr(alias, "choices", [alias])
    paths = [getattr(choice, "path", [choice])[0] for choice in choices]
    return [path for path in paths if isinstance(path, str)]


def _inner(annotation: Any, rest: Sequence[str]) -> Optional[Tuple[Any]]:
    """Return the type at the end of a path of fields; None where a part of it is no field."""
    for part in rest:
        fields = next((found for one in _models(annotation) for found in [fields_of(one)] if found), {})
        if part not in fields:
            return None
        annotation = annotation_of(fields[part])
    return (annotation,) if rest else None


def _models(annotation: Any) -> List[Any]:
    return [annotation, *getattr(annotation, "__args__", ())]


def _by_context(error: Mapping[str, Any], name: str) -> List[str]:
    """Return values that the rule which an error names allows."""
    context: Mapping[str, Any] = error.get("ctx") or {}
    found: List[str] = []
    shortest = context.get("min_length", context.get("limit_value") if "min_length" in str(error.get("type")) else None)
    if isinstance(shortest, int):
        text = name.lower().replace("_", "-") + "-"
        found.append((text * (shortest // len(text) + 1))[: max(shortest, len(text) - 1)])
    if isinstance(context.get("gt"), (int, float)):
        found.append(str(context["gt"] + 1))
    found += [str(context[one]) for one in ("ge", "le") if isinstance(context.get(one), (int, float))]
    allowed = context.get("expected") or context.get("expected_schemes") or ""
    words = re.findall(r"'([^']+)'", str(allowed)) or [str(one) for one in context.get("permitted", ())][:1]
    words += [str(getattr(one, "value", one)) for one in context.get("enum_values", ())][:1]
    if words and "scheme" in str(error.get("type")):
        return ["{url}" if words[0].startswith("postgres") else "%s://127.0.0.1:9" % words[0]]
    return [*found, *words[:1]]


def variable_of(settings: Any, field: str) -> Optional[str]:
    """Return the variable of a field of a settings class; None for a field of any other class."""
    if not any(base.__name__ == "BaseSettings" for base in settings.__mro__) or field not in (
        fields_of(settings) or {}
    ):
        return None
    return _variable(settings, [field])[0][0]
