"""The settings of a server whose data nobody needs after the run, as PostgreSQL reads them."""

from __future__ import annotations

from collections.abc import Mapping

THROWAWAY: Mapping[str, str] = {
    "max_connections": "100",
    # No data outlives the run, so none has to survive a crash.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
    # /dev/shm holds 64 MB in a container: segments go below the data directory, and no query gets workers.
    "dynamic_shared_memory_type": "mmap",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "lc_messages": "C",
    "timezone": "UTC",
}
"""Of every version and of any installation, also of an image with settings of its own."""


def options(settings: Mapping[str, str] = THROWAWAY) -> list[str]:
    """Return the settings as arguments of ``postgres``."""
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
