"""The wire: caps the bytes around a body, which no setting of Scrapy's does, and keeps a response's head as it came."""

# Twisted is typed in part only, and this module stands on its untyped half.
# mypy: disallow-untyped-calls=False

from typing import Any, cast

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.web._newclient import HEADER

# Bytes that are not body: status line, headers, 1xx answers, chunk sizes, trailers. The largest real heads seen are under 32 KiB.
SURROUNDINGS = 256 * 1024


class Overrun(Exception):  # noqa: N818  (a reason inside Twisted's failure, never seen outside)
    """More surrounds the body than is allowed."""


class _CappedParser(_LenientHTTPClientParser):
    """Keeps the head as it came, and counts what is not body."""

    # A Content-Security-Policy may be longer than Twisted's 16 KiB.
    MAX_LENGTH = 65536
    around: int
    """Bytes received less bytes of body delivered."""
    lines: list[bytes]

    def watch(self) -> None:
        """Begin counting."""
        self.around, self.lines = 0, []

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Parse, then end the connection when too much surrounds the body."""
        self.around += len(data)
        super().dataReceived(data)
        if self.around > SURROUNDINGS:
            raise Overrun

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802
        """End the connection: one line is far too long."""
        self.around = SURROUNDINGS + 1
        raise Overrun

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        """Begin a head; that of a 1xx answer before it is forgotten."""
        self.lines = [status]
        super().statusReceived(status)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        """Keep a header line."""
        if self.state == HEADER and line.rstrip(b"\r"):
            self.lines.append(line.removesuffix(b"\r"))
        super().lineReceived(line)

    def allHeadersReceived(self) -> None:  # noqa: N802
        """Leave the head with the response."""
        self.response.head = b"\r\n".join([*self.lines, b"", b""])
        super().allHeadersReceived()

    def switchToBodyMode(self, decoder: Any) -> None:  # noqa: N802
        """Take off the count what the decoder delivers as body."""
        deliver = decoder.dataCallback

        def counted(data: bytes) -> None:
            self.around -= len(data)
            deliver(data)

        decoder.dataCallback = counted
        super().switchToBodyMode(decoder)


class _CappedProtocol(_LenientHTTP11ClientProtocol):
    """Gives each response a `_CappedParser`, in the way Scrapy's own protocol gives its parser."""

    def request(self, request: Any) -> "Deferred[Any]":
        """Send the request."""
        answered = super().request(request)
        assert self._parser
        self._parser.__class__ = _CappedParser
        cast("_CappedParser", self._parser).watch()
        return answered

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Parse; an answer that overran is hung up on at once, where Twisted would wait for a TLS peer to agree."""
        parser = cast("_CappedParser | None", self._parser)
        super().dataReceived(data)
        if parser and parser.around > SURROUNDINGS:
            cast("Any", self.transport).abortConnection()


class CappedFactory(_LenientHTTP11ClientFactory):
    """Builds `_CappedProtocol`."""

    def buildProtocol(self, addr: object) -> _CappedProtocol:  # noqa: ARG002, N802
        """Return the protocol of a new connection."""
        return _CappedProtocol(self._quiescentCallback)
