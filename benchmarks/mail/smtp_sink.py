"""A mail server that throws letters away: on loopback only, quick, and as rude as it is told to be.

`python -m benchmarks.mail.smtp_sink [FILE]` prints its two ports as one line of JSON. Letters go to the first. On the
second each line is a JSON object of behaviour from now on; the answer is one line of counts. FILE gets a line
for each letter that was answered: it is the ground truth of what a relay has taken.
"""

import asyncio
import json
import os
import re
import sys
import time
import zlib
from collections import Counter, deque
from dataclasses import asdict, dataclass, field, replace

HOST = "127.0.0.1"
LARGEST = 5_000_000  # bytes of one letter
MOST = 500  # connections at a time
LIFETIME = 60 * 60.0  # nobody forgets a sink for longer

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S*)", re.IGNORECASE | re.MULTILINE)
DATE = re.compile(rb"^date:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
ADDRESS = re.compile(rb"<([^>]*)>")


@dataclass(frozen=True)
class SinkBehaviour:
    """How the server answers its clients. An address decides whether it belongs to a share."""

    pipelining: bool = True
    delay: float = 0.0  # seconds before each answer leaves: one round trip of a far relay, or a tar pit
    # "busy": 421 at the door and to whoever is inside; "shut": nobody listens, and whoever is inside is out
    door: str = "open"
    later: int = 0  # per cent of recipients that hear 451 at their first attempt
    never: int = 0  # per cent of recipients that hear 550
    cut: int = 0  # after every so many letters the connection breaks before the answer to DATA


def share(recipient: bytes) -> int:
    """A number from 0 to 99 that belongs to this address."""
    return zlib.crc32(recipient.lower()) % 100


@dataclass
class Sink:
    """What all connections share."""

    record: int | None = None
    behaviour: SinkBehaviour = field(default_factory=SinkBehaviour)
    counts: Counter[str] = field(default_factory=Counter)
    known: set[bytes] = field(default_factory=set)  # those that were put off once
    sessions: set["Session"] = field(default_factory=set)
    server: asyncio.Server | None = None
    port: int = 0

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Session(self, loop), HOST, self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def behave(self, behaviour: SinkBehaviour) -> None:
        """Behave in another way; the door opens or closes at once."""
        before, self.behaviour = self.behaviour.door, behaviour
        if behaviour.door == "shut" and self.server:
            self.server.close()
            self.server = None
        if behaviour.door == "open" and not self.server:
            await self.listen()
        if behaviour.door != before and behaviour.door != "open":
            for session in list(self.sessions):
                session.disconnect()

    def record_answer(self, answer: str, recipient: bytes, head: bytes = b"") -> None:
        """Count an answer and, when there is a record, write it down before it is given."""
        self.counts[answer] += 1
        if self.record is None:
            return
        message_id, date = MESSAGE_ID.search(head), DATE.search(head)
        parts = [recipient, message_id[1] if message_id else b"", date[1] if date else b""]
        os.write(self.record, b"%.6f\t%s\t" % (time.time(), answer.encode()) + b"\t".join(parts) + b"\n")


class Session(asyncio.Protocol):
    """One connection (RFC 5321): commands as they come, many in one packet where PIPELINING is used (RFC 2920)."""

    def __init__(self, sink: Sink, loop: asyncio.AbstractEventLoop) -> None:
        self.sink, self.loop = sink, loop
        self.data = bytearray()
        self.searched = 0  # so much of the data was searched for the end of a letter already
        self.in_letter = False
        self.recipients: list[bytes] = []
        self.answers: list[bytes] = []
        self.late: deque[bytes] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.sink.sessions.add(self)
        self.sink.counts["connections"] += 1
        if self.sink.behaviour.door == "busy" or len(self.sink.sessions) > MOST:
            self.disconnect()
            return
        self.answers.append(b"220 sink ESMTP")
        self.send_answers()

    def connection_lost(self, error: Exception | None) -> None:
        self.sink.sessions.discard(self)

    def disconnect(self) -> None:
        """End the session: politely when the server is busy, by a broken line when it is gone."""
        if self.sink.behaviour.door == "shut":
            self.transport.abort()
        else:
            self.transport.write(b"421 4.3.2 not now\r\n")
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self.data += data
        while not self.transport.is_closing() and (self.read_message() if self.in_letter else self.read_command()):
            pass
        if len(self.data) > LARGEST:
            self.transport.abort()
        self.send_answers()

    def read_command(self) -> bool:
        """Answer one command; False when it has not arrived whole."""
        end = self.data.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self.data[:end])
        del self.data[: end + 2]
        verb = line[:4].upper()
        answer = getattr(self, f"on_{verb.decode('ascii', 'replace').lower()}", None)
        self.answers.append(answer(line) if answer else b"500 5.5.1 what?")
        return True

    def on_ehlo(self, line: bytes) -> bytes:
        offers = [b"sink", b"8BITMIME", b"SIZE %d" % LARGEST, b"ENHANCEDSTATUSCODES"]
        offers += [b"PIPELINING"] if self.sink.behaviour.pipelining else []
        return b"\r\n".join([b"250-" + offer for offer in offers[:-1]] + [b"250 " + offers[-1]])

    def on_helo(self, line: bytes) -> bytes:
        return b"250 sink"

    def on_mail(self, line: bytes) -> bytes:
        self.recipients = []
        return b"250 2.1.0 Ok"

    def on_rcpt(self, line: bytes) -> bytes:
        found = ADDRESS.search(line)
        if not found:
            return b"501 5.1.3 no address"
        recipient, behaviour = found[1], self.sink.behaviour
        if share(recipient) >= 100 - behaviour.never:
            self.sink.record_answer("550", recipient)
            return b"550 5.1.1 no such person"
        if share(recipient) < behaviour.later and recipient not in self.sink.known:
            self.sink.known.add(recipient)
            self.sink.record_answer("451", recipient)
            return b"451 4.2.0 try again later"
        self.recipients.append(recipient)
        return b"250 2.1.5 Ok"

    def on_data(self, line: bytes) -> bytes:
        if not self.recipients:
            return b"554 5.5.1 no valid recipients"
        self.in_letter, self.searched = True, 0
        return b"354 go on"

    def on_rset(self, line: bytes) -> bytes:
        self.recipients = []
        return b"250 2.0.0 Ok"

    def on_noop(self, line: bytes) -> bytes:
        return b"250 2.0.0 Ok"

    def on_quit(self, line: bytes) -> bytes:
        self.loop.call_later(self.sink.behaviour.delay, self.transport.close)
        return b"221 2.0.0 Bye"

    def read_message(self) -> bool:
        """Take one letter; False when its end has not arrived."""
        if self.data.startswith(b".\r\n"):
            end, after = 0, 3
        else:
            end = self.data.find(b"\r\n.\r\n", max(0, self.searched - 4))
            after = end + 5
        if end < 0:
            self.searched = len(self.data)
            return False
        self.accept(bytes(self.data[:4096]) if self.sink.record is not None else b"")
        del self.data[:after]
        self.in_letter = False
        return True

    def accept(self, head: bytes) -> None:
        sink = self.sink
        sink.counts["letters"] += 1
        cut = sink.behaviour.cut and sink.counts["letters"] % sink.behaviour.cut == 0
        for recipient in self.recipients:
            sink.record_answer("cut" if cut else "250", recipient, head.partition(b"\r\n\r\n")[0])
        self.recipients = []
        if cut:
            self.send_answers()
            self.transport.abort()
        else:
            self.answers.append(b"250 2.0.0 Ok")

    def send_answers(self) -> None:
        """All at once, and as late as the behaviour says; the order stays."""
        if not self.answers:
            return
        packet = b"\r\n".join(self.answers) + b"\r\n"
        self.answers.clear()
        if self.sink.behaviour.delay or self.late:
            self.late.append(packet)
            self.loop.call_later(self.sink.behaviour.delay, self.send_delayed)
        else:
            self.transport.write(packet)

    def send_delayed(self) -> None:
        packet = self.late.popleft()
        if not self.transport.is_closing():
            self.transport.write(packet)


async def control(sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One who asks and orders: each line in, one line of counts out."""
    try:
        while line := await reader.readline():
            await sink.behave(replace(sink.behaviour, **json.loads(line)))
            facts = {**sink.counts, "sessions": len(sink.sessions), "behaviour": asdict(sink.behaviour)}
            writer.write(json.dumps(facts).encode() + b"\n")
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(path: str | None) -> None:
    record = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else None
    sink = Sink(record=record)
    await sink.listen()
    desk = await asyncio.start_server(lambda reader, writer: control(sink, reader, writer), HOST, 0)
    print(json.dumps({"port": sink.port, "control": desk.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.sleep(LIFETIME)


if __name__ == "__main__":
    try:
        asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else None))
    except KeyboardInterrupt:
        pass
