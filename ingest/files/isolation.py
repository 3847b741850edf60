"""No network for the process that opens files from outside: a seccomp filter that refuses to make sockets.

Linux lets any process take this from itself, for good and for its children, without privileges or namespaces, in
containers too. Pipes and sockets that are open already go on working. Elsewhere there is no such filter, and the limits
on memory and time stand alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Sequence

# asm/unistd.h and linux/audit.h: the call that makes a socket, io_uring's set-up (it makes them too), the architecture.
CALLS = {"x86_64": (0xC000003E, (41, 425)), "aarch64": (0xC00000B7, (198, 425))}

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2  # prctl.h
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000  # seccomp.h; REFUSE takes the errno in its low bits
LOAD, JUMP_IF_EQUAL, JUMP_IF_ABOVE, RETURN = 0x20, 0x15, 0x35, 0x06  # bpf_common.h
CALL_NUMBER, ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
FIRST_X32_CALL = 0x40000000  # the same architecture under other numbers: nothing here speaks it


def deny_network() -> bool:
    """From now on making a socket fails with EPERM; False where the system has no such filter."""
    calls = CALLS.get(platform.machine()) if platform.system() == "Linux" else None
    if calls is None:
        return False
    program = _program(*calls)
    code = ctypes.create_string_buffer(b"".join(program))
    described = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or system.prctl(SET_SECCOMP, FILTER, described, 0, 0):
        if ctypes.get_errno() in (errno.EINVAL, errno.ENOSYS):  # a kernel built without it
            return False
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True


def _program(architecture: int, refused: Sequence[int]) -> list[bytes]:
    """What the kernel runs at each call: other architectures are killed, ``refused`` calls fail, all others pass."""
    return [
        _step(LOAD, ARCHITECTURE),
        _step(JUMP_IF_EQUAL, architecture, if_true=1),
        _step(RETURN, KILL),
        _step(LOAD, CALL_NUMBER),
        _step(JUMP_IF_ABOVE, FIRST_X32_CALL, if_true=len(refused) + 1),
        *(_step(JUMP_IF_EQUAL, call, if_true=len(refused) - place) for place, call in enumerate(refused)),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE | errno.EPERM),
    ]


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)
