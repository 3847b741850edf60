"""Which failures are tried again: those of the machine (disk, lock, memory), never those of data or code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Backoff, Failure, RetryPolicy

# A lock is usually free within a minute; a full disk is not, and three tries show that soon enough.
RETRIES = RetryPolicy(max_retries=3, delay=5, backoff=Backoff.EXPONENTIAL)


@contextmanager
def only_machine_failures_retried() -> Iterator[None]:
    """Let OSError and MemoryError through to the retry policy; a wrong input or model fails at once."""
    try:
        yield
    except (ValueError, RuntimeError, LookupError, TypeError) as error:
        raise Failure(description=str(error), allow_retries=False) from error
