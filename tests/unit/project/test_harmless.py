"""Values of examples, of which none reaches a real server."""

from __future__ import annotations

import pytest

from action.project.harmless import SCRATCH, harmless

PLACE = "{user}:{password}@{host}:{port}/{database}"


@pytest.mark.parametrize(
    ("name", "value", "made"),
    [
        ("SHOP_DSN", "postgresql+asyncpg://me:mine@db:5432/shop?ssl=1", (f"postgresql+asyncpg://{PLACE}", SCRATCH)),
        ("STORE", "postgres://db/shop", (f"postgres://{PLACE}", SCRATCH)),
        ("SHOP_DB_URL", "sqlite:///./shop.db", ("{url}", SCRATCH)),
        ("SHOP_DB_URL", "", ("{url}", SCRATCH)),
        ("SHOP_DB_HOST", "db", ("{host}", SCRATCH)),
        ("SHOP_POSTGRES_PORT", "5432", ("{port}", SCRATCH)),
        ("MONGO_DB_URL", "mongodb://m:27017/shop", ("mongodb://127.0.0.1:9/shop", "127.0.0.1")),
        ("MYSQL_DB_HOST", "mysql", ("127.0.0.1", "127.0.0.1")),
        ("CACHE", "redis://:secret@redis:6379/0", ("redis://:secret@127.0.0.1:9/0", "127.0.0.1")),
        ("CORS", '["http://localhost:3000"]', ('["http://127.0.0.1:9"]', "127.0.0.1")),
        ("MAIL_SERVER", "smtp.example.com", ("127.0.0.1", "127.0.0.1")),
        ("MAIL_PORT", "587", ("9", "9")),
        ("REDIS_HOST", "redis", ("127.0.0.1", "127.0.0.1")),
        ("QUEUE", "a:9092, b:9092", ("127.0.0.1:9,127.0.0.1:9", "127.0.0.1")),
        ("SITE", "shop.example.com", ("127.0.0.1", "127.0.0.1")),
        ("USE_SERVER", "true", ("true", "")),
        ("SECRET_KEY", "change this", ("change this", "")),
        ("OWNER", "ann@example.com", ("ann@example.com", "")),
        ("APP", "shop.main:app", ("shop.main:app", "")),
        ("VERSION", "1.2.3", ("1.2.3", "")),
        ("DB_URI", "postgresql+asyncpg://{}:{}@{}:{}/{}", ("postgresql+asyncpg://{}:{}@{}:{}/{}", "")),
        ("DB_URI", "postgresql://%s:%s@%s/%s", ("postgresql://%s:%s@%s/%s", "")),
        ("DB_URI", "postgresql://%(u)s@%(h)s:5432/shop", ("postgresql://%(u)s@%(h)s:5432/shop", "")),
        ("DB_URI", "postgresql://{u}@db.shop.io:1/{d}", ("postgresql://{u}@127.0.0.1:9/{d}", "127.0.0.1")),
        ("CACHE_FILE", "file:///tmp/x", ("file:///tmp/x", "")),
    ],
)
def test_a_server_in_a_value_is_replaced_and_nothing_else(name: str, value: str, made: tuple[str, str]) -> None:
    assert harmless(name, value) == made
