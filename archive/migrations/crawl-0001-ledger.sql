-- What the crawler remembers. It can be rebuilt by crawling again; the coverage is in archive.db.

-- A page on which a source lists its news, as it was at the last poll.
create table listing (
    url text not null,
    source text not null,
    kind text not null,               -- feed, sitemap, section
    root text not null,               -- URL of the declared listing it hangs on; its own where it is declared
    page integer not null,            -- 1 for the first page of a section
    etag text,
    last_modified text,
    declared_as text,                 -- hash of the declaration it was read by; another one makes etag and last_modified void
    lastmod text,                     -- what its sitemap index says of it
    polled_at text,
    answered_at text,                 -- last poll that was read; null for a page that still has to be
    outcome text,                     -- of the last poll
    newest_at text,                   -- when it last held a link that was new
    primary key (source, url)         -- two sources may name one page: neither hides it from the other
) strict, without rowid;

-- The ledger: every link found, committed before it is fetched. The address is the fetched one, in one spelling.
create table page (
    id integer primary key,
    url text not null unique,
    source text not null,
    state text not null,              -- found, leased, done
    outcome text,                     -- why it is done, or why it was put back
    title text,                       -- as the listing gives them
    summary text,
    listed_date text,
    found_at text not null,
    leased_by text,                   -- run that is fetching it
    attempts integer not null default 0,
    not_before text,                  -- earliest next try
    done_at text,
    canonical text,                   -- the article's own address, once read
    published text,                   -- its local day, for the count of a source's days
    matched integer not null default 0
) strict;

create index page_waiting on page (source, state, id);
create index page_day on page (source, published) where published is not null;

-- Facts about the file itself: which archive.db it belongs to.
create table meta (
    name text primary key,
    value text not null
) strict;

-- Every answer, for the health of a source.
create table fetch (
    id integer primary key,
    run text not null,
    source text not null,
    url text not null,
    at text not null,
    status integer,                   -- null where nothing answered
    outcome text not null,
    bytes integer not null
) strict;

create index fetch_source on fetch (source, id);

-- Pages that did not match or could not be read: HTML and text, each for its days, so that a new query also finds last month.
create table kept (
    page integer primary key references page (id),
    url text not null,
    fetched_at text not null,
    content_type text,
    html blob,                        -- compressed with zstd; null once its days are over
    text blob,                        -- title and text, compressed with zstd
    reason text not null              -- no match, or why it could not be read
) strict;

create index kept_fetched on kept (fetched_at);
