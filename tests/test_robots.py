"""robots.txt: what it forbids, what its absence means, and that its Crawl-delay is kept."""

from contextlib import ExitStack

import pytest

from tests.fetching import private
from tests.hostile import HostileServer, refused_url, reply


def rules(*lines: str) -> bytes:
    return reply(200, "text/plain", "\n".join(lines).encode())


FETCHED, FORBIDDEN, WAITS = "fetched", "forbidden by robots.txt", "robots.txt unavailable"
ANSWERS = {
    "all allowed": (rules("User-agent: *", "Disallow:"), FETCHED),
    "all forbidden": (rules("User-agent: *", "Disallow: /"), FORBIDDEN),
    "forbidden to us": (rules("User-agent: tamdan", "Disallow: /good"), FORBIDDEN),
    "allowed to us": (rules("User-agent: *", "Disallow: /", "", "User-agent: Tamdan", "Allow: /"), FETCHED),
    "forbidden to another": (rules("User-agent: Googlebot", "Disallow: /"), FETCHED),
    "empty": (reply(200, "text/plain", b""), FETCHED),
    "a page instead": (reply(200, "text/html", b"<html>a page</html>"), FETCHED),
    "404, whatever it says": (reply(404, "text/html", b"User-agent: *\nDisallow: /"), FETCHED),
    "403": (reply(403, "text/html", b"Forbidden"), FETCHED),
    "410": (reply(410, "text/html", b"Gone"), FETCHED),
    "429": (reply(429, "text/html", b"Slow down"), WAITS),
    "500": (reply(500, "text/html", b"Error"), WAITS),
    "503": (reply(503, "text/html", b"Later"), WAITS),
    "not HTTP": (b"220 mail.example ESMTP\r\n", WAITS),
    "cut short": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-", WAITS),
    "a page that loops": (reply(302, "text/html", b"", "Location: /robots.txt"), WAITS),
}


def test_what_robots_txt_answers_decides_the_page() -> None:
    with ExitStack() as stack:
        sites = {name: stack.enter_context(HostileServer(robots=robots)) for name, (robots, _) in ANSWERS.items()}
        done = private({name: site.url("good") for name, site in sites.items()}).results
        asked = {name: "/good" in site.requests for name, site in sites.items()}
    assert {name: fetched.outcome for name, fetched in done.items()} == {
        name: end for name, (_, end) in ANSWERS.items()
    }
    assert asked == {name: end == FETCHED for name, (_, end) in ANSWERS.items()}


def test_a_site_that_does_not_answer_is_waited_for() -> None:
    done = private({"refused": refused_url()})
    assert done.results["refused"].outcome == "robots.txt unavailable"


def test_robots_txt_is_asked_once_for_many_pages_and_before_them() -> None:
    with HostileServer() as server:
        private({name: server.url(name) for name in ("good", "gzip", "chunked", "404")})
        asked = server.requests
    assert asked.count("/robots.txt") == 1
    assert asked[0] == "/robots.txt"


@pytest.mark.parametrize(
    ("lines", "delay"),
    [
        (["User-agent: *", "Crawl-delay: 1"], 1.0),
        (["User-agent: tamdan", "Crawl-delay: 1.5", "", "User-agent: *", "Crawl-delay: 30"], 1.5),
        (["User-agent: *", "Crawl-delay: 0.01"], 0.2),
        (["User-agent: *", "Crawl-delay: soon"], 0.2),
    ],
)
def test_crawl_delay_makes_the_source_slower_never_faster(lines: list[str], delay: float) -> None:
    with HostileServer(robots=rules(*lines)) as server:
        urls = {name: server.url(name) for name in ("good", "gzip")}
        done = private(urls, SAME_SLOT=True, DOWNLOAD_DELAY=0.2, DOWNLOAD_DELAY_JITTER=0, AUTOTHROTTLE_ENABLED=True)
    assert max(fetched.delay for fetched in done.results.values()) >= delay
    if delay >= 1:
        assert all(fetched.delay < delay + 0.5 for fetched in done.results.values())
        # robots.txt, then two pages a delay apart each.
        assert done.seconds >= 2 * delay


def test_an_absurd_crawl_delay_is_capped_at_the_slowest_pace_we_know() -> None:
    with HostileServer(robots=rules("User-agent: *", "Crawl-delay: 86400")) as server:
        done = private({"page": server.url("good")}, SAME_SLOT=True, AUTOTHROTTLE_MAX_DELAY=0.5)
    assert done.results["page"].delay == 0.5
