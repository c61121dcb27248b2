"""Scrapy's settings: polite to the press, hard against hostile pages.

What sources.toml says of contact, pace, timeout and certificates is laid over them for a home.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

_MIB = 1024 * 1024


def user_agent(contact: str) -> str:
    """Return the user agent: the tool and a role to write to; never a person, never the campaign."""
    try:
        release = version("tamdan")
    except PackageNotFoundError:
        release = "dev"
    return f"Tamdan/{release} (+media monitor; contact: {contact})"


BOT_NAME = "tamdan"
SPIDER_MODULES = ["crawlers.spiders"]

# Who asks.
USER_AGENT = user_agent("see the operator")
# The name that robots.txt files can address.
ROBOTSTXT_USER_AGENT = "tamdan"
# The path of a page may tell what is looked for; other sites are told nothing.
REFERRER_POLICY = "same-origin"
# No visit is tied to another.
COOKIES_ENABLED = False
# Khmer first, as a reader of these papers would; br and zstd left out because not every tool that reads captures knows them.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "km,en;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}

# How often.
ROBOTSTXT_OBEY = True
# Seconds between two pages of a source without a home's own `delay`; more when it answers slowly.
DOWNLOAD_DELAY = 1.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
# A home's sources have a slot each, one page at a time; this is for what has none.
CONCURRENT_REQUESTS_PER_DOMAIN = 2
CONCURRENT_REQUESTS = 32
# A passing fault is tried once more; the ledger brings the rest back in a later run. 429 is an answer, not a fault.
RETRY_TIMES = 1
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]
# A page that fails is one line of the summary, not an error of the program.
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"

# How much and how long.
DOWNLOAD_MAXSIZE = 5 * _MIB
# Scrapy's warning is for sizes that are refused here.
DOWNLOAD_WARNSIZE = 0
# From the request to the last byte, so that drips and hangs end too.
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 10
REDIRECT_MAX_TIMES = 5
# A refresh within seconds is a redirect; a slow one is a page that reloads itself.
METAREFRESH_MAXDELAY = 5
# 2,083 of Scrapy is too short for percent-encoded Khmer slugs.
URLLENGTH_LIMIT = 8192

# Where to.
DOWNLOAD_HANDLERS = {
    "http": "crawlers.handler.GuardedHandler",
    "https": "crawlers.handler.GuardedHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
TWISTED_DNS_RESOLVER = "crawlers.guard.GuardedResolver"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
# Set by tests and the demo only: their servers listen on loopback.
TAMDAN_ALLOW_PRIVATE = False
# The web's own; any other port is somebody's database or admin page.
TAMDAN_PORTS = [80, 443]
# A proxy named in the environment would see every URL and connect where the guard cannot look.
HTTPPROXY_ENABLED = False
# Scrapy's default is to trust anybody.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Host names of sources whose entry says tls = "unverified".
TAMDAN_TLS_UNVERIFIED: list[str] = []

DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "crawlers.guard.GuardMiddleware": 10,
    "crawlers.pace.BreakerMiddleware": 90,
    # Its place is taken by the one that waits when robots.txt fails and honours Crawl-delay.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawlers.robots.PoliteRobots": 100,
    # Its place is taken by the one that names bombs and torn packings as what they are.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawlers.handler.Decompression": 590,
}

# What a status means is decided by `answers`, not by dropping the response.
HTTPERROR_ALLOW_ALL = True

# Doors closed: both of them run code for whoever reaches the port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Nothing is written but by the archive, and nothing resumes from Scrapy's own job folder, which loses pages when killed.
FEEDS: dict[str, Any] = {}
JOBDIR = None

# DEBUG would log every URL that is asked for; the secrets of a home are never Scrapy settings, which are logged at the start.
LOG_LEVEL = "WARNING"
STATS_DUMP = False
