"""An archive of many articles over five years, made of the newsroom's own prose by the real store, the same one in every run.

    python benchmarks/large_archive.py FOLDER [NUMBER OF ARTICLES]

FOLDER becomes a team's home with campaigns.toml and data/archive.db; 100,000 articles take some minutes once.
"""

import random
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from archive.config import load_campaigns
from archive.database import checkpoint, open_writer
from archive.home import SHIPPED, Home, init_home
from archive.khmer import clean, khmer_share
from archive.migrate import migrate
from archive.model import Article, Capture, DateCandidate, Fingerprint, Source
from archive.store import Store
from benchmarks.press import passages
from newsroom.site import Story, load_sites
from pipelines.match import Matcher

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
DAYS = 5 * 365
SOURCES = 24
COPIED = 0.12  # articles that carry the text of an earlier one
NOTED = 50  # articles that wait to be copied


@dataclass(frozen=True, slots=True)
class Passages:
    """What there is to say in one language: headlines, paragraphs that match by themselves, and others."""

    titles: tuple[str, ...]
    told: tuple[str, ...]
    plain: tuple[str, ...]


class Press:
    """Outlets that put paragraphs of the newsroom together anew."""

    def __init__(self) -> None:
        self.campaigns = load_campaigns(SHIPPED / "campaigns.toml")
        self.matcher = Matcher(self.campaigns)
        self.sources = tuple(_source(number) for number in range(SOURCES))
        self._spoken = {language: self._passages(language) for language in ("km", "en")}

    @cached_property
    def _stories(self) -> tuple[Story, ...]:
        return tuple(story for site in load_sites() for story in site.stories)

    def _passages(self, language: str) -> Passages:
        titles = [clean(story.title) for story in self._stories]
        told = [text for story in self._stories for text in passages(story)]
        spoken = [text for text in dict.fromkeys(told) if _language(text) == language]
        return Passages(
            tuple(title for title in dict.fromkeys(titles) if _language(title) == language),
            tuple(text for text in spoken if self._holds(text)),
            tuple(text for text in spoken if not self._holds(text)),
        )

    def _holds(self, text: str) -> bool:
        return bool(self.matcher.match(Article(url="", source="", text=text)).matches)

    def articles(self, number: int) -> Iterator[Article]:
        """Give so many articles that match, oldest first but for some that are found late."""
        chance = random.Random(11)
        waiting: list[Article] = []
        for place in range(number):
            copied = chance.choice(waiting) if waiting and chance.random() < COPIED else None
            made = self._copy(copied, place, chance) if copied else self._article(place, number, chance)
            waiting = [*waiting[-NOTED:], made] if made.status == "read" else waiting
            yield made

    def _article(self, place: int, number: int, chance: random.Random) -> Article:
        source = self.sources[int(SOURCES * chance.random() ** 2)]
        passages = self._spoken[source.languages[0]]
        texts = [chance.choice(passages.told), *chance.choices(passages.plain, k=chance.randrange(8, 18))]
        chance.shuffle(texts)
        made = Article(
            url=f"https://{source.domains[0]}/{place}",
            source=source.id,
            title=chance.choice(passages.titles),
            text="\n".join(texts),
            language=source.languages[0],
            words_est=sum(map(len, texts)) // 5,
        )
        return self._matched(self._odd(_dated(made, place, number, chance), passages, chance))

    def _odd(self, made: Article, passages: Passages, chance: random.Random) -> Article:
        """Make one in thirty match in a caption only, and one in forty known by its headline only."""
        kind = chance.random()
        if kind < 1 / 30:
            return replace(
                made, text="\n".join(chance.choices(passages.plain, k=9)), captions=(chance.choice(passages.told),)
            )
        if kind < 1 / 30 + 1 / 40:
            return replace(made, text="", title=chance.choice(passages.told)[:120], status="headline only")
        return made

    def _matched(self, made: Article) -> Article:
        matched = self.matcher.match(made)
        if not matched.matches:  # the headline was cut before the word
            matched = self.matcher.match(replace(made, description="I Accept LGBT Cambodia ខ្ញុំទទួលយក LGBT"))
        exact = Fingerprint(exact=sha256(made.text.encode()).hexdigest(), grams=()) if made.text else None
        return replace(matched, fingerprint=exact, khmer_share=khmer_share(made.text or made.title))

    def _copy(self, copied: Article, place: int, chance: random.Random) -> Article:
        source = chance.choice(self.sources)
        return replace(copied, url=f"https://{source.domains[0]}/{place}", source=source.id)


def _source(number: int) -> Source:
    language = "en" if number % 3 == 2 else "km"
    name = f"Press {number}"
    return Source(id=f"press-{number}", name=name, languages=(language,), domains=(f"press-{number}.example",))


def _dated(made: Article, place: int, number: int, chance: random.Random) -> Article:
    """Tell the day; one article in thirty does not."""
    if chance.random() < 1 / 30:
        return made
    age = DAYS * (1 - place / number) + chance.expovariate(1 / 3)
    day = (NOW - timedelta(days=min(DAYS, age))).date()
    date = DateCandidate(origin="meta", raw=day.isoformat(), day=day, chosen=True)
    return replace(made, published=date, dates=(date,))


def _language(text: str) -> str:
    return "km" if khmer_share(text) > 0.5 else "en"


def make(home: Home, number: int) -> Path:
    """Make a home whose archive holds so many articles, decided about here and there; gives the archive."""
    init_home(home.path)
    path = home.archive
    migrate(path, "archive")
    press = Press()
    with closing(open_writer(path)) as connection:
        connection.execute("pragma synchronous = off")  # it can be made again
        store = Store(connection)
        store.declare(press.sources, press.campaigns, NOW)
        for place, article in enumerate(press.articles(number)):
            store.put(article, [_capture(article.url, place)], NOW - timedelta(minutes=number - place))
        connection.executescript(DECIDED)
        checkpoint(connection)
    return path


DECIDED = """
update article set decision = case when id % 10 = 0 then 'keep' when id % 33 = 1 then 'unsure' else 'reject' end
where id % 10 = 0 or id % 33 = 1 or id % 50 = 7;
update article set hidden = 1 where id % 200 = 3;
update article set tone = case id % 3 when 0 then 'positive' when 1 then 'neutral' else 'negative' end where decision = 'keep';
update article set gone_on = '2026-10-01' where id % 25 = 4;
update article set kind = 'post' where id % 40 = 9;
"""
"""What people decided, written straight: a decision of each would need its form."""


def _capture(url: str, place: int) -> Capture:
    return Capture(
        url=url, file="made.warc.gz", offset=place, length=1, sha256="0" * 64, fetched_at=NOW, tls="verified"
    )


def main() -> int:
    """Make the archive in the folder named."""
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    print(make(Home(Path(sys.argv[1])), number))
    return 0


if __name__ == "__main__":
    sys.exit(main())
