"""A server that says what it was told to, whatever it is asked: for clients that are called without a running loop."""

from __future__ import annotations

import socket
import threading

__all__ = ["Parrot"]


class Parrot:
    """Answers each request with the next of what it was told, any bytes, and closes. The last is said for ever."""

    def __init__(self) -> None:
        self._answers: list[bytes] = [b""]
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, *answers: bytes) -> None:
        self._answers = list(answers)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    request = b""
                    while b"\r\n\r\n" not in request and (piece := connection.recv(65536)):
                        request += piece
                    connection.sendall(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])
                except OSError:
                    pass

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
