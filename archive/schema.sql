-- Made by `make schema` from migrations/: read this, change those.

-- archive.db

CREATE TABLE source (
    id text primary key,
    name text not null,
    name_km text,
    status text not null,             -- open, closed, suspended, unconfirmed
    languages text not null,          -- JSON array, the main one first
    homepage text not null,
    zone text not null,               -- IANA time zone
    verified_on text,                 -- day on which somebody saw the listings work
    note text
) strict;

CREATE TABLE campaign (
    id text primary key,
    name text not null,
    name_km text,
    since text not null               -- first day
) strict;

CREATE TABLE query (
    id integer primary key,
    campaign text not null references campaign (id),
    name text not null,               -- its id in campaigns.toml
    version integer not null,
    label text not null,
    label_km text,
    find text not null,
    words text not null,              -- JSON: the terms and spellings that were in force
    first_used text not null,
    retired_at text,                  -- null for the version in force
    unique (campaign, name, version)
) strict;

CREATE TABLE article (
    id integer primary key,
    key text not null unique,         -- a letter and a hash of the canonical URL
    url text not null unique,
    source text not null references source (id),
    title text not null,
    description text not null,
    section text not null,
    authors text not null,            -- JSON array
    tags text not null,               -- JSON array
    captions text not null,           -- JSON array
    published text,                   -- local day
    published_at text,                -- instant, where the minute is known
    published_origin text,            -- json-ld, meta, time, selector, by-line, listing, url
    published_precision text,         -- day, minute
    language text not null,           -- ISO 639-1 or und
    khmer_share real not null,        -- 0 to 1
    words_est integer not null,
    weak integer not null,            -- 1 where every match stands in a caption, tag or description only
    status text not null,             -- read: title and text were read from the page
    revision integer not null,        -- number of the newest revision
    first_seen text not null,
    last_seen text not null
) strict;

CREATE INDEX article_source on article (source);

CREATE INDEX article_language on article (language);

CREATE INDEX article_published on article (published, key);

CREATE INDEX article_weak on article (weak);

CREATE INDEX article_status on article (status);

CREATE TABLE revision (
    id integer primary key,
    article integer not null references article (id),
    number integer not null,          -- from 1
    seen_at text not null,
    title text not null,
    text text not null,
    sha256 text not null,             -- of title, text and all else that is searched
    software text not null,           -- version of Tamdan that read it
    unique (article, number)
) strict;

CREATE TABLE date_candidate (
    id integer primary key,
    article integer not null references article (id),
    revision integer not null,
    origin text not null,
    raw text not null,                -- as written there
    day text not null,                -- local day
    at text,                          -- instant, where told
    chosen integer not null
) strict;

CREATE INDEX date_candidate_article on date_candidate (article);

CREATE TABLE match (
    id integer primary key,
    article integer not null references article (id),
    revision integer not null,
    query integer not null references query (id),
    term text not null,
    field text not null,              -- title, text, description, caption, tag
    part integer not null,            -- which caption or tag, from 0
    start integer not null,           -- characters in the clean text of the field
    end integer not null,
    words text not null,              -- as they stand there
    quote text not null,              -- the words with whole clusters and words around them
    weak integer not null
) strict;

CREATE INDEX match_article on match (article);

CREATE TABLE article_query (
    article integer not null references article (id),
    query integer not null references query (id),
    weak integer not null,
    primary key (article, query)
) strict, without rowid;

CREATE INDEX article_query_query on article_query (query);

CREATE TABLE capture (
    id integer primary key,
    article integer not null references article (id),
    url text not null,
    file text not null,
    offset integer not null,
    length integer not null,
    sha256 text not null,             -- of the body as sent
    fetched_at text not null,
    tls text not null,                -- verified, unverified, none
    unique (file, offset)
) strict;

CREATE INDEX capture_article on capture (article);

CREATE TABLE source_day (
    source text not null references source (id),
    day text not null,
    articles integer not null,
    primary key (source, day)
) strict, without rowid;

CREATE TABLE run (
    id text primary key,
    started_at text not null,
    ended_at text,                    -- null for a run that was killed
    exit_code integer,
    software text not null,
    found integer not null default 0,
    fetched integer not null default 0,
    matched integer not null default 0,
    failed integer not null default 0
) strict;

CREATE TABLE run_source (
    run text not null references run (id),
    source text not null references source (id),
    verdict text not null,            -- fine, or what went wrong in words
    listings integer not null,        -- listings that answered
    found integer not null,           -- new links
    fetched integer not null,
    matched integer not null,
    failed integer not null,
    left_over integer not null,       -- links that wait for the next run
    primary key (run, source)
) strict, without rowid;

CREATE TABLE meta (
    name text primary key,
    value text not null
) strict;

CREATE VIRTUAL TABLE article_fts using fts5 (
    title, text, content = '',
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

CREATE VIEW coverage as
select
    article.key as id,
    article.title,
    article.published,
    source.name as source_name,
    (
        select match.quote from match
        where match.article = article.id and match.revision = article.revision
        order by match.weak, match.field = 'title', match.id limit 1
    ) as quote,
    (
        select match.words from match
        where match.article = article.id and match.revision = article.revision
        order by match.weak, match.field = 'title', match.id limit 1
    ) as words,
    (
        select json_group_array(name) from (
            select query.name from article_query join query on query.id = article_query.query
            where article_query.article = article.id order by query.id
        )
    ) as queries,
    article.language,
    article.url,
    article.authors,
    (
        select json_group_array(name) from (
            select distinct query.campaign as name from article_query join query on query.id = article_query.query
            where article_query.article = article.id order by 1
        )
    ) as campaigns,
    (
        select json_group_array(term) from (
            select distinct match.term from match
            where match.article = article.id and match.revision = article.revision order by 1
        )
    ) as terms,
    article.source,
    article.published_at,
    article.published_origin,
    article.published_precision,
    substr(article.published, 1, 7) as month,
    article.weak,
    article.status,
    article.revision,
    article.words_est,
    article.first_seen,
    (select capture.url from capture where capture.article = article.id order by capture.id desc limit 1) as captured_from,
    article.id as article
from article
left join source on source.id = article.source
where exists (select 1 from article_query where article_query.article = article.id);

-- crawl.db

CREATE TABLE listing (
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

CREATE TABLE page (
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

CREATE INDEX page_waiting on page (source, state, id);

CREATE INDEX page_day on page (source, published) where published is not null;

CREATE TABLE meta (
    name text primary key,
    value text not null
) strict;

CREATE TABLE fetch (
    id integer primary key,
    run text not null,
    source text not null,
    url text not null,
    at text not null,
    status integer,                   -- null where nothing answered
    outcome text not null,
    bytes integer not null
) strict;

CREATE INDEX fetch_source on fetch (source, id);

CREATE TABLE kept (
    page integer primary key references page (id),
    url text not null,
    fetched_at text not null,
    content_type text,
    html blob,                        -- compressed with zstd; null once its days are over
    text blob,                        -- title and text, compressed with zstd
    reason text not null              -- no match, or why it could not be read
) strict;

CREATE INDEX kept_fetched on kept (fetched_at);
