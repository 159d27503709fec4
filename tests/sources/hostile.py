"""A server on this machine that answers as badly as it is told to: real sockets, real TLS, nothing pretended."""

import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import SHUT_RDWR, socket

HOME = "127.0.0.1"
Answer = bytes | Callable[[socket, threading.Event], None]


def page(body: bytes = b"<title>A page</title><p>Words", head: str = "", status: str = "200 OK") -> bytes:
    lines = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{head}\r\n"
    return lines.encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {to}\r\n", status)


class Hostile:
    """`answers` by path; `asked` is the head of each request; `stop` ends whatever still drips."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.stop = threading.Event()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                connection: socket = self.request
                connection.settimeout(5)
                try:
                    if context:
                        connection = context.wrap_socket(connection, server_side=True)
                    head = b""
                    while b"\r\n\r\n" not in head:
                        part = connection.recv(4096)
                        if not part:
                            return
                        head += part
                    outer.asked.append(head.decode())
                    answer = outer.answers[head.split(b" ")[1].decode()]
                    if isinstance(answer, bytes):
                        connection.sendall(answer)
                    else:
                        answer(connection, outer.stop)
                    connection.shutdown(SHUT_RDWR)
                except OSError:
                    pass  # the fetcher went away, as it should
                finally:
                    connection.close()

        self.server = socketserver.ThreadingTCPServer((HOME, 0), Handler)
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]


@contextmanager
def hostile(context: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    one = Hostile(context)
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield one
    finally:
        one.stop.set()
        one.server.shutdown()
        thread.join()
        one.server.server_close()


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of the server, and of whoever trusts it: made anew, so that no key lies in the repository."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run([*made, *named, "-keyout", key, "-out", cert], check=True, capture_output=True)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    return serving, ssl.create_default_context(cafile=str(cert))
