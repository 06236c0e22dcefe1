"""Certificates: whose they are, how long they last, whether they are fit for the door they stand in.

A certificate that nobody renewed is the most ordinary way for a hospital's feeds to stop, all at the same minute; so it is said
30, 14, 7 and 1 days before (FT-34).
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID, NameOID

from wardline.core.errors import Refused

WARNED_DAYS: Final = (30, 14, 7, 1)
LONGEST_NAME: Final = 64
"""Of a common name (RFC 5280, ub-common-name)."""


class Certificate(NamedTuple):
    """What a certificate says, and how it stands at a moment."""

    subject: str
    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    """SHA-256, as people compare it."""

    def state(self, now: datetime) -> str:
        if now < self.not_before:
            return "not valid yet"
        if now >= self.not_after:
            return "expired"
        return "ok" if self.warning(now) is None else "expiring"

    def warning(self, now: datetime) -> int | None:
        """The smallest of the days that people are warned at which has been reached; 0 once it has expired."""
        left = self.not_after - now
        if left <= timedelta(0):
            return 0
        return min((days for days in WARNED_DAYS if left <= timedelta(days=days)), default=None)


def certificates_in(pem: bytes, named: str) -> tuple[Certificate, ...]:
    """The certificate of a PEM file and those of its authorities after it. Raises `Refused` when there is none."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise Refused(f"{named} holds no certificate in PEM form", code="certificate") from None
    return tuple(_read(each) for each in found)


def belongs(certificate: bytes, key: bytes) -> bool:
    """Whether a private key is the certificate's, both in PEM."""
    secret = serialization.load_pem_private_key(key, None)
    public = x509.load_pem_x509_certificate(certificate).public_key()
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return secret.public_key().public_bytes(*form) == public.public_bytes(*form)


def request_for(names: tuple[str, ...], organisation: str) -> tuple[bytes, bytes]:
    """A new private key and the request that an authority signs, both in PEM. Raises `Refused` without a usable name."""
    if not names or not all(name and len(name) <= LONGEST_NAME and name.isascii() for name in names):
        raise Refused("name the host as clients will address it, for example wardline.hospital.example", code="certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0]), x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)])
    hosts = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    request = x509.CertificateSigningRequestBuilder(subject_name=subject).add_extension(hosts, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret, request.public_bytes(serialization.Encoding.PEM)


def read(file: Path) -> tuple[Certificate, ...]:
    """As `certificates_in`, from a file. Raises `Refused` naming it."""
    try:
        return certificates_in(file.read_bytes(), str(file))
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}", code="certificate") from None


def _read(found: x509.Certificate) -> Certificate:
    try:
        extension = found.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
        names = tuple(str(each.value) for each in extension) if isinstance(extension, x509.SubjectAlternativeName) else ()
    except x509.ExtensionNotFound:
        names = ()
    fingerprint = found.fingerprint(hashes.SHA256()).hex(":").upper()
    subject, issuer = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
    return Certificate(subject, names, issuer, found.not_valid_before_utc, found.not_valid_after_utc, fingerprint)
