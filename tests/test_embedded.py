import json
from typing import Any

import pytest

from pipelines.page.document import Document
from pipelines.page.embedded import State
from tests.pages import ENGLISH, KHMER, page

TITLE = "ផ្លូវថ្មីទៅផ្សារនឹងចាប់ផ្តើមសាងសង់ក្រោយរដូវវស្សា"
HTML = "".join(f"<p>{part}</p>" for part in KHMER)
OTHER = {
    "title": "A quite different story about the boats on the lake",
    "body": "".join(f"<p>{part}</p>" for part in ENGLISH),
}


def next_data(data: Any) -> str:
    return f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps({'props': {'pageProps': data}})}</script>"


def told(scripts: str, head: str = f"<meta property='og:title' content='{TITLE}'>", **changes: Any) -> State:
    return Document.parse(
        page(f"<html><head>{head}</head><body><div id='root'></div>{scripts}</body></html>", **changes)
    ).state


@pytest.mark.parametrize(
    "body",
    [
        HTML,
        HTML.replace("<", "&lt;").replace(">", "&gt;"),
        "\n\n".join(KHMER),
        list(KHMER),
        {"rendered": HTML},
        [{"type": "paragraph", "value": part, "id": "x"} for part in KHMER],
        [{"type": "paragraph", "value": f"<p>{part}</p>"} for part in KHMER] + [{"type": "image", "value": 7}],
        [{"type": "text", "content": part} for part in KHMER],
        {"time": 1, "blocks": [{"type": "paragraph", "data": {"text": part}} for part in KHMER]},
        {"blocks": [{"key": "a", "type": "unstyled", "text": part, "entityRanges": []} for part in KHMER], "entityMap": {}},
        {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": part[:9]}, {"type": "text", "marks": [{"type": "bold"}], "text": part[9:]}]} for part in KHMER]},
        [{"type": "paragraph", "children": [{"text": part[:9]}, {"type": "link", "url": "/", "children": [{"text": part[9:20]}]}, {"text": part[20:]}]} for part in KHMER],
        [{"_type": "block", "children": [{"_type": "span", "text": part}]} for part in KHMER],
        {"nodeType": "document", "content": [{"nodeType": "paragraph", "content": [{"nodeType": "text", "value": part}]} for part in KHMER]},
        {"root": {"type": "root", "children": [{"type": "paragraph", "children": [{"type": "text", "text": part}]} for part in KHMER]}},
        [{"name": "core/paragraph", "attributes": {"content": part}, "innerBlocks": []} for part in KHMER],
    ],
)  # fmt: skip
def test_a_body_is_read_whatever_editor_wrote_it(body: Any) -> None:
    assert told(next_data({"article": {"title": TITLE, "body": body}})).paragraphs == KHMER


ARTICLE = {"title": TITLE, "body": HTML}
JSON = json.dumps(ARTICLE)
FLAT = json.dumps([["Reactive", 1], {"post": 2}, {"title": 3, "body": 4}, TITLE, HTML])


@pytest.mark.parametrize(
    "script",
    [
        f"<script type='application/json'>{JSON}</script>",
        f"<script type='application/json' id='__NUXT_DATA__'>{FLAT}</script>",
        f"<script>window.__INITIAL_STATE__ = {JSON};(function(){{}}());</script>",
        f"<script>var a = 1; window['__STATE__']={{\"posts\": [{JSON}]}}; var b = {{x: 1}};</script>",
        f"<script>window.__DATA__ = JSON.parse({json.dumps(JSON)});</script>",
        "<script>window.__DATA__ = JSON.parse('" + JSON.replace("\\", "\\\\").replace("'", "\\'") + "');</script>",
        f"<script>Store.content={JSON};Store.more={{}};</script>",
        "<script>self.__next_f.push([1," + json.dumps(f"3:{JSON}\n") + "])</script>",
        "<script>self.__next_f.push([1," + json.dumps(f"3:T{len(HTML.encode()):x},{HTML}") + "])</script>"
        "<script>self.__next_f.push([1," + json.dumps("4:" + json.dumps(["$", "div", None, ARTICLE | {"body": "$3", "filler": "x" * 300}]) + "\n") + "])</script>",
        "<div data-page='" + JSON.replace("'", "&#39;") + "'></div>",
    ],
)  # fmt: skip
def test_data_are_found_wherever_scripts_keep_them(script: str) -> None:
    found = told(script)
    assert found.title == TITLE
    assert found.paragraphs == KHMER


def test_everything_told_of_the_article_is_given() -> None:
    article = {
        "headline": TITLE,
        "content": HTML,
        "meta": {"first_published_at": "2021-12-10T07:00:00+07:00"},
        "updatedAt": 1639180800000,
        "byline": [{"firstName": "ចាន់", "lastName": "សុភា"}, {"name": "Lina Kem"}],
        "summary": "<b>Short</b> words",
        "tags": [{"name": "road"}, {"name": "market"}],
        "category": {"name": "National", "slug": "national"},
        "featured_image": {"url": "https://news.example/a.jpg", "caption": "A road"},
    }
    assert told(next_data({"article": article})) == State(
        title=TITLE,
        paragraphs=KHMER,
        authors=("ចាន់ សុភា", "Lina Kem"),
        published="2021-12-10T07:00:00+07:00",
        modified="2021-12-11T00:00:00+00:00",
        description="Short words",
        tags=("road", "market"),
        section="National",
        image="https://news.example/a.jpg",
        captions=("A road",),
    )


def test_of_two_objects_the_one_the_page_is_named_after_is_taken() -> None:
    assert told(next_data({"a": OTHER, "b": ARTICLE})).title == TITLE
    assert told(next_data({"a": [OTHER, ARTICLE, OTHER]})).paragraphs == KHMER
    slugs = next_data({"a": OTHER | {"slug": "story-7"}, "b": ARTICLE | {"slug": "story-8"}})
    assert told(slugs, head="", url="https://news.example/story-8").title == TITLE


@pytest.mark.parametrize(
    ("data", "head"),
    [
        ({"a": OTHER}, f"<meta property='og:title' content='{TITLE}'>"),
        ({"relatedArticles": [OTHER]}, ""),
        ({"a": OTHER, "b": ARTICLE}, ""),
        ({"article": {"title": TITLE, "body": "short"}}, ""),
        ({"title": TITLE}, ""),
        ([7, None, "text"], ""),
    ],
)
def test_what_may_be_another_article_is_not_taken(data: Any, head: str) -> None:
    assert told(next_data(data), head=head) == State()


def test_the_only_article_is_taken_where_the_page_has_no_headline() -> None:
    assert told(next_data({"a": ARTICLE}), head="<title>News of the Example</title>").title == TITLE


@pytest.mark.parametrize(
    "script",
    [
        "<script type='application/json'>" + "[" * 10_000 + "</script>",
        "<script type='application/json'>" + '{"title":"a","body":' * 900 + "1" + "}" * 900 + "</script>",
        "<script type='application/json'>" + json.dumps([{"title": 1, "body": 2}, "a", [2, 2, 3], [2, 3, 3]] + [{"title": 1, "body": 2}] * 50) + "</script>",
        "<script>" + 'window.a = {"b": "' * 9_000 + "</script>",
        '<script>self.__next_f.push([1, 7]);self.__next_f.push([1,"f:Tfffff,x"]);' + " " * 300 + "</script>",
        "<script type='application/json'>" + json.dumps({"title": "a", "body": "\u003cp\u003e" * 9_000}).replace("<", "\\u003c") + "</script>",
        "<script type='application/json'>" + json.dumps({"title": "a", "body": HTML, "date": 1e300, "updated": True, "tags": {"a": [[[[[["b"]]]]]]}}) + "</script>",
        f"<script src='/x.js'>{JSON}</script>",
    ],
)  # fmt: skip
def test_hostile_data_tell_nothing_and_hold_nobody_up(script: str) -> None:
    assert told(script).title in ("", "a")


def test_a_page_without_data_tells_nothing() -> None:
    assert told("<script>var a = 1;</script>") == State()


def test_data_added_to_a_list_are_read() -> None:
    added = json.dumps({"queries": [{"state": {"data": {"title": TITLE, "contentHtml": HTML}}}]})
    html = f"<h1>{TITLE}</h1><script>window.q = window.q || [];window.q.push({added})</script>"
    assert told(html).paragraphs == KHMER
