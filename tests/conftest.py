"""What holds for all tests: no limits of time, and programs that end by signals, whoever started the tests."""

from __future__ import annotations

import signal
from typing import Any

from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# A shell has its background jobs ignore these, and they would pass that on to every program that a test starts.
DEFAULTS: dict[int, Any] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGQUIT: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}
for number, handler in DEFAULTS.items():
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, handler)
