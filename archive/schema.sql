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
, image text not null default '', link_share real not null default 0, flags text not null default '[]', origins text not null default '{}', published_reliable integer, modified text, modified_at text, story integer references story (id), text_hash text, kind text not null default 'article', media text not null default 'earned', added integer not null default 0, decision text not null default 'new', hidden integer not null default 0, tone text, gone_on text) strict;

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
    software text not null, cause text not null default 'fetched', versions text not null default '{}',           -- version of Tamdan that read it
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
, changed integer not null default 0, reliable integer not null default 1) strict;

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
    tls text not null, revision integer not null default 1, page integer not null default 1, kind text not null default 'response',                -- verified, unverified, none
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
, kind text not null default 'crawl') strict;

CREATE TABLE run_source (
    run text not null references run (id),
    source text not null references source (id),
    verdict text not null,            -- fine, or what went wrong in words
    listings integer not null,        -- listings that answered
    found integer not null,           -- new links
    fetched integer not null,
    matched integer not null,
    failed integer not null,
    left_over integer not null, headlines integer not null default 0,       -- links that wait for the next run
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

CREATE TABLE story (
    id integer primary key,
    key text not null unique,         -- a letter and a hash: what people cite; stays when stories merge
    original integer references article (id),
    score real,                       -- how sure it is that this one is the original, 0 to 1
    evidence text not null default '[]',  -- JSON: why
    merged_into integer references story (id),  -- null unless it turned out to be part of an older story
    first_seen text not null
) strict;

CREATE INDEX article_story on article (story);

CREATE INDEX article_text_hash on article (text_hash) where text_hash is not null;

CREATE INDEX story_original on story (original);

CREATE INDEX capture_url on capture (url);

CREATE TABLE syndication (
    article integer not null references article (id),
    other integer not null references article (id),
    kind text not null,               -- exact, contained
    score real not null,              -- how much of the smaller text stands in the other, 0 to 1
    primary key (article, other)
) strict, without rowid;

CREATE INDEX syndication_other on syndication (other);

CREATE TABLE gram (
    gram integer not null,
    article integer not null references article (id),
    primary key (gram, article)
) strict, without rowid;

CREATE INDEX gram_article on gram (article);

CREATE TABLE match_change (
    id integer primary key,
    article integer not null references article (id),
    query integer not null references query (id),
    change text not null,             -- gained, withdrawn
    why text not null,
    at text not null
) strict;

CREATE INDEX match_change_article on match_change (article);

CREATE INDEX match_change_query on match_change (query);

CREATE TABLE decision (
    id integer primary key,
    token text not null unique,       -- made with the form: the same form sent twice is one decision
    article integer not null references article (id),
    kind text not null,               -- keep, reject, unsure, title, published, source, authors, tone, gone, merge, split, hide, note, undo
    value text,                       -- JSON: the corrected value, the key of the other article, the words of a note; null where the kind says all
    was text,                         -- JSON: what stood there before
    reason text not null default '',
    who text not null,                -- account
    at text not null,
    undoes integer references decision (id)
) strict;

CREATE INDEX decision_article on decision (article);

CREATE INDEX decision_undoes on decision (undoes) where undoes is not null;

CREATE TABLE correction (
    article integer not null references article (id),
    field text not null,              -- title, published, source, authors
    original text not null,           -- JSON object: the columns of the article as they were read
    decision integer not null references decision (id),
    primary key (article, field)
) strict, without rowid;

CREATE TABLE bond (
    article integer not null references article (id),
    other integer not null references article (id),
    joined integer not null,          -- 1 one story, 0 not
    decision integer not null references decision (id),
    primary key (article, other)
) strict, without rowid;

CREATE INDEX bond_other on bond (other);

CREATE TABLE looked (
    who text primary key,             -- account
    article integer not null,         -- highest number of an article that was there
    at text not null
, change integer not null default 0) strict;

CREATE TABLE addition (
    id integer primary key,
    token text not null unique,       -- made with the form or from the row of a CSV: the same one sent twice is one addition
    campaign text not null references campaign (id),
    kind text not null,               -- article, post, radio, TV, print
    media text not null,              -- earned, owned
    url text,
    file text,                        -- name below captures/
    file_name text,                   -- as the person called it
    file_type text,                   -- media type, told by the content
    title text,
    text text,
    source text,                      -- id of a source, or the name of one that nobody declared
    published text,                   -- local day
    note text,
    who text not null,                -- account
    at text not null,
    state text not null,              -- waiting, done, failed
    outcome text,                     -- what became of it, in words
    done_at text,
    article integer references article (id)
, tries integer not null default 0) strict;

CREATE INDEX addition_article on addition (article);

CREATE INDEX addition_waiting on addition (state) where state = 'waiting';

CREATE INDEX article_decision on article (decision, id);

CREATE VIEW candidate as
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
            select query.campaign as name from article_query join query on query.id = article_query.query
            where article_query.article = article.id
            union select addition.campaign from addition where addition.article = article.id order by 1
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
    article.published_reliable,
    article.modified,
    substr(article.published, 1, 7) as month,
    (select story.key from story where story.id = article.story) as story,
    article.weak,
    article.status,
    article.flags,
    article.revision,
    article.words_est,
    article.first_seen,
    (
        select capture.url from capture where capture.article = article.id and capture.page = 1 order by capture.id desc limit 1
    ) as captured_from,
    article.kind,
    article.media,
    (
        select json_group_array(version) from (
            select query.campaign || '/' || query.name || '@' || query.version as version
            from article_query join query on query.id = article_query.query
            where article_query.article = article.id order by 1
        )
    ) as query_versions,
    article.decision,
    (
        select json_group_array(field) from (select field from correction where correction.article = article.id order by 1)
    ) as corrected,
    article.tone,
    article.gone_on,
    article.hidden,
    article.id as article
from article
left join source on source.id = article.source
where article.added or exists (select 1 from article_query where article_query.article = article.id);

CREATE VIEW coverage as
select
    id, title, published, source_name, quote, words, queries, language, url, authors, campaigns, terms, source, published_at,
    published_origin, published_precision, published_reliable, modified, month, story, weak, status, flags, revision, words_est,
    first_seen, captured_from, kind, media, query_versions, decision, corrected, tone, gone_on, article
from candidate
where decision != 'reject' and hidden = 0;

CREATE TRIGGER article_put after insert on article begin
    update meta set value = value + 1 where name = 'state';
end;

CREATE TRIGGER article_changed after update of
    source, title, published, language, weak, status, revision, story, added, kind, media, decision, hidden, tone, gone_on
on article begin
    update meta set value = value + 1 where name = 'state';
end;

CREATE TRIGGER article_query_put after insert on article_query begin
    update meta set value = value + 1 where name = 'state';
end;

CREATE TRIGGER article_query_taken after delete on article_query begin
    update meta set value = value + 1 where name = 'state';
end;

CREATE TRIGGER addition_changed after update of article, campaign on addition begin
    update meta set value = value + 1 where name = 'state';
end;

CREATE TRIGGER story_changed after update of original on story begin
    update meta set value = value + 1 where name = 'state';
end;

CREATE INDEX article_kind on article (kind);

CREATE INDEX article_hidden on article (hidden);

CREATE TABLE release (
    number integer primary key,
    digest text not null unique,      -- of all that is in the bundle but its number: the same contents are the same release
    asked text not null,              -- what was chosen, as the parameters of a search; empty for all
    day text not null,                -- day of the data: of its newest change
    articles integer not null,
    software text not null,           -- version of Tamdan that made it
    made_at text not null
) strict;

CREATE TABLE edition (
    id integer primary key,
    digest text not null,             -- id in site.toml
    made_at text not null
) strict;

CREATE TABLE told (
    digest text not null,             -- id in site.toml
    article integer not null references article (id),
    edition integer not null references edition (id),
    primary key (digest, article)
) strict, without rowid;

CREATE INDEX told_edition on told (edition);

CREATE INDEX told_article on told (article);

CREATE TABLE message (
    id integer primary key,
    channel text not null,            -- id in site.toml; never its address, which holds a secret
    edition integer references edition (id), -- null for what only the operator is told
    subject text not null,            -- empty for an edition
    body text not null,               -- empty for an edition
    made_at text not null,
    tries integer not null default 0,
    sent_at text                      -- null while it waits
) strict;

CREATE INDEX message_waiting on message (channel, id) where sent_at is null;

CREATE INDEX message_edition on message (edition);

CREATE TABLE trouble (
    subject text primary key,         -- source/ID or channel/ID
    words text not null,
    since text not null
) strict, without rowid;

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

CREATE INDEX page_canonical on page (canonical) where canonical is not null;

CREATE TABLE kept (
    page integer not null references page (id),
    number integer not null,          -- 1 for the first page of an article
    url text not null,
    fetched_at text not null,
    content_type text,
    robots text not null,             -- what the response's X-Robots-Tag said
    html blob,                        -- compressed with zstd; null once its days are over
    article blob,                     -- JSON of the article as read, compressed with zstd; on the first page only, null where it could not be read
    outcome text not null,            -- no match, or the short name of why it could not be read
    reason text not null,             -- the same in a sentence
    versions text not null,           -- JSON object: which version of each stage read it
    primary key (page, number)
) strict, without rowid;

CREATE INDEX kept_fetched on kept (fetched_at);
