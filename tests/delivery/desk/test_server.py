"""Where the desk can be reached, and by which names."""

from __future__ import annotations

import pytest

from delivery.desk.server import CannotListen, allowed_hosts, listen


def test_a_port_in_use_is_said_with_another_one() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"端口 {port} 已被占用：请换一个端口，如 --port {port + 1}"):
            listen("127.0.0.1", port)


def test_a_host_that_is_not_this_machine_is_said() -> None:
    with pytest.raises(CannotListen, match=r"192\.0\.2\.1 不是本机的地址"):
        listen("192.0.2.1", 0)
    with pytest.raises(CannotListen, match=r"没有主机名 nowhere\.invalid"):
        listen("nowhere.invalid", 0)


def test_pages_are_shown_under_the_names_that_were_given_and_no_other() -> None:
    loopback = ["localhost", "127.0.0.1", "[::1]"]
    assert allowed_hosts("127.0.0.1", ()) == loopback
    assert allowed_hosts("192.0.2.10", ("desk.example",)) == [*loopback, "192.0.2.10", "desk.example"]
    assert allowed_hosts("0.0.0.0", ("192.0.2.10",)) == [*loopback, "192.0.2.10"]
