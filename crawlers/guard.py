"""Which addresses the crawler may connect to.

Three gates share one rule: `GuardMiddleware` reads the URL before anything is asked, `GuardedResolver` checks what DNS answers, and
`GuardedEndpoint` resolves, checks and connects to exactly the address it checked, so that no second answer can slip in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from socket import inet_aton
from typing import Any, Self, TypeAlias
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, succeed
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

Address: TypeAlias = IPv4Address | IPv6Address

# The web's own two ports; anything else on a host is somebody's database, cache or admin page.
PORTS = {"http": 80, "https": 443}

# IANA's special-purpose registry, and one public address that only means something inside a cloud.
_REFUSED_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a carrier's customers
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host agent
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only this is handed out to public IPv6 hosts; loopback, ::a.b.c.d, ULA, link-local and multicast all lie outside.
_PUBLIC_6 = IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments; Teredo carries an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address
        "3fff::/20",  # documentation
    )
)
# A network without IPv4 writes every IPv4 host like this (RFC 6052), so it is judged by the address within.
_NAT64 = IPv6Network("64:ff9b::/96")
# What tests and the demo listen on.
_OWN = tuple(IPv4Network(text) for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_OWN_6 = tuple(IPv6Network(text) for text in ("::1/128", "fc00::/7"))


class Blocked(IgnoreRequest):
    """The crawler may not go there; an `IgnoreRequest`, so it is never retried and reaches the errback."""

    outcome = "blocked address"


def check_address(ip: str) -> None:
    """Raise `Blocked` unless this numeric address is a public host's."""
    address = _unwrapped(_parsed(ip))
    if not _is_public(address):
        raise Blocked(f"{ip} is not a public address")


@dataclass(frozen=True, slots=True)
class Guard:
    """The rule: public addresses on the web's ports, or also one's own networks and any port when `allow_private`."""

    allow_private: bool = False
    ports: frozenset[int] = frozenset(PORTS.values())

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read TAMDAN_ALLOW_PRIVATE, which only tests and the demo set, and TAMDAN_PORTS."""
        return cls(settings.getbool("TAMDAN_ALLOW_PRIVATE"), frozenset(map(int, settings.getlist("TAMDAN_PORTS"))))

    def check_address(self, ip: str) -> None:
        """Raise `Blocked` unless a connection to this numeric address is allowed."""
        if not (self.allow_private and _is_own(_unwrapped(_parsed(ip)))):
            check_address(ip)

    def check_port(self, port: int) -> None:
        """Raise `Blocked` for a port that is not the web's."""
        if not self.allow_private and port not in self.ports:
            raise Blocked(f"port {port} is not one of {sorted(self.ports)}")

    def check_url(self, url: str) -> None:
        """Raise `Blocked` for a URL whose scheme, port or literal address is not allowed; asks no DNS."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as wrong:
            raise Blocked(f"{url} is not a URL: {wrong}") from wrong
        if parts.scheme not in PORTS or not host:
            raise Blocked(f"{url}: only http and https are fetched")
        self.check_port(PORTS[parts.scheme] if port is None else port)
        if literal := _literal(host):
            self.check_address(literal)


class GuardMiddleware:
    """Downloader middleware before all others: a URL that is wrong on its face is not even asked for its robots.txt."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it as Scrapy does."""
        return cls(Guard.from_settings(crawler.settings))

    def process_request(self, request: Request) -> None:
        """Raise `Blocked` for a URL that is not allowed."""
        self.guard.check_url(request.url)


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4, cached), whose every answer is checked, answers from the cache too."""

    guard = Guard()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build it as Scrapy does, with the crawler's guard."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.guard = Guard.from_settings(crawler.settings)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802  (Twisted's name)
        """Fire with a checked address, or fail with `Blocked` or a DNSLookupError."""
        return super().getHostByName(name, timeout).addCallback(self._checked)

    def _checked(self, ip: str) -> str:
        self.guard.check_address(ip)
        return ip


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """Connects to a host by the very address that was checked; `reactor` carries the resolver."""

    def __init__(self, reactor: ReactorBase, guard: Guard, place: tuple[str, int], timeout: float) -> None:
        self.reactor = reactor
        self.guard = guard
        self.host, self.port = place
        self.timeout = timeout

    def connect(self, factory: IProtocolFactory) -> "Deferred[IProtocol]":
        """Fire with the connected protocol, or fail with `Blocked` before any packet is sent."""
        literal = _literal(self.host)
        found: Deferred[str] = succeed(literal) if literal else self.reactor.resolve(self.host)
        return found.addCallback(self._connect_to, factory)

    def _connect_to(self, ip: str, factory: IProtocolFactory) -> "Deferred[IProtocol]":
        self.guard.check_port(self.port)
        self.guard.check_address(ip)
        kind = TCP6ClientEndpoint if ":" in ip else TCP4ClientEndpoint
        connected: Deferred[IProtocol] = kind(self.reactor, ip, self.port, self.timeout).connect(factory)
        return connected


@implementer(IAgentEndpointFactory)
class GuardedEndpoints:
    """Makes the `GuardedEndpoint` of a URL, with TLS around it for https by `policy` (an IPolicyForHTTPS)."""

    def __init__(self, reactor: ReactorBase, guard: Guard, policy: Any, timeout: float) -> None:
        self.reactor = reactor
        self.guard = guard
        self.policy = policy
        self.timeout = timeout

    def endpointForURI(self, uri: Any) -> Any:  # noqa: N802  (Twisted's name)
        """Return where to connect for this URL."""
        self.guard.check_url(uri.toBytes().decode("ascii"))
        endpoint: Any = GuardedEndpoint(self.reactor, self.guard, (uri.host.decode("ascii"), uri.port), self.timeout)
        if uri.scheme == b"http":
            return endpoint
        return wrapClientTLS(self.policy.creatorForNetloc(uri.host, uri.port), endpoint)


def _parsed(ip: str) -> Address:
    try:
        address = ip_address(ip)
    except ValueError as wrong:
        raise Blocked(f"{ip!r} is not an address") from wrong
    if isinstance(address, IPv6Address) and address.scope_id:
        raise Blocked(f"{ip} names a network card of this machine")
    return address


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that a mapped or NAT64 address reaches."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_4)
    return address in _PUBLIC_6 and not any(address in network for network in _REFUSED_6)


def _is_own(address: Address) -> bool:
    return any(address in network for network in (_OWN if address.version == 4 else _OWN_6))


def _literal(host: str) -> str | None:
    """Return the address a host is written as, in any form the C library takes (decimal, octal, hex, short), or None."""
    if ":" in host:
        return host
    try:
        return str(IPv4Address(inet_aton(host)))
    except (OSError, UnicodeError):
        return None
