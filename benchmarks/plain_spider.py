"""What the crawl is measured against: Scrapy as it comes, no delay, no robots.txt, fetching the press's pages and doing nothing with them.

python benchmarks/plain_spider.py PAGES_OF_EACH PORT...
"""

import sys
from collections.abc import AsyncIterator

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response

SETTINGS = {"LOG_LEVEL": "WARNING", "ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False}


class PlainSpider(scrapy.Spider):
    """Fetches and counts."""

    name = "plain"

    def __init__(self, pages: int, ports: list[int]) -> None:
        super().__init__()
        self.pages, self.ports = pages, ports

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every page, source by source in turn."""
        for page in range(self.pages):
            for port in self.ports:
                yield Request(f"http://127.0.0.1:{port}/news/{page}", dont_filter=True)

    def parse(self, response: Response) -> None:
        """Do nothing with it."""


def main(pages: int, ports: list[int]) -> int:
    """Fetch; 1 where pages are missing."""
    process = AsyncCrawlerProcess(SETTINGS)
    crawler = process.create_crawler(PlainSpider)
    process.crawl(crawler, pages=pages, ports=ports)
    process.start()
    assert crawler.stats
    return int(crawler.stats.get_value("downloader/response_status_count/200") != pages * len(ports))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
