"""The connection that a program gives to its env.py in ``config.attributes``: a new one for each run."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import Any, Callable, Dict, List

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

Run = Callable[[], None]


def with_connection_to(url: str, config: Any, run: Run) -> None:
    """Run env.py with ``config.attributes["connection"]``, as programs do that call Alembic's commands."""
    if "+asyncpg" in url:
        from sqlalchemy.ext.asyncio import create_async_engine

        engine = create_async_engine(url, poolclass=NullPool)
        asyncio.run(_run_async(engine, lambda connection: _with(config, {"connection": connection}, run)))
    else:
        _run_sync(create_engine(url, poolclass=NullPool), False, lambda c: _with(config, {"connection": c}, run))


def with_new_connections(config: Any, run: Run) -> None:
    """Run env.py with a new connection in place of each that the program has opened before.

    That one leads to another database, or belongs to the process that this one is a fork of.
    """
    for name, old in list(config.attributes.items()):
        if isinstance(old, Connection):
            return _renewed(config, name, old, run)
    return run()


def _renewed(config: Any, name: str, old: Any, run: Run) -> None:
    if getattr(old.engine.dialect, "is_async", False):
        from sqlalchemy.ext.asyncio import AsyncEngine

        asyncio.run(_run_async(AsyncEngine(old.engine), lambda new: _with(config, {name: new}, run)))
    else:
        _run_sync(old.engine, bool(old.in_transaction()), lambda new: _with(config, {name: new}, run))


def _run_sync(engine: Any, begins: bool, run: Callable[[Any], None]) -> None:
    with engine.connect() as connection:
        transaction = connection.begin() if begins else None
        run(connection)
        if transaction is not None and transaction.is_active:
            transaction.commit()
        elif not connection.closed and connection.in_transaction() and hasattr(connection, "commit"):
            connection.commit()


async def _run_async(engine: Any, run: Callable[[Any], None]) -> None:
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()


def _with(config: Any, attributes: Dict[str, Any], run: Run) -> None:
    before = {name: value for name, value in config.attributes.items() if name in attributes}
    config.attributes.update(attributes)
    try:
        run()
    finally:
        for name in attributes:
            config.attributes.pop(name, None)
        config.attributes.update(before)


def outside_of_a_loop(run: Run) -> None:
    """Run env.py in a thread where an event loop is running in this one: env.py may need one of its own."""
    if asyncio._get_running_loop() is None:
        return run()
    failures: List[BaseException] = []

    def caught() -> None:
        try:
            run()
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(caught,))
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return None
