"""The hook for a virus scanner, against one that speaks clamd's words and knows one virus."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.operations.uploads import virus_scanner
from records import files
from records.models import StoredFile
from records.probes import State
from tests.conftest import NOW, PDF
from tests.records.files import samples

pytestmark = pytest.mark.django_db
VIRUS = samples.pdf(b"(EICAR)")
MOST = 5000


def exactly(connection, length):
    found = b""
    while len(found) < length:
        found += connection.recv(length - len(found))
    return found


def serve(connection, says):
    with connection:
        command = b""
        while not command.endswith(b"\0"):
            command += connection.recv(1)
        if command == b"zPING\0":
            connection.sendall(says or b"PONG\0")
            return
        content = b""
        while length := struct.unpack(">I", exactly(connection, 4))[0]:
            content += exactly(connection, length)
            if len(content) > MOST:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = b"stream: Eicar-Test FOUND\0" if b"EICAR" in content else b"stream: OK\0"
        connection.sendall(says if says is not None else found)


@contextmanager
def scanner(family, address, says=None):
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.bind(address)
        listening.listen()

        def work():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                serve(connection, says)

        threading.Thread(target=work, daemon=True).start()
        yield listening.getsockname()
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def clamd(settings):
    with scanner(socket.AF_INET, ("127.0.0.1", 0)) as (host, port):
        settings.CLAMD_ADDRESS = f"{host}:{port}"
        yield


def store(content=PDF):
    upload = SimpleUploadedFile("件.pdf", content)
    return files.store(upload, kinds=["pdf"], max_megabytes=1, by=None, at=NOW)


def refused(content=PDF):
    with pytest.raises(files.FileRefused) as refusal:
        store(content)
    assert StoredFile.objects.count() == 0
    return str(refusal.value)


def test_a_clean_file_is_kept_whole_and_an_infected_one_is_not(clamd):
    said = refused(VIRUS)
    assert said == "件.pdf 没有收下：病毒检查发现 Eicar-Test。在自己的电脑上查杀，换一份干净的文件再传"
    assert b"".join(files.opened(store())) == PDF
    assert virus_scanner(NOW).state == State.OK


def test_by_a_socket_of_the_machine(settings, tmp_path):
    settings.CLAMD_ADDRESS = str(tmp_path / "clamd")
    with scanner(socket.AF_UNIX, settings.CLAMD_ADDRESS):
        assert "Eicar-Test" in refused(VIRUS)
        store()
    assert virus_scanner(NOW).state == State.RED


@pytest.mark.parametrize("says", [b"", b"stream: FOUND OK\0", b"ERROR\0", b"stream: OKAY\0"])
def test_an_answer_that_says_nothing_blocks(settings, says):
    with scanner(socket.AF_INET, ("127.0.0.1", 0), says) as (host, port):
        settings.CLAMD_ADDRESS = f"{host}:{port}"
        assert "病毒检查现在没有应答，不检查的文件不收" in refused()


def test_what_is_too_large_for_the_scanner_blocks(clamd):
    assert "病毒检查现在没有应答" in refused(samples.pdf(b"(" + b"x" * 3 * MOST + b")"))


def test_a_scanner_that_is_not_there_blocks_and_the_operator_is_told(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"127.0.0.1:{free.getsockname()[1]}"
    assert "过一会儿再传" in refused()
    reading = virus_scanner(NOW)
    assert (reading.state, "什么文件都收不下" in reading.why) == (State.RED, True)


@pytest.mark.parametrize(("production", "state"), [(True, State.WARN), (False, State.OK)])
def test_without_one_the_operator_is_told(settings, production, state):
    settings.PRODUCTION, settings.CLAMD_ADDRESS = production, ""
    reading = virus_scanner(NOW)
    assert (reading.shown, reading.state) == ("没有设置，上传的文件不查病毒", state)
