"""A small IMAP server on the loopback: enough of RFC 3501 for one client that fetches unread mail and marks it."""

import re
import socketserver
import ssl
import threading


class Box(socketserver.ThreadingTCPServer):
    """`messages` are bytes by UID; `seen` the UIDs that were marked. `refuse_login` and `broken` make trouble."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, certificate=None):
        super().__init__(("127.0.0.1", 0), Talk)
        self.messages, self.seen, self.fetched = {}, set(), []
        self.refuse_login, self.broken = False, set()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.server_address[1]

    def close(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that hangs up is no news."""


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say(b"* OK ready")
        while line := self.rfile.readline().strip():
            tag, _space, command = line.partition(b" ")
            self.answer(tag, command)
            if command.upper() == b"LOGOUT":
                return

    def answer(self, tag, command):
        box, verb = self.server, command.upper()
        if verb.startswith(b"CAPABILITY"):
            self.say(b"* CAPABILITY IMAP4rev1")
        elif verb.startswith(b"LOGIN") and (box.refuse_login or b'"s%crt word"' not in command):
            return self.say(tag + b" NO [AUTHENTICATIONFAILED] wrong password")
        elif verb.startswith(b"SELECT") and b"INBOX" not in verb:
            return self.say(tag + b" NO no such folder")
        elif verb.startswith(b"UID SEARCH"):
            unseen = sorted(set(box.messages) - box.seen)
            self.say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in unseen))
        elif fetch := re.match(rb"UID FETCH (\d+) .*BODY\.PEEK\[\]<0\.(\d+)>", command):
            if int(fetch[1]) in box.broken:
                return self.say(tag + b" NO the message is broken")
            self.give(int(fetch[1]), int(fetch[2]))
        elif store := re.match(rb"UID STORE (\d+) \+FLAGS.SILENT \(\\Seen\)", command):
            box.seen.add(int(store[1]))
        elif verb.startswith(b"LOGOUT"):
            self.say(b"* BYE")
        return self.say(tag + b" OK done")

    def give(self, uid, most):
        raw = self.server.messages[uid]
        self.server.fetched.append(uid)
        piece = raw[:most]
        self.wfile.write(b"* 1 FETCH (UID %d RFC822.SIZE %d BODY[]<0> {%d}\r\n" % (uid, len(raw), len(piece)))
        self.wfile.write(piece + b")\r\n")

    def say(self, line):
        self.wfile.write(line + b"\r\n")
