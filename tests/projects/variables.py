"""Projects whose settings come from environment variables, by each of the usual libraries."""

from __future__ import annotations

from textwrap import dedent

from tests.projects.builder import BOOK, EnvPy, tree


def project(settings: str, *, imports: str = "", url: str = "", **files: str) -> dict[str, str]:
    """Return a project with a module ``settings`` that env.py imports."""
    known = f"from models import metadata\n{imports or 'import settings'}"
    env = EnvPy(imports=known, url=url or 'config.get_main_option("sqlalchemy.url")').text
    return {**tree(BOOK, env=env), "settings.py": dedent(settings), **files}


PYDANTIC = """
    from enum import Enum
    from typing import Literal, Optional

    from pydantic import AliasChoices, BaseModel, Field, HttpUrl, PostgresDsn, SecretStr, field_validator
    from pydantic_settings import BaseSettings, SettingsConfigDict


    class Mail(BaseModel):
        host: str
        port: int
        tls: bool = True


    class Shop(BaseSettings):
        model_config = SettingsConfigDict(env_prefix="SHOP_", env_nested_delimiter="__")

        secret: SecretStr = Field(min_length=20)
        mail: Mail
        workers: int = Field(gt=3)
        shelves: list[str]
        stage: Literal["local", "live"]
        note: Optional[str] = None


    shop = Shop()


    class Kind(Enum):
        SMALL = "small"


    class Store(BaseSettings):
        model_config = SettingsConfigDict(env_nested_delimiter=None)

        dsn: PostgresDsn = Field(validation_alias="STORE_DSN")
        key: str = Field(validation_alias=AliasChoices("STORE_KEY", "STORE_TOKEN"))
        site: HttpUrl
        kind: Kind
        lamp: Mail

        @field_validator("key")
        @classmethod
        def _is_hexadecimal(cls, value):
            bytes.fromhex(value)
            return value


    store = Store()
"""
PLAIN = """
    import os

    token = os.environ["SHOP_TOKEN"]
    port = int(os.environ["SHOP_MAIL_PORT"])
    try:
        lamp = os.environ["SHOP_LAMP"]
    except KeyError:
        lamp = "oil"
    if "SHOP_DEBUG" not in os.environ and os.environ.get("SHOP_PROFILE") is None:
        level = os.environ["SHOP_LOG_LEVEL"]
    if not os.getenv("SHOP_API_KEY"):
        raise RuntimeError("SHOP_API_KEY must be set")
"""
DECOUPLE = """
    from decouple import config

    secret = config("SHOP_SECRET")
    debug = config("SHOP_DEBUG", cast=bool)
    size = config("SHOP_SIZE", cast=int)
    lamp = config("SHOP_LAMP", default="oil")
"""
ENVIRONS = """
    from environs import Env

    env = Env()
    with env.prefixed("SHOP_"):
        secret = env("SECRET")
        size = env.int("SIZE")
        lamp = env.str("LAMP", "oil")
    later = Env(eager=False)
    shelf = later.str("SHELF")
    depth = later.float("SHELF_DEPTH")
    later.seal()
"""
STARLETTE = """
    from starlette.config import Config
    from starlette.datastructures import Secret

    config = Config()
    secret = config("SHOP_SECRET", cast=Secret)
    debug = config("SHOP_DEBUG", cast=bool)
    size = config("SHOP_SIZE", cast=int)
    lamp = config("SHOP_LAMP", default="oil")
"""
DYNACONF = """
    from dynaconf import Dynaconf, Validator

    settings = Dynaconf(envvar_prefix="SHOP", validators=[Validator("OWNER", must_exist=True)])
    secret = settings.SECRET
    host = settings["MAIL"].HOST
    size = settings.MAIL.SIZE
    lamp = settings.get("LAMP", "oil")
"""
URL_OF_PARTS = """
    import os


    class Store:
        def __init__(self):
            self.user = os.getenv("STORE_LOGIN")
            self.port = os.getenv("STORE_PORT")
            self.lamp = os.getenv("STORE_LAMP")

        @property
        def url(self):
            host = os.environ.get("STORE_MACHINE")
            return f"postgresql+psycopg2://{self.user}:x@{host}:{self.port}/{os.getenv('STORE_SCHEMA', 'store')}"


    store = Store()
"""
MODULES = {
    "in_classes": PYDANTIC,
    "plain": PLAIN,
    "by_decouple": DECOUPLE.replace("SHOP_", "DESK_"),
    "by_environs": ENVIRONS.replace("SHOP_", "HALL_"),
    "by_starlette": STARLETTE.replace("SHOP_", "YARD_"),
    "by_dynaconf": DYNACONF.replace("SHOP", "ROOF"),
    "of_parts": URL_OF_PARTS,
}
"""One after the other: each is reached when the one before has what it needs."""


def needs_everything() -> dict[str, str]:
    modules = {f"{name}.py": dedent(text) for name, text in MODULES.items()}
    imports = "from models import metadata\n" + "\n".join(f"import {name}" for name in MODULES)
    env = EnvPy(imports=imports, url="of_parts.store.url").text
    return {**tree(BOOK, env=env), **modules}


PYDANTIC_1 = """
    from typing import List

    from pydantic import BaseModel, BaseSettings, Field, PostgresDsn


    class Mail(BaseModel):
        host: str
        port: int


    class Shop(BaseSettings):
        secret: str = Field(min_length=20)
        mail: Mail
        workers: int
        shelves: List[str]
        dsn: PostgresDsn = Field(env=["STORE_DSN", "STORE_URL"])

        class Config:
            env_prefix = "SHOP_"
            env_nested_delimiter = "__"


    shop = Shop()
"""
EXAMPLE = """
# Copy to .env
export SHOP_SECRET="change this, please"
SHOP_SIZE=
MAIL_SERVER=smtp.shop.example.com   # a real one
SHOP_EXTRA=unused
STORE_DSN=postgresql+psycopg2://me:mine@db.shop.internal:5432/shop?sslmode=require
"""
COMPOSE = """
x-shop: &shop
  QUEUE_URL: amqp://guest:guest@queue:5672/${SHOP_VHOST:-shop}
services:
  db: {image: "postgres:16", environment: {SHOP_STAGE: wrong}}
  web:
    build: .
    env_file: deploy/web.env
    environment:
      <<: *shop
      SHOP_SECRET: of compose
      SHOP_STAGE: local
"""
WITH_EXAMPLES = """
    from pydantic_settings import BaseSettings


    class Shop(BaseSettings):
        shop_secret: str
        shop_size: int
        mail_server: str
        store_dsn: str
        queue_url: str
        shop_stage: str
        shop_region: str


    shop = Shop()
    assert (shop.shop_secret, shop.shop_stage, shop.shop_region) == ("change this, please", "local", "eu")
    assert (shop.mail_server, shop.queue_url) == ("127.0.0.1", "amqp://guest:guest@127.0.0.1:9/shop")
    assert "sslmode" not in shop.store_dsn and "me:mine" not in shop.store_dsn
"""


def has_examples(settings: str = WITH_EXAMPLES) -> dict[str, str]:
    """Return a project whose variables all stand in its examples."""
    examples = {".env.example": EXAMPLE, "docker-compose.yml": COMPOSE, "deploy/web.env": "SHOP_REGION=eu"}
    return {**project(settings, url="settings.shop.store_dsn"), **examples}


def knows_its_stage() -> dict[str, str]:
    """Return a project that loads only with one of its example's values, which no exception asks for."""
    settings = """
        import os

        stage = os.environ.get("SHOP_STAGE", "live")
        if stage == "live" and not os.environ.get("SHOP_REPORTS"):
            raise ValueError("errors have to be reported")
    """
    return project(settings, **{".env.example": "SHOP_LAMP=oil\nSHOP_STAGE=local\nSHOP_SHELF=oak"})


def fails_with_its_example() -> dict[str, str]:
    settings = 'import os\n\nkey = os.environ["SHOP_KEY"]\nassert key != "a", "the key is weak"'
    return project(settings, **{".env.example": "SHOP_KEY=a"})


MAKES_A_SHELF = """
import os
from sqlalchemy import create_engine, text

with create_engine(os.environ["DATABASE_URL"]).begin() as connection:
    connection.execute(text("CREATE TABLE shelf ()"))
"""
