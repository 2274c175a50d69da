"""gunicorn with our worker, as somebody meets it who sends requests by halves."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.processes import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.skipif(sys.platform != "linux", reason="as in production")]

HOUSE = Path(__file__).resolve().parents[2]
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
HALVES = [
    b"G",
    b"GET / HTTP/1.1\r\nHost: x\r\n",
    HEAD + b"Content-Length: 100\r\n\r\nhalf",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhal",
    HEAD + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\nhalf",
    HEAD + b"Content-Length: 4\r\n\r\nfullGET / HT",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def port():
    """One process of the real server, with an application that only counts bytes."""
    chosen = free_port()
    server = [sys.executable, "-m", "gunicorn", "-c", "python:youthnet.gunicorn_conf", "tests.servers.echo"]
    process = subprocess.Popen([*server, "--bind", f"127.0.0.1:{chosen}"], cwd=HOUSE, env=os.environ | {"DEBUG": "0"})
    try:
        wait_until(lambda: answers(chosen))
        yield chosen
    finally:
        process.terminate()
        process.wait(20)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def ask(port, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST" if body else "GET", "/", body, headers)
    return connection.getresponse().read()


def raw(port, *pieces):
    """What comes back for pieces sent one after the other."""
    with connect(port) as client:
        for piece in pieces:
            client.sendall(piece)
            time.sleep(0.05)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_forty_half_sent_requests_of_any_kind_keep_nobody_waiting(port):
    """Real use 17: two hundred and forty halves against eight threads; each of ten requests is answered at once."""
    held = []
    for half in HALVES:
        for _number in range(40):
            held.append(connect(port))
            held[-1].sendall(half)
    began = time.monotonic()
    assert [ask(port) for _each in range(10)] == [b"0"] * 10
    assert time.monotonic() - began < 5
    for each in held:
        each.close()
    assert ask(port, b"x" * 50) == b"50"


def test_a_request_that_takes_too_long_is_closed(port):
    """Real use 17: the connection does not stay for ever, also when a byte comes now and then."""
    with connect(port) as client:
        client.settimeout(1)
        began = time.monotonic()
        gone = False
        while not gone and time.monotonic() - began < 30:
            try:
                client.sendall(b"G")
                gone = client.recv(100) == b""
            except TimeoutError:
                continue
            except OSError:
                gone = True
        assert gone and 10 < time.monotonic() - began < 25


def test_whole_requests_come_through_however_they_are_cut(port):
    """Real use 17: kept connections, pipelines, chunks, pieces, large bodies, and those who ask before they send."""
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for size in (0, 10, 3_000_000, 7):
        kept.request("POST", "/", b"x" * size)
        assert kept.getresponse().read() == str(size).encode()
    assert ask(port, iter([b"x" * 70_000, b"y" * 600_000, b"z"])) == b"670001"
    whole = HEAD + b"Content-Length: 5\r\n\r\n"
    assert raw(port, whole[:20], whole[20:], b"hel", b"lo").endswith(b"\r\n\r\n5")
    assert raw(port, whole + b"hello" + whole + b"again").count(b"200 OK") == 2
    asked = raw(port, HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", b"hello")
    assert asked.startswith(b"HTTP/1.1 100 Continue") and asked.endswith(b"\r\n\r\n5")
    assert b"400 Bad Request" in raw(port, b"nonsense\r\n\r\n")
