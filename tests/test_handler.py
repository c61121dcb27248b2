"""The download handler: what hostile servers end in, what it costs, and that what is kept is what was sent."""

import datetime as dt
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fetching import private
from tests.hostile import BEHAVIOURS, HostileServer, refused_url

ENDS = {
    "endless-headers": "too large",
    "endless-1xx": "too large",
    "endless-trailers": "cut short",
    "endless-chunk-names": "too large",
    "endless-body": "too large",
    "huge-header": "too large",
    "body-50-mb": "too large",
    "gzip-bomb": "too large",
    "br-bomb": "too large",
    "bad-gzip": "unreadable encoding",
    "drip": "timeout",
    "drip-headers": "timeout",
    "hang": "timeout",
    "reset": "cut short",
    "wrong-length": "cut short",
    "nothing": "connection failed",
    "not-http": "connection failed",
    "redirect": "too many redirects",
    "refresh": "too many redirects",
    "redirect-loop": "too many redirects",
    "redirect-file": "http 302",
    "redirect-metadata": "blocked address",
    "403": "http 403",
    "404": "http 404",
    "429": "http 429",
    "500": "http 500",
    # Its Retry-After pauses the source before the second try.
    "503": "source paused",
    "refused": "robots.txt unavailable",
}


def test_every_hostile_page_ends_in_a_named_outcome_and_the_others_are_kept() -> None:
    with HostileServer() as server:
        done = private(server.urls() | {"refused": refused_url()}, DOWNLOAD_TIMEOUT=2)
    assert set(ENDS) < set(BEHAVIOURS) | {"refused"}
    assert {name: fetched.outcome for name, fetched in done.results.items()} == {
        name: ENDS.get(name, "fetched") for name in [*BEHAVIOURS, "refused"]
    }
    # Two tries of two seconds for what drips and hangs.
    assert done.seconds < 15


def test_a_429_and_a_refusal_of_the_guard_are_not_tried_again() -> None:
    with HostileServer() as server:
        private({"429": server.url("429"), "503": server.url("503"), "500": server.url("500")})
        asked = [server.requests.count(f"/{name}") for name in ("429", "500")]
    assert asked == [1, 2]


def test_what_surrounds_a_body_without_end_costs_no_memory() -> None:
    endless = ["endless-headers", "endless-1xx", "endless-chunk-names", "endless-trailers", "huge-header"]
    with HostileServer() as server:
        calm = private({"good": server.url("good")})
        done = private({name: server.url(name) for name in endless})
    assert {name: fetched.outcome for name, fetched in done.results.items()} == {name: ENDS[name] for name in endless}
    assert done.peak < calm.peak + 16
    # They are hung up on, not waited for.
    assert done.seconds < calm.seconds + 3


def test_a_head_of_130_kilobytes_is_still_read() -> None:
    with HostileServer() as server:
        assert private({"page": server.url("big-head")}).results["page"].status == 200


def test_the_response_is_kept_as_it_was_sent() -> None:
    with HostileServer() as server:
        done = private({name: server.url(name) for name in ("gzip", "chunked")}).results
    assert done["gzip"].size > 10 * done["gzip"].sent_size
    assert "Content-Encoding: gzip\r\nConnection: close\r\n\r\n" in done["gzip"].head
    assert done["chunked"].head == "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert (done["chunked"].sent_size, done["chunked"].tls, done["chunked"].ip) == (12, "none", "127.0.0.1")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and localhost that nobody signed but itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tamdan tests")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_that_does_not_verify_is_refused_by_name(certificate: Path) -> None:
    with HostileServer(tls=certificate) as server:
        done = private({"page": server.url("good")}, ROBOTSTXT_OBEY=False)
    assert done.results["page"].outcome == "bad certificate"


def test_a_trusted_certificate_is_kept_as_verified(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with HostileServer(tls=certificate) as server:
        done = private({"page": server.url("good")})
    assert (done.results["page"].status, done.results["page"].tls) == (200, "verified")


def test_a_source_that_is_opted_out_says_so_and_takes_no_other_host_along(certificate: Path) -> None:
    with HostileServer(tls=certificate) as server:
        there = server.url("good").replace("127.0.0.1", "localhost")
        urls = {"page": server.url("good"), "redirect": server.to("redirect", there)}
        done = private(urls, TAMDAN_TLS_UNVERIFIED=["127.0.0.1"], ROBOTSTXT_OBEY=False).results
    assert (done["page"].status, done["page"].tls) == (200, "unverified")
    assert done["redirect"].outcome == "bad certificate"


def test_an_endless_answer_over_tls_is_hung_up_on(certificate: Path) -> None:
    with HostileServer(tls=certificate) as server:
        done = private({"page": server.url("endless-headers")}, TAMDAN_TLS_UNVERIFIED=["127.0.0.1"])
    assert done.results["page"].outcome == "too large"
    assert done.seconds < 5
