"""A real Postfix and a real Dovecot with Sieve on high ports of the loopback, with settings and mail of their own.

`remote.test` are the people written to, `portal.test` is the portal's box, `late.test` has a server that never answers.
Postfix wants to be started by root; both must be installed (on Debian: postfix, dovecot-lmtpd, -imapd and -sieve).
"""

import imaplib
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PASSWORD = "word"
SERVER = "mx.portal.test"
VACATION = 'require "vacation"; vacation :days 1 :subject "{subject}" "{words}";'
# What each mailbox does with what comes in, in Sieve (RFC 5228, 5230, 5429).
MAILBOXES = {
    "good@remote.test": "keep;",
    "loma@remote.test": VACATION.format(
        subject="Automatic reply", words="I am out of office. If you did not receive a reply, write again."
    ),
    "gone@remote.test": VACATION.format(
        subject="Poissa", words="En työskentele enää täällä. Seuraajani on uusi@remote.test."
    ),
    "strict@remote.test": 'require "reject"; reject "This mailbox does not take letters of strangers.";',
    "portal@portal.test": "keep;",
}
NEEDED = ["/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/imap"]
SIEVE = "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"
MAIL_USER = 8  # `mail`, on every Debian


def why_not():
    """Why the servers cannot run here; empty when they can."""
    if os.getuid() != 0:
        return "Postfix is started by root"
    missing = [path for path in [*NEEDED, SIEVE] if not Path(path).exists()]
    return f"not installed: {', '.join(missing)}" if missing else ""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailServers:
    """Started when made; `close` stops both and removes all that they wrote."""

    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix="mail"))  # short: names of sockets are
        self.home.chmod(0o755)
        self.smtp, self.imap, self.lmtp = free_port(), free_port(), free_port()
        try:
            self._start_dovecot()
            self._start_postfix()
            for port in (self.smtp, self.imap, self.lmtp):
                wait_for(lambda port=port: is_open(port), "a server that answers")
        except BaseException:
            self.close()
            raise

    def close(self):
        for command in (["postfix", "-c", self.home / "postfix", "stop"], ["doveadm", *self._dovecot, "stop"]):
            subprocess.run([*map(str, command)], capture_output=True, timeout=30, check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def inbox_url(self):
        return f"imap://portal%40portal.test:{PASSWORD}@127.0.0.1:{self.imap}/INBOX"

    def send(self, sender, to, message):
        """A letter of a person, from their own program."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=10) as connection:
            connection.sendmail(sender, [to], message)

    def letters_of(self, mailbox):
        """What lies in a mailbox, as bytes."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=10) as box:
            box.login(mailbox, PASSWORD)
            box.select("INBOX", readonly=True)
            found = box.search(None, "ALL")[1][0].split()
            return [box.fetch(each, "(RFC822)")[1][0][1] for each in found]

    @property
    def _dovecot(self):
        return ["-c", self.home / "dovecot.conf"]

    def _start_dovecot(self):
        for mailbox, script in MAILBOXES.items():
            folder = self.home / "people" / mailbox
            folder.mkdir(parents=True)
            (folder / ".dovecot.sieve").write_text(script + "\n", encoding="utf-8")
        subprocess.run(["chown", "-R", f"{MAIL_USER}:{MAIL_USER}", str(self.home / "people")], check=True)
        people = [
            f"{each}:{{PLAIN}}{PASSWORD}:{MAIL_USER}:{MAIL_USER}::{self.home}/people/{each}" for each in MAILBOXES
        ]
        (self.home / "people.txt").write_text("\n".join(people) + "\n")
        (self.home / "dovecot.conf").write_text(
            DOVECOT.format(home=self.home, imap=self.imap, lmtp=self.lmtp, smtp=self.smtp)
        )
        run(["dovecot", *self._dovecot])

    def _start_postfix(self):
        config = self.home / "postfix"
        for folder in ("postfix", "queue", "data"):
            (self.home / folder).mkdir()
        shutil.chown(self.home / "data", "postfix")
        (config / "main.cf").write_text(POSTFIX.format(home=self.home, lmtp=self.lmtp, closed=free_port()))
        (config / "checks").write_text("/^(Auto-Submitted: auto-generated|X-Auto-Response-Suppress:)/ IGNORE\n")
        (config / "master.cf").write_text(SERVICES.format(smtp=self.smtp))
        run(["postfix", "-c", config, "start"])


def run(command):
    """What it starts keeps its output open, so that goes to a file."""
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run([*map(str, command)], stdout=said, stderr=said, timeout=60, check=False)
        said.seek(0)
        assert done.returncode == 0, said.read()


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(question, what, seconds=30):
    """Until the answer is true; gives it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


DOVECOT = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
instance_name = youthnet-test
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
recipient_delimiter = +
auth_mechanisms = plain login
submission_host = 127.0.0.1:{smtp}
hostname = remote.test
postmaster_address = postmaster@remote.test
passdb {{
  driver = passwd-file
  args = {home}/people.txt
}}
userdb {{
  driver = passwd-file
  args = {home}/people.txt
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:~/.dovecot.sieve
}}
"""

POSTFIX = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.portal.test
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
recipient_delimiter = +
virtual_mailbox_domains = remote.test portal.test
virtual_alias_maps = inline:{{ bounces@portal.test=portal@portal.test, youthnet@portal.test=portal@portal.test }}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ late.test=smtp:[127.0.0.1]:{closed} }}
propagate_unmatched_extensions = virtual
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
# What a filter beside the server would write: it knows that people of remote.test send from there.
smtpd_sender_restrictions = check_sender_access inline:{{
    {{ good@remote.test = PREPEND Authentication-Results: mx.portal.test; dmarc=pass header.from=remote.test }} }}
# Sieve leaves what a machine sent without an answer; the many programs that do not heed it are played by this.
lmtp_header_checks = regexp:{home}/postfix/checks
delay_warning_time = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""

SERVICES = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
