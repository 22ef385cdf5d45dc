"""A real little SMTP server on a real port, which can be told to be busy, to refuse, or to go away."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """What the server does next, and the mails it took."""

    recipient_answer: bytes = b"250 ok"
    mails: list[EmailMessage] = field(default_factory=list)
    server: socketserver.ThreadingTCPServer | None = None

    @property
    def port(self) -> int:
        assert self.server is not None
        return int(self.server.server_address[1])

    def open(self) -> None:
        sink = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sink._talk(self)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def _talk(self, line: socketserver.StreamRequestHandler) -> None:
        answers = {b"EHLO": b"250 sink", b"MAIL": b"250 ok", b"RSET": b"250 ok", b"QUIT": b"221 bye"}
        line.wfile.write(b"220 sink\r\n")
        while request := line.rfile.readline():
            word = request[:4].upper()
            if word == b"RCPT":
                answer = self.recipient_answer
            elif word == b"DATA":
                line.wfile.write(b"354 go on\r\n")
                self._take(line)
                answer = b"250 taken"
            else:
                answer = answers.get(word, b"502 no")
            line.wfile.write(answer + b"\r\n")
            if word == b"QUIT":
                return

    def _take(self, line: socketserver.StreamRequestHandler) -> None:
        data = b""
        while (part := line.rfile.readline()) != b".\r\n":
            data += part
        self.mails.append(message_from_bytes(data, policy=policy.default))
