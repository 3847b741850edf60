"""What holds for all tests, however they are started."""

from __future__ import annotations

import signal

# Started in the background, as by nohup or some CI, we inherit that interrupts are ignored; so would the servers that
# tests interrupt, and would never end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
