"""The download handler: connects through the guard, caps what surrounds a body, and keeps the response as it was sent."""

# Twisted is typed in part only, and this module stands on its untyped half.
# mypy: disallow-untyped-calls=False

import zlib
from datetime import UTC, datetime
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
from backports import zstd
from OpenSSL.SSL import Error as TlsError
from scrapy import Request, Spider
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.client import Agent
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawlers.capture import RawResponse, Tls
from crawlers.guard import Blocked, Guard, GuardedEndpoints
from crawlers.pace import BreakerMiddleware
from crawlers.wire import SURROUNDINGS, CappedFactory, Overrun


class TooLarge(IgnoreRequest):
    """The response is larger than DOWNLOAD_MAXSIZE, as sent or unpacked, or more than 256 KiB surround its body."""

    outcome = "too large"


class BadEncoding(IgnoreRequest):
    """The body does not unpack as its Content-Encoding says."""

    outcome = "unreadable encoding"


class BadCertificate(IgnoreRequest):
    """The server's certificate does not verify, and the source's entry does not say tls = "unverified"."""

    outcome = "bad certificate"


# Everything that a request can end in, but a response.
FAILURES: tuple[type[Exception], ...] = (
    IgnoreRequest,
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionClosed,
    OSError,
)
_OUTCOMES: dict[type[BaseException], str] = {
    CannotResolveHostError: "unknown host",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "timeout",
    ResponseDataLossError: "cut short",
}


def outcome_of(failure: BaseException) -> str:
    """Return the short name by which the ledger and the summary count what a request ended in."""
    named: str | None = getattr(failure, "outcome", None) or _OUTCOMES.get(type(failure))
    if named:
        return named
    if isinstance(failure, HttpError):
        return f"http {failure.response.status}"
    # Scrapy has no class of its own for this one.
    if isinstance(failure, IgnoreRequest):
        return "too many redirects" if "max redirections" in str(failure) else "ignored"
    return "connection failed"


class Decompression(HttpCompressionMiddleware):
    """Scrapy's decompression, which ends a bomb as `TooLarge` and what does not unpack as `BadEncoding`."""

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Any:  # noqa: ARG002
        """Return the unpacked response."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as bomb:
            raise TooLarge(str(bomb)) from bomb
        except (OSError, EOFError, zlib.error, zstd.ZstdError, brotli.error) as torn:
            raise BadEncoding(f"{request.url}: {torn}") from torn


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler behind the guard; leaves a `RawResponse` in `request.meta["raw"]`.

    Certificates verify but for the host names in TAMDAN_TLS_UNVERIFIED. It goes by name and not by request, because a redirect
    carries a request's meta to other hosts. Proxies are refused: they would connect where the guard cannot look.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = CappedFactory  # noqa: SLF001  (Scrapy sets its own factory the same way)
        self._guard = Guard.from_settings(crawler.settings)
        self._unverified = frozenset(crawler.settings.getlist("TAMDAN_TLS_UNVERIFIED"))
        self._contextFactory: Any = _Policy(self._contextFactory, self._unverified)

    async def download_request(self, request: Request) -> Response:
        """Return the response below decompression; raise one of `FAILURES`."""
        if request.meta.get("proxy"):
            raise Blocked(f"{request.url}: proxies are not used")
        breaker = self._crawler.get_downloader_middleware(BreakerMiddleware)
        if breaker:
            breaker.process_request(request)
        response = await self._downloaded(request)
        if breaker:
            breaker.answered(request, response)
        return response

    async def _downloaded(self, request: Request) -> Response:
        request.meta.pop("raw", None)
        agent, started = self._agent(), datetime.now(UTC)
        try:
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(agent.download_request(request))
        except (DownloadCancelledError, DownloadFailedError, ResponseDataLossError) as failed:
            raise _named(failed, request.url) from failed
        request.meta["raw"] = RawResponse(
            url=response.url,
            status=response.status,
            head=agent.head,
            body=response.body,
            ip=str(response.ip_address or ""),
            started_at=started,
            tls=self._tls(request),
        )
        return response

    def _agent(self) -> "_GuardedAgent":
        agent = _GuardedAgent(
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=self._default_maxsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        agent.guard = self._guard
        return agent

    def _tls(self, request: Request) -> Tls:
        url = urlparse_cached(request)
        if url.scheme != "https":
            return "none"
        return "unverified" if url.hostname in self._unverified else "verified"


class _GuardedAgent(_ScrapyAgent):
    """One download: goes out through `GuardedEndpoint`, and keeps the head of what came."""

    guard = Guard()
    head = b""

    def _get_agent(self, request: Request, timeout: float) -> Any:  # noqa: ARG002  (Scrapy's signature)
        pool: Any = self._pool
        reactor = pool._reactor  # noqa: SLF001  (importing the reactor would install it)
        endpoints = GuardedEndpoints(reactor, self.guard, self._contextFactory, timeout)
        return Agent.usingEndpointFactory(reactor, endpoints, pool)

    def _cb_bodydone(self, result: Any, url: str) -> Response:
        self.head = result["txresponse"].head
        return super()._cb_bodydone(result, url)


@implementer(IPolicyForHTTPS)
class _Policy:
    """Verifies certificates, but for the hosts whose source is opted out."""

    def __init__(self, verified: Any, unverified: frozenset[str]) -> None:
        self.verified = verified
        self.lenient: Any = _ScrapyClientContextFactory(verify_certificates=False)
        self.unverified = unverified

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  (Twisted's name)
        """Return what makes the TLS connection to this host."""
        policy = self.lenient if hostname.decode("ascii").lower() in self.unverified else self.verified
        return policy.creatorForNetloc(hostname, port)


def _named(failed: Exception, url: str) -> Exception:
    """Return what really happened inside a failure of Twisted's."""
    if isinstance(failed, DownloadCancelledError):
        return TooLarge(f"{url}: {failed}")
    reasons = [reason.value for reason in getattr(failed.__cause__, "reasons", [])]
    if any(isinstance(reason, Overrun) for reason in reasons):
        return TooLarge(f"{url}: more than {SURROUNDINGS:,} bytes surround the body")
    if any(isinstance(reason, TlsError | VerificationError) for reason in reasons):
        return BadCertificate(f"{url}: the certificate does not verify: {reasons[0]!r}")
    return failed
