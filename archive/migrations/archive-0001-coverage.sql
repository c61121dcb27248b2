-- The coverage: private and precious. Instants are UTC in ISO 8601, days are ISO days in the source's own zone;
-- null means that the page does not say.

-- An outlet as sources.toml declared it at the last crawl.
create table source (
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

-- What is followed.
create table campaign (
    id text primary key,
    name text not null,
    name_km text,
    since text not null               -- first day
) strict;

-- A campaign's question, one row per version: a changed wording is a new version, so that an old match still says what caused it.
create table query (
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

-- One row per canonical URL. The integer key is the row of the index; the public key is what people cite.
create table article (
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

-- Facets and sorting of the site read these; without them a page over 100,000 articles takes twice as long.
create index article_source on article (source);
create index article_language on article (language);
create index article_published on article (published, key);  -- also the order of an export, which so is never sorted
create index article_weak on article (weak);
create index article_status on article (status);

-- The text as it stood; append-only.
create table revision (
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

-- Every date the page or its listing offers, and which was chosen.
create table date_candidate (
    id integer primary key,
    article integer not null references article (id),
    revision integer not null,
    origin text not null,
    raw text not null,                -- as written there
    day text not null,                -- local day
    at text,                          -- instant, where told
    chosen integer not null
) strict;

create index date_candidate_article on date_candidate (article);

-- One row per place where a query's term stands.
create table match (
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

create index match_article on match (article);

-- The junction by which coverage is filtered: which query holds for which article now.
create table article_query (
    article integer not null references article (id),
    query integer not null references query (id),
    weak integer not null,
    primary key (article, query)
) strict, without rowid;

create index article_query_query on article_query (query);

-- The response an article was read from, as sent, in a WARC file below captures/.
create table capture (
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

create index capture_article on capture (article);

-- How many articles each source published on each of its days, matched or not: the denominator of any share.
create table source_day (
    source text not null references source (id),
    day text not null,
    articles integer not null,
    primary key (source, day)
) strict, without rowid;

-- One crawl.
create table run (
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

-- What a crawl did at one source.
create table run_source (
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

-- Facts about the file itself, such as the version of the index's tokenizer.
create table meta (
    name text primary key,
    value text not null
) strict;

-- The index over folded clusters; the store writes it in the article's own transaction. It keeps no text of its own.
create virtual table article_fts using fts5 (
    title, text, content = '',
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

-- One row per article that is coverage: every number a user sees comes from here. What is read first stands first.
-- The left join finds every source all the same (its key is there by the foreign key) and is left out where no column of it is asked for.
create view coverage as
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
