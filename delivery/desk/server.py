"""Serves the desk: waitress, some threads in one process, which suits pages of a few milliseconds and some users."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot

HOSTS_VARIABLE = "WUXING_DESK_HOSTS"
THREADS = 4
LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")
UNKNOWN_NAME = (socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL)


class CannotListen(OSError):
    """The server cannot be reached where it was asked to be; the text is for the user."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host`` and ``port`` (0: any free one). Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotListen(_sentence(error, host, port)) from error


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用：请换一个端口，如 --port {port + 1}，或先结束占用它的程序"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} 不是本机的地址：请用 127.0.0.1，或本机网卡的地址"
    if error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}：请换一个 1024 以上的端口，如 --port 8000"
    if error.errno in UNKNOWN_NAME:
        return f"没有主机名 {host}：请写本机的地址，如 127.0.0.1"
    return f"无法在 {host} 的端口 {port} 上提供网页（{error.strerror}）"


def allowed_hosts(host: str, names: tuple[str, ...]) -> list[str]:
    """By which host names pages may be asked for: any other is refused, so that no foreign site can read ours."""
    own = [] if host in EVERYWHERE else [host]
    return list(dict.fromkeys(f"[{name}]" if ":" in name else name for name in (*LOOPBACK, *own, *names)))


def application(root: DataRoot, hosts: list[str]) -> Any:
    """The WSGI application over ``root``: one a process, as Django's settings are."""
    os.environ |= {
        ENVIRONMENT_VARIABLE: str(root.path),
        HOSTS_VARIABLE: " ".join(hosts),
        "DJANGO_SETTINGS_MODULE": "delivery.desk.settings",
    }
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def serve(listening: socket.socket, wsgi: Any) -> None:
    """Answer until the process is ended or interrupted."""
    from waitress.server import create_server

    create_server(wsgi, sockets=[listening], threads=THREADS, ident=None).run()
