"""Takes out of a copy of a page what is never text of its article: captions, boxes, lines that only lead elsewhere, other articles."""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from archive.khmer import clean, fold
from pipelines.body.phrases import is_label
from pipelines.body.pictures import is_caption
from pipelines.page.blocks import NAMES, is_body, is_furniture, line, lines, one_line, remove, select
from pipelines.page.document import Document

BOX_SHARE = 0.3
"""Of a page's text: a box that holds more is not thrown away for its name alone."""
LEAD_LENGTH = 30
"""Characters before the link of a line such as «Read more: …»; more of them make it a sentence."""
LEAD_SHARE = 0.6
"""Share of link text from which such a line does nothing but lead elsewhere."""
ALL_LINK = 0.9
"""Share from which a line is a link and nothing else."""
PROMO_LENGTH = (12, 220)
"""Characters of a line that leads elsewhere: shorter is a name, longer a paragraph that somebody linked as a whole."""
CARD_LENGTH = 400
"""Characters of a card that tells of another story; a part of a list of what an article is about is longer."""
FORM_LENGTH = 250
"""Characters around a form; a page that is one form as a whole has more."""
BUTTONS = 4
"""Links made like buttons; more of them are what the article shows, such as a list of wares."""
OTHER_LENGTH = 200
"""Characters under a second headline from which that is another article."""
PARAGRAPH = 80
"""Characters from which a line of a cell is running text."""
MAIN_CELL = 500
"""Characters of running text in one cell from which it is the column of the article."""
SIDE_SHARE = 0.2
"""Of that: a cell with less beside it is a margin; rows of data have no cell with so much."""
MOST_PROMOS = 0.4
"""Of an article's paragraphs: where more of its text are links, they are what it is about, such as a list of results."""

_BOX = re.compile(
    r"(?:^|[\s_-])(?:related\w*|recommend\w*|popular|trending|most[_-]?(?:read|viewed|popular)|ticker|comments?|commentlist|respond|disqus\w*|"
    r"fb-comments|newsletters?|cookie\w*|consent|outbrain\w*|taboola\w*|yarpp\w*|jp-relatedposts|also[_-]?read|read[_-]?(?:more|next|also)|"
    r"more[_-](?:news|stories|from)|latest|teasers?|sharedaddy|shar(?:e|ing)|social|rollover\w*|tooltip\w*|author[_-]?(?:box|bio)|post-?nav\w*|"
    r"breadcrumbs?|pathway|pagination|page-?links|page-?nav\w*|pagelinks|pager|wp-pagenavi|popup|modal|promo\w*|advert\w*|ads?|adv|sponsor\w*|odds|donat\w*|"
    r"support-us|subscri\w*|sign-?up|cta|tagcloud|tag-?list|tags|copyright|blog-?archive|profile-?data)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.IGNORECASE)
"""Names of a link that is to look like a button."""
_INTRO = re.compile(r"intro[-_]?text\b", re.IGNORECASE)
_REST = re.compile(r"full[-_]?text\b", re.IGNORECASE)
_STRING = etree.XPath("string()", smart_strings=False)
_UNSEEN = ("script", "style", "noscript", "template")
_LINES = frozenset({"p", "h2", "h3", "h4", "h5", "li", "div"})
_CARDS = frozenset({"div", "li", "article", "section", "td"})
_HOLDERS = frozenset({"body", "html", "article", "main"})
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|webp|mp[34]|zip)$", re.IGNORECASE)


def pruned(element: html.HtmlElement, document: Document, title: str = "") -> html.HtmlElement:
    """Give a copy of a part of a page in which only what may be its article's text is left; the page itself stays as it is."""
    copy = deepcopy(element)
    copy.tail = None
    remove(list(copy.iter(*_UNSEEN)))
    remove(found for selector in document.page.source.reading.drop for found in select(copy, selector))
    _join_halves(copy)
    held = list(copy.iterdescendants())  # as long as they are held, lxml makes no new ones on each walk
    remove([child for child in held if is_caption(child)])
    remove(list(_other_articles(copy, title)))
    remove(list(_boxes(copy)))
    remove(list(_forms(copy)))
    remove(list(_columns(copy)))
    remove(list(_side_cells(copy)))
    _flatten_cells(copy)
    remove(_promos(copy, document.page.url))
    _shield_quoted(copy)
    return copy


def _join_halves(copy: html.HtmlElement) -> None:
    """Make one of the two parts in which some systems keep a body: what lists show of it, and the rest."""
    for intro in [part for part in copy.iter("div") if _INTRO.search(part.get("class") or "")]:
        rest = intro.getnext()
        if rest is not None and _REST.search(rest.get("class") or ""):
            intro.extend(list(rest))
            intro.set("class", rest.get("class") or "")


def bare(element: html.HtmlElement, document: Document) -> html.HtmlElement:
    """Give such a copy of what is known to be the body, without anything in it that bears the name of furniture."""
    copy = pruned(element, document)
    remove([child for child in copy.iterdescendants() if is_furniture(child)])
    return copy


def _boxes(copy: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Give what is by its name surely no text: related boxes, comments, hover cards; not one that holds much of the page."""
    most = BOX_SHARE * _size(copy)
    for element in copy.iterdescendants():
        if element.tag in _HOLDERS:
            continue
        name, number = element.get("class"), element.get("id")
        named = (name or number) and _names_box(f"{name or ''} {number or ''}"[:NAMES])
        if named and element.find(".//h1") is None and _size(element) < most:
            yield element


@lru_cache(maxsize=8_192)
def _names_box(names: str) -> bool:
    return bool(_BOX.search(names)) and not is_body(names)


def _forms(copy: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Give the boxes that ask for an address, an answer or a purchase, with the words around what is to be filled in or pressed."""
    pressed = [link for link in copy.iter("a") if _BUTTON.search(link.get("class") or "")]
    for asked in (*copy.iter("form", "input", "button"), *(pressed if len(pressed) <= BUTTONS else ())):
        box = asked
        for holder in asked.iterancestors():
            if holder.tag in _HOLDERS or _size(holder) > FORM_LENGTH or holder.find(".//h1") is not None:
                break
            box = holder
        if _size(box) <= FORM_LENGTH and box.getparent() is not None:
            yield box


def _columns(copy: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Give the cells of a page laid out in a table that hold little but links."""
    for cell in copy.iter("td"):
        links = cell.findall(".//a")
        if len(links) > 1 and cell.find(".//td") is None and sum(map(_size, links)) >= LEAD_SHARE * _size(cell):
            yield cell


def _side_cells(copy: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Give the cells beside one that holds nearly all running text of its row: the margins of a page laid out in a table."""
    for row in copy.iter("tr"):
        if len(row) > 1 and _size(row) >= MAIN_CELL:
            told = {cell: _running(cell) for cell in row}
            most = max(told.values())
            if most >= MAIN_CELL:
                yield from (cell for cell, length in told.items() if length < SIDE_SHARE * most)


def _running(cell: html.HtmlElement) -> int:
    """Give the characters of a cell's lines that are long enough for a paragraph."""
    return sum(len(words) for words in lines(cell) if len(words) >= PARAGRAPH)


def _flatten_cells(copy: html.HtmlElement) -> None:
    """Take the paragraph out of cells that hold nothing else, so that a row of short ones stays one line."""
    for row in copy.iter("tr"):
        if len(row) > 1 and all(_size(cell) < PARAGRAPH for cell in row):
            for only in [cell[0] for cell in row if len(cell) == 1 and cell[0].tag == "p"]:
                only.drop_tag()


def _promos(copy: html.HtmlElement, url: str) -> list[html.HtmlElement]:
    """Give the lines that only lead to other pages; none where the page is made of them."""
    found: dict[html.HtmlElement, bool] = {}
    for link in copy.iter("a"):
        block = _line_of(link)
        if block is not None and block not in found:
            found[block] = _leads_elsewhere(block, url)
    promos = [block for block, leads in found.items() if leads]
    promised = sum(map(_size, promos))
    if promised > MOST_PROMOS * _size(copy):
        return [block for block in promos if is_label(line(block))]
    return [*promos, *_cards(promos)]


def _cards(promos: Iterable[html.HtmlElement]) -> Iterator[html.HtmlElement]:
    """Give the cards that several promos beside each other stand in, with the beginnings of their stories."""
    rows: dict[tuple[object, ...], set[html.HtmlElement]] = {}
    for promo in promos:
        card = promo.getparent()
        if card is not None and card.tag in _CARDS:
            rows.setdefault((card.getparent(), card.tag, card.get("class")), set()).add(card)
    for cards in rows.values():
        if len(cards) > 1 and all(_size(card) <= CARD_LENGTH for card in cards):
            yield from cards


def _line_of(link: html.HtmlElement) -> html.HtmlElement | None:
    """Give the line that a link stands in, with a label above it; none where that holds further lines."""
    block = next((node for node in link.iterancestors() if node.tag in _LINES), None)
    if block is None or any(_parts(child) for child in block.iterdescendants()):
        return None
    return block


def _parts(child: html.HtmlElement) -> bool:
    """Tell whether an element makes several lines of the block it stands in; a short label does not, nor what a link holds."""
    if child.tag in ("ul", "ol", "table"):
        return True
    return child.tag in _LINES and _size(child) > LEAD_LENGTH and next(child.iterancestors("a"), None) is None


def _leads_elsewhere(block: html.HtmlElement, url: str) -> bool:
    words = _plain(block)
    if not PROMO_LENGTH[0] <= len(words) <= PROMO_LENGTH[1]:
        return False
    links = [link for link in block.iter("a") if _other_page(link, url)]
    told = [_plain(link) for link in links]
    linked = sum(map(len, told))
    if not links or linked < LEAD_SHARE * len(words):
        return False
    leads = 0 <= words.find(told[0]) <= LEAD_LENGTH and words.endswith(told[-1])
    return linked >= ALL_LINK * len(words) or leads or is_label(clean(words))


def _size(element: html.HtmlElement) -> int:
    return len(_plain(element))


def _plain(element: html.HtmlElement) -> str:
    return " ".join(str(_STRING(element)).split())


def _other_page(link: html.HtmlElement, url: str) -> bool:
    """Tell whether a link leads to another page, not to a place in this one, a file or an address to write to."""
    address = (link.get("href") or "").strip()
    if not address or address.startswith(("#", "mailto:", "tel:", "javascript:")):
        return False
    try:
        target = urlsplit(urljoin(url, address))
    except ValueError:
        return False
    here = bool(target.fragment) and target.path == urlsplit(url).path
    return not here and not _FILE.search(target.path)


def _other_articles(copy: html.HtmlElement, title: str) -> Iterator[html.HtmlElement]:
    """Give the articles under other headlines, where the page's own headline has a text of its own."""
    headings = [heading for heading in copy.iter("h1") if line(heading)]
    wanted = fold(one_line(title))
    own = [heading for heading in headings if fold(line(heading)) == wanted]
    others = [heading for heading in headings if heading not in own]
    if own and others and any(_text_under(heading, others) is not None for heading in own):
        yield from (part for heading in others if (part := _text_under(heading, own)) is not None)


def _text_under(heading: html.HtmlElement, others: list[html.HtmlElement]) -> html.HtmlElement | None:
    """Give the largest part of a page that holds a heading and none of others, where there is more text in it."""
    foreign = {node for other in others for node in other.iterancestors()}
    apart = [node for node in (heading, *heading.iterancestors()) if node not in foreign]
    return apart[-1] if apart and _size(apart[-1]) - _size(heading) >= OTHER_LENGTH else None


def _shield_quoted(copy: html.HtmlElement) -> None:
    """Take the names off quoted posts and what holds nothing else: for them trafilatura throws posts away, and the words in them count."""
    for quoted in copy.iter("blockquote"):
        for holder in (quoted, *quoted.iterancestors()):
            if holder.tag in _HOLDERS or _size(holder) > _size(quoted):
                break
            for name in ("class", "id", "cite", "data-href"):
                holder.attrib.pop(name, None)
