"""A relay on the loopback with a certificate of its own, a signing key, and the DNS of a domain that is in order."""

import base64
import datetime
import ipaddress
import socket
import ssl

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from youthnet.doctor.dns import from_mapping

DOMAIN = "portal.example.org"


class Key:
    """A pair of keys, as dkimpy takes the one half and the DNS shows the other."""

    def __init__(self, bits=2048):
        self.private = rsa.generate_private_key(65537, bits)
        self.pem = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.record = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


@pytest.fixture(scope="session")
def key():
    return Key()


@pytest.fixture
def dns(key):
    """Names, types and texts as a file of answers holds them; a test takes away or adds."""
    return {
        DOMAIN: {"TXT": ["google-site=x", "v=spf1 include:spf.relay.example.net -all"], "MX": ["10 mx.example.org."]},
        "spf.relay.example.net": {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]},
        f"s1._domainkey.{DOMAIN}": {"TXT": [key.record]},
        f"_dmarc.{DOMAIN}": {"TXT": ["v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org"]},
        "25.2.0.192.in-addr.arpa": {"PTR": ["relay.example.net."]},
        "relay.example.net": {"A": ["192.0.2.25"]},
    }


@pytest.fixture
def ask(dns):
    return from_mapping(dns)


@pytest.fixture
def certificate(tmp_path, machine_clock):
    """certificate("127.0.0.1", days=90) writes a self-signed certificate with its key and gives the file."""

    def make(name="127.0.0.1", days=90):
        key, now = Key().private, timezone.now()
        title = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        other = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
        made = (
            x509.CertificateBuilder()
            .subject_name(title)
            .issuer_name(title)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([other]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / f"{name}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
        return path

    return make


class Host:
    """Offers PIPELINING besides what aiosmtpd offers, and notes every letter that comes."""

    def __init__(self):
        self.letters = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(envelope.content)
        return "250 OK"


def password_is_right(server, session, envelope, mechanism, login):
    right = (login.login, login.password) == (b"portal", b"secret")
    return AuthResult(success=right, handled=False)


@pytest.fixture
def start():
    """start(certificate=…, password=True) starts a relay and gives it with its port; all stop with the test."""
    running = []

    def begin(certificate=None, password=False, **more):
        if certificate:
            more["tls_context"] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            more["tls_context"].load_cert_chain(certificate)
        if password:
            more |= {"authenticator": password_is_right, "auth_require_tls": bool(certificate), "auth_required": True}
        controller = Controller(Host(), hostname="127.0.0.1", port=free_port(), **more)
        controller.start()
        running.append(controller)
        return controller

    yield begin
    for controller in running:
        controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
