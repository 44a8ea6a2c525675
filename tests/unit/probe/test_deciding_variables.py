"""Which variable decides that a project connects to SQLite, in the shapes in which projects write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.probe.deciding_variables import deciding
from action.probe.watching.frames import Places

CASES = {
    'url = os.getenv("SHELF_URL", "sqlite:///shelf.db")': {"SHELF_URL": "{url}"},
    'url = os.environ.get("SHELF_URL", default=f"sqlite:///{folder}/shelf.db")': {"SHELF_URL": "{url}"},
    'url = os.environ.get("SHELF_URL") or "sqlite://"': {"SHELF_URL": "{url}"},
    'url = os.environ.get("SHELF_URL", "sqlite:///" + path)': {"SHELF_URL": "{url}"},
    'url = config("SHELF_URL", cast=str, default="sqlite:///x")': {"SHELF_URL": "{url}"},
    'url = env.db("SHELF_URL", default="sqlite:///x")': {"SHELF_URL": "{url}"},
    'kind = os.getenv("SHELF_DB", "sqlite")': {"SHELF_DB": "postgresql"},
    'kind = os.getenv("SHELF_DB", "sqlite")\nif kind == "postgres": pass': {"SHELF_DB": "postgres"},
    'kind = os.getenv("SHELF_DB", "sqlite3")\nurls = {"pg": 1, "postgresql": 2}': {"SHELF_DB": "postgresql"},
    'if os.environ.get("SHELF_PG"):\n    url = f(1)\nelse:\n    url = "sqlite:///x"': {"SHELF_PG": "1"},
    'url = os.environ["SHELF_DSN"] if "SHELF_DSN" in os.environ else "sqlite:///x"': {"SHELF_DSN": "{url}"},
    'class Settings(BaseSettings):\n    shelf_url: str = "sqlite:///x"': {"SHELF_URL": "{url}"},
    'class Settings(BaseSettings, env_prefix="shelf_"):\n    kind: str = Field("sqlite")': {"SHELF_KIND": "postgresql"},
    'class Settings(BaseSettings):\n    u: str = Field(default="sqlite://", validation_alias="SHELF_URL")': {
        "SHELF_URL": "{url}"
    },
    'class Settings(BaseSettings):\n    shelf_db_url: str | None = None\n    note: str | None = None\nS = "sqlite"': {
        "SHELF_DB_URL": "{url}"
    },
    'class Settings(BaseSettings):\n    class Config:\n        env_prefix = "shelf_"\n    url: str = "sqlite://"': {
        "SHELF_URL": "{url}"
    },
    'url = os.getenv("SHELF_URL", "postgresql://h/sqlite")': {},
    'cache = dict.get("SHELF_URL", "sqlite://")': {},
    'create_engine("sqlite:///shelf.db")': {},
    'url = os.getenv("SHELF_SET", "sqlite:///x")': {},
}  # fmt: skip


@pytest.mark.parametrize("source", CASES)
def test_the_variable_is_found(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELF_SET", "mysql://h/d")
    env_py = tmp_path / "env.py"
    env_py.write_text(source)
    assert deciding(str(env_py), Places(str(tmp_path), []), "") == CASES[source]


def test_a_variable_that_is_set_to_sqlite_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELF_URL", "sqlite:///mine.db")
    (tmp_path / "env.py").write_text('url = os.getenv("SHELF_URL", "sqlite:///x")')
    assert deciding(str(tmp_path / "env.py"), Places(str(tmp_path), []), "") == {"SHELF_URL": "{url}"}


def test_the_surest_are_named_and_the_option_where_there_is_none(tmp_path: Path) -> None:
    env_py = tmp_path / "env.py"
    env_py.write_text('a = os.getenv("SHELF_KIND", "sqlite")\nb = os.getenv("SHELF_URL", "sqlite:///x")')
    places = Places(str(tmp_path), [])
    assert deciding(str(env_py), places, "sqlite:///ini.db") == {"SHELF_URL": "{url}"}
    env_py.write_text("")
    assert deciding(str(env_py), places, "sqlite:///ini.db") == {"sqlalchemy.url": "sqlite:///ini.db"}
    assert deciding(str(env_py), places, "postgresql://h/d") == {}
