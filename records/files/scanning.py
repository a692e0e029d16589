"""The hook for a virus scanner: clamd's INSTREAM. Where one is set, nothing is kept that it has not looked at."""

import socket
import struct
from contextlib import suppress

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from records.files.names import safe_name
from records.files.refused import FileRefused

SECONDS = 30
CHUNK = 1 << 16
LONGEST_ANSWER = 4096


class NoAnswer(Exception):
    """The scanner is not there, or says what cannot be understood."""


def is_configured() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def refuse_infected(upload: UploadedFile) -> None:
    if not is_configured():
        return
    name = safe_name(upload.name or "")
    try:
        found = _scan(upload)
    except (OSError, NoAnswer):
        raise FileRefused(f"{name} 没有收下：病毒检查现在没有应答，不检查的文件不收。过一会儿再传") from None
    if found:
        raise FileRefused(f"{name} 没有收下：病毒检查发现 {found}。在自己的电脑上查杀，换一份干净的文件再传")


def ping() -> None:
    """Raises OSError or NoAnswer where no scanner answers."""
    with _connected() as connection:
        connection.sendall(b"zPING\0")
        if (answer := _answer(connection)) != "PONG":
            raise NoAnswer(answer)


def _scan(upload: UploadedFile) -> str:
    """What it found; empty where it found nothing."""
    with _connected() as connection:
        # It hangs up in the middle of what is too large for it, and has said why by then.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"zINSTREAM\0")
            for chunk in upload.chunks(CHUNK):
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
        answer = _answer(connection)
    upload.seek(0)
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise NoAnswer(answer)


def _connected() -> socket.socket:
    """`host:port`, or the path of a socket."""
    address = settings.CLAMD_ADDRESS
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(SECONDS)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        if not (more := connection.recv(LONGEST_ANSWER)):
            break
        answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")
