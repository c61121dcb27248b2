"""The guard: what it lets through, by the rule alone and in real crawls against listeners that count who connects."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from crawlers.guard import Blocked, Guard, check_address
from crawlers.settings import DOWNLOADER_MIDDLEWARES
from tests.fetching import ENTRY, crawl, private
from tests.hostile import HostileServer

PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "202.58.98.1",
    "2606:4700::1111",
    "2400:cb00::1",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
]
PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
    "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::1.1.1.1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1", "2002:7f00:1::",
    "2002:a00:1::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "::1%lo",
    "2606:4700::1111%eth0", "fec0::1", "ff02::1", "ff0e::1", "5f00::1",
]  # fmt: skip
NEIGHBOURS = [
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.1.1",
    "223.255.255.1",
]


@pytest.mark.parametrize("ip", [*PUBLIC, *NEIGHBOURS])
def test_a_public_address_passes(ip: str) -> None:
    check_address(ip)
    Guard().check_address(ip)


@pytest.mark.parametrize("ip", [*PRIVATE, "", "localhost", "127.1", "1.1.1.1.1", "1.1.1.1\n"])
def test_an_address_that_is_not_a_public_hosts_is_blocked(ip: str) -> None:
    with pytest.raises(Blocked):
        check_address(ip)


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd12::1", "::ffff:127.0.0.1", "1.1.1.1"]
)
def test_the_allowance_opens_ones_own_networks(ip: str) -> None:
    Guard(allow_private=True).check_address(ip)


@pytest.mark.parametrize("ip", ["169.254.169.254", "224.0.0.1", "0.0.0.0", "240.0.0.1", "fe80::1", "100.64.0.1"])
def test_the_allowance_opens_nothing_else(ip: str) -> None:
    with pytest.raises(Blocked):
        Guard(allow_private=True).check_address(ip)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "data:text/html,hello",
        "s3://bucket/key",
        "gopher://example.org/",
        "http:///path",
        "https://",
        "ftp://example.org:80/",
        "http://example.org:22/",
        "http://example.org:8080/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://[::1/",
        "//example.org/",
        "",
    ],
)
def test_a_url_that_is_wrong_on_its_face_is_blocked(url: str) -> None:
    with pytest.raises(Blocked):
        Guard().check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://example.org:443/ខ្មែរ",
        "http://example.org:443/",
        "http://1.1.1.1/",
        "https://ខ្មែរ.example/",
    ],
)
def test_an_ordinary_url_passes(url: str) -> None:
    Guard().check_url(url)


# Every way to write an address of this machine that a URL, a C library or a browser understands. The listeners are on 127.0.0.1,
# 127.0.0.2, 127.9.9.9 and ::1; `{port}` is theirs.
HOSTS = [
    "127.0.0.1", "127.0.0.2", "127.9.9.9", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "0177.0.0.0x1", "127.0.0.01", "0", "0.0.0.0", "0x0", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1%25lo]", "[::1%25lo]", "127.0.0.1.", "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①",
    "user@127.0.0.1", "user:pass@[::1]", "public.example@127.0.0.1", "public.example%40127.0.0.1", "public.example\\@127.0.0.1",
    "127.0.0.1\\@public.example", "localhost", "LOCALHOST", "localhost.", "private.example", "rebinding.example", "mapped.example",
    "10.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "100.100.100.200", "224.0.0.1", "255.255.255.255",
]  # fmt: skip
# What DNS says here. `rebinding` gives a harmless answer first: one that Scrapy's own resolver would keep and the guard must judge again.
TABLE = {
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "LOCALHOST": ["127.0.0.1"],
    "private.example": ["127.0.0.1"],
    "rebinding.example": ["127.0.0.5", "127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "entry.example": [ENTRY],
    "public.example": ["203.0.113.1"],
} | {host: ["127.0.0.1"] for host in ("127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f.0.0.1", "0", "0x0")}


class Machine:
    """Listeners on the machine's own addresses, all on one port, and the page that leads to them at ENTRY."""

    def __init__(self, stack: ExitStack) -> None:
        self.entry = stack.enter_context(HostileServer(ENTRY))
        self.port = self.entry.port
        own = ["127.0.0.1", "127.0.0.2", "127.9.9.9", "::1"]
        self.inside = [stack.enter_context(HostileServer(host, self.port)) for host in own]

    @property
    def connects(self) -> int:
        return sum(server.connects for server in self.inside)

    def probes(self) -> dict[str, str]:
        """Every host directly, behind a redirect, a meta refresh and a link."""
        targets = {host: f"http://{host}:{self.port}/good" for host in HOSTS}
        leading = f"http://entry.example:{self.port}"
        there = {
            f"{how} {host}": self.entry.to(how, url).replace(self.entry.root, leading)
            for how in ("redirect", "refresh", "link")
            for host, url in targets.items()
        }
        return {f"direct {host}": url for host, url in targets.items()} | there


@pytest.fixture
def machine() -> Iterator[Machine]:
    with ExitStack() as stack:
        yield Machine(stack)


WITHOUT_URL_GATE = DOWNLOADER_MIDDLEWARES | {"crawlers.guard.GuardMiddleware": None}
QUICK = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_TIMEOUT": 3, "RETRY_TIMES": 0, "TABLE": TABLE}
DOOR = {
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "tests.fetching.EntryHandler"),
    "TWISTED_DNS_RESOLVER": "tests.fetching.GuardedTable",
}


@pytest.mark.parametrize(
    "gates",
    [
        pytest.param({}, id="all gates"),
        pytest.param({"TWISTED_DNS_RESOLVER": "tests.fetching.Table"}, id="without the gate at DNS"),
        pytest.param({"DOWNLOADER_MIDDLEWARES": WITHOUT_URL_GATE}, id="without the gate at the URL"),
        pytest.param(
            {"TWISTED_DNS_RESOLVER": "tests.fetching.Table", "DOWNLOADER_MIDDLEWARES": WITHOUT_URL_GATE},
            id="with the gate at the connection alone",
        ),
    ],
)
def test_no_link_redirect_refresh_or_dns_answer_reaches_this_machine(machine: Machine, gates: dict[str, Any]) -> None:
    probes = machine.probes()
    done = crawl(probes, **{**QUICK, **DOOR, **gates, "TAMDAN_PORTS": [machine.port]})
    assert machine.connects == 0
    assert len(probes) >= 200
    # The leading pages were really read, so that what they lead to was really tried.
    assert len(machine.entry.requests) > 3 * len(HOSTS)
    assert set(done.results) == set(probes)
    assert {fetched.outcome for fetched in done.results.values()} <= {"blocked address", "robots.txt unavailable"}


def test_the_same_probes_do_connect_where_private_addresses_are_allowed(machine: Machine) -> None:
    done = crawl(
        machine.probes(),
        **{**QUICK, "TAMDAN_ALLOW_PRIVATE": True, "TWISTED_DNS_RESOLVER": "tests.fetching.GuardedTable"},
    )
    assert all(server.connects for server in machine.inside)
    reached = [name for name, fetched in done.results.items() if fetched.status == 200]
    assert {name.split()[0] for name in reached} == {"direct", "redirect", "refresh", "link"}
    assert len(reached) >= 80


def test_a_cached_dns_answer_is_judged_again() -> None:
    with HostileServer() as server:
        # Scrapy's own resolver and cache: the second question for localhost is answered from the cache.
        urls = {name: f"http://localhost:{server.port}/{name}" for name in ("good", "gzip", "chunked")}
        done = crawl(urls, TAMDAN_PORTS=[server.port], DOWNLOAD_DELAY=0, ROBOTSTXT_OBEY=False)
        assert server.connects == 0
    assert {fetched.outcome for fetched in done.results.values()} == {"blocked address"}


def test_a_port_that_is_not_the_webs_is_never_asked(machine: Machine) -> None:
    # The door is open for the address, so that only the port stands in the way.
    urls = {"direct": f"http://entry.example:{machine.port}/good", "https": f"https://{ENTRY}:{machine.port}/good"}
    for gates in ({}, {"DOWNLOADER_MIDDLEWARES": WITHOUT_URL_GATE}):
        done = crawl(urls, **{**QUICK, **DOOR, **gates})
        assert machine.entry.connects == 0
        assert {fetched.outcome for fetched in done.results.values()} == {"blocked address"}


def test_no_file_of_this_machine_is_read() -> None:
    with HostileServer() as server:
        urls = {
            "direct": "file:///etc/passwd",
            "data": "data:text/html,root:x",
            "redirect": server.url("redirect-file"),
            "refresh": server.to("refresh", "file:///etc/passwd"),
            "link": server.to("link", "file:///etc/passwd"),
        }
        done = private(urls)
    assert set(done.results) == set(urls)
    assert not any("root:x" in fetched.text for fetched in done.results.values())
    assert (
        done.results["direct"].outcome
        == done.results["data"].outcome
        == done.results["link"].outcome
        == "blocked address"
    )


def test_redirects_within_an_allowed_private_server_work() -> None:
    with HostileServer() as server:
        good = server.url("good")
        done = private({how: server.to(how, good) for how in ("redirect", "refresh", "link")})
    assert {fetched.status for fetched in done.results.values()} == {200}


def test_a_proxy_is_refused() -> None:
    with HostileServer() as proxy, pytest.MonkeyPatch.context() as environment:
        environment.setenv("http_proxy", proxy.root)
        done = private({"page": "http://public.example/"}, TWISTED_DNS_RESOLVER="tests.fetching.GuardedTable", TABLE={})
        assert proxy.connects == 0
    assert done.results["page"].status == 0
