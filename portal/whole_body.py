"""A request whose sender went away in the middle: what came of it must not be taken for all of it."""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def whole_bodies(application: Application) -> Application:
    """gunicorn ends such a body as if it were whole, and a file in it would be kept without its end."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if length.isdecimal() and int(length):
            environ["wsgi.input"] = Body(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return serve


class Body:
    """Raises ConnectionError, which Django knows for a sender that went away, at an end that comes too early."""

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._counted(self.stream.read(wanted), wanted)

    def readline(self, size: int = -1) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._counted(self.stream.readline(wanted), wanted)

    def _counted(self, got: bytes, wanted: int) -> bytes:
        if wanted and not got:
            raise ConnectionResetError("the request ended early")
        self.left -= len(got)
        return got
