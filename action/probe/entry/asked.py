"""What env.py asks its command for: ``-x`` arguments, and attributes of the Config."""

from __future__ import annotations

from typing import Any, Dict, List


class _Watched(Dict[str, Any]):
    """A dictionary that takes note of the names that it lacks."""

    def __init__(self, given: Dict[str, Any], missed: List[str]) -> None:
        super().__init__(given)
        self._missed = missed

    def _look_for(self, name: str) -> None:
        if isinstance(name, str) and not dict.__contains__(self, name):
            self._missed.append(name)

    def __missing__(self, name: str) -> Any:
        self._look_for(name)
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        self._look_for(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value, or the default."""
        self._look_for(name)
        return super().get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        """Return a value, or the default, and remove it."""
        self._look_for(name)
        return super().pop(name, *default)


class Asked:
    """The names that were asked for in vain."""

    def __init__(self) -> None:
        self.arguments: List[str] = []
        """Of ``-x``."""
        self.attributes: List[str] = []
        """Of ``config.attributes``."""

    def watch_attributes(self, config: Any) -> None:
        """Take note of what env.py looks for in ``config.attributes``."""
        config.attributes = _Watched(config.attributes, self.attributes)

    def watch_arguments(self, environment: Any) -> None:
        """Take note of what env.py looks for in ``get_x_argument()``; before the environment is entered."""
        original = environment.get_x_argument

        def get_x_argument(as_dictionary: bool = False) -> Any:
            found = original(as_dictionary=as_dictionary)
            return _Watched(found, self.arguments) if as_dictionary else found

        environment.get_x_argument = get_x_argument

    @property
    def sentence(self) -> str:
        """Return which ``-x`` arguments were not there, where env.py went on without them; empty for none."""
        names = sorted(set(self.arguments))
        if not names:
            return ""
        which, were = ("arguments", "they were") if len(names) > 1 else ("argument", "it was")
        return "env.py looks for the `-x` %s %s, and %s not given: the setting is `x-args`." % (
            which, ", ".join(names), were,
        )  # fmt: skip
