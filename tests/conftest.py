"""What holds for all tests: the programs that they start can be stopped by signals, whoever started the tests."""

from __future__ import annotations

import signal

# A shell has its background jobs ignore these, and they would pass that on to every program that a test starts.
for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, handler)
