from datetime import date
from pathlib import Path

import pytest

from archive.config import load_campaigns, load_sources, warnings_for
from archive.model import Article
from pipelines.match import Matcher

ROOT = Path(__file__).parent.parent
OUTLETS = [
    *(
        "khmertimes",
        "camboja",
        "freshnews-en",
        "freshnews",
        "kampucheathmey",
        "dap",
        "kohsantepheap",
        "rfa",
        "rfi",
        "voa",
        "vod",
    ),
    *(
        "vod-en",
        "ppp",
        "postkhmer",
        "thmeythmey",
        "cambodianess",
        "sabay",
        "kiripost",
        "akp",
        "rasmei",
        "wmc",
        "cambodiadaily",
    ),
    *(
        "eac",
        "nokorwat",
        "cen",
        "btv",
        "bayon",
        "ams",
        "seaglobe",
        "kamnotra",
        "globalvoices",
        "blade",
        "pinknews",
        "ucanews",
    ),
]


def test_the_shipped_sources_hold_every_known_outlet() -> None:
    sources = load_sources(ROOT / "sources.toml").by_id()
    assert sorted(sources) == sorted(OUTLETS)
    assert [name for name in OUTLETS if sources[name].status == "closed"] == ["vod", "vod-en"]
    assert not any(source.crawled for source in sources.values() if source.status in ("closed", "suspended"))
    assert [name for name in OUTLETS if sources[name].verified_on] == [
        *("khmertimes", "camboja", "freshnews-en", "kampucheathmey", "dap", "kohsantepheap", "rfa")
    ]


def test_an_outlet_nobody_saw_work_says_so() -> None:
    unseen = [
        source for source in load_sources(ROOT / "sources.toml").source if source.crawled and not source.verified_on
    ]
    assert unseen
    assert [source.id for source in unseen if "unverified" not in (source.note or "")] == []


def test_the_shipped_campaign_asks_its_eight_questions_without_a_warning() -> None:
    shipped = load_campaigns(ROOT / "campaigns.toml")
    assert warnings_for(shipped, today=date(2026, 11, 22)) == []
    (campaign,) = shipped.campaign
    assert campaign.id == "i-accept"
    assert campaign.since == date(2021, 12, 1)
    assert [query.id for query in campaign.query] == [
        *("slogan", "same-sex-love", "marriage", "lgbt", "gender", "rock", "declaration", "derogatory")
    ]
    assert all(query.label_km for query in campaign.query)


@pytest.mark.parametrize(
    ("headline", "queries"),
    [
        ("យុទ្ធនាការ «ខ្ញុំទទួលយក» បន្តនៅខេត្តបាត់ដំបង", {"slogan"}),
        ("យុទ្ធការ« ខ្ញុំ ទទួលយក » បន្តនៅខេត្តបាត់ដំបង", {"slogan"}),
        ("ខ្ញុំទទួលយក – I Accept", {"slogan"}),
        ("The “I Accept” campaign goes on", {"slogan"}),
        ("Campaigners wear #IAccept shirts", {"slogan"}),
        ("ទិវាសិទ្ធិមនុស្សអន្តរជាតិ «ខ្ញុំទទួលយក»", {"slogan"}),
        ("យុទ្ធនាការ «ខ្ញុំទទួលយក» លទ្ធផលគឺល្អ", {"slogan"}),
        ("យុទ្ធនាការ ខ្ញុំទទួលយក ការស្រឡាញ់", {"slogan"}),
        ("The campaign, I Accept – the drive goes on", {"slogan"}),
        ("IAccept shirts sell out", {"slogan"}),
        ("#iaccept and #IAcceptCambodia", {"slogan"}),
        ("#IAcceptCambodia", {"slogan"}),
        ("Shops get an iAccept machine for iaccept payments", set()),
        ("ខ្ញុំទទួលយកការពិតក្នុងយុទ្ធនាការបោះឆ្នោត", set()),
        ("ខ្ញុំទទួលយកនូវលទ្ធផលបោះឆ្នោត ក្រោយយុទ្ធនាការ", set()),
        ("ខ្ញុំទទួលយកចាញ់ ក្នុងយុទ្ធនាការឃោសនា", set()),
        ("យុទ្ធការយោធា ៖ ខ្ញុំទទួលយកបេសកកម្ម", set()),
        ("យុទ្ធនាការទីផ្សារ ខ្ញុំទទួលយកការទិញ", set()),
        ("“I Accept responsibility,” he said as LGBT groups marched", {"lgbt"}),
        ("I Accept the Result of the LGBT Vote", {"lgbt"}),
        ("L.G.B.T. families", {"lgbt"}),
        ("L.G.B.T.Q. families", {"lgbt"}),
        ("ＬＧＢＴ families", {"lgbt"}),
        ("ខ្ញុំទទួលយកលទ្ធផល", set()),
        ("ក្នុងយុទ្ធនាការបោះឆ្នោត លោកថា ខ្ញុំទទួលយកលទ្ធផល", set()),
        ("រៀបអាពាហ៍ពិពាហ៍ ៖ ខ្ញុំទទួលយកចិត្តគាត់", set()),
        ("ខ្ញុំទទួលយក", set()),
        ("“I accept the result,” says the candidate", set()),
        ("I Accept the Result, Says Candidate", set()),
        ("I accept the campaign is over", set()),
        ("ច្បាប់អាពាហពិពាហ៍ចំពោះអ្នកស្រលាញ់ភេទដូចគ្នា", {"same-sex-love", "marriage"}),
        ("សមភាពអាពាហពិពាហ", {"marriage"}),
        ("ច្បាប់រៀបការថ្មី", set()),
        ("ផលិតផលប្រភេទដូចគ្នា និងប្រភេទទីបី", set()),
        ("អ្នកប្ដូរភេទ និងភេទទី៣", {"gender"}),
        ("LGBTQIA+ people in Siem Reap", {"lgbt"}),
        ("A gay couple in Lisbon", set()),
        ("A gay couple in Phnom Penh", {"lgbt"}),
        ("RoCK opens its doors", {"rock"}),
        ("Rock opens the evening", set()),
        ("សេចក្ដីប្រកាសទំនាក់ទំនងគ្រួសារ", {"declaration"}),
    ],
)
def test_the_shipped_queries_tell_the_campaign_from_everyday_words(headline: str, queries: set[str]) -> None:
    article = Article(url="https://dap-news.com/1", source="dap", title=headline)
    matches = Matcher(load_campaigns(ROOT / "campaigns.toml")).match(article).matches
    assert {match.query for match in matches} == queries
