-- What reading tells beyond the words, one story at several sources, and what reading again changed.

-- One text at every source that ran it.
create table story (
    id integer primary key,
    key text not null unique,         -- a letter and a hash: what people cite; stays when stories merge
    original integer references article (id),
    score real,                       -- how sure it is that this one is the original, 0 to 1
    evidence text not null default '[]',  -- JSON: why
    merged_into integer references story (id),  -- null unless it turned out to be part of an older story
    first_seen text not null
) strict;

alter table article add column image text not null default '';       -- address of the lead picture
alter table article add column link_share real not null default 0;   -- of the body's text, 0 to 1
alter table article add column flags text not null default '[]';     -- JSON array: short, many links, big page, little text, paywalled, one page of several, noarchive
alter table article add column origins text not null default '{}';   -- JSON object: where each value was told
alter table article add column published_reliable integer;           -- 0 where something speaks against the day; null without one
alter table article add column modified text;                        -- local day of the last change the page tells of
alter table article add column modified_at text;                     -- its instant, where told
alter table article add column story integer references story (id);
alter table article add column text_hash text;                       -- of the folded text; null where it is too short to be known again

create index article_story on article (story);
create index article_text_hash on article (text_hash) where text_hash is not null;
create index story_original on story (original);

alter table revision add column cause text not null default 'fetched';   -- fetched, or read again from its capture
alter table revision add column versions text not null default '{}';     -- JSON object: which version of each stage made it

alter table date_candidate add column changed integer not null default 0;    -- 1 for a later change of the page
alter table date_candidate add column reliable integer not null default 1;

alter table capture add column revision integer not null default 1;      -- the revision read from it
alter table capture add column page integer not null default 1;          -- which page of an article of several
alter table capture add column kind text not null default 'response';    -- response: as sent; resource: the decoded copy kept by the crawler

create index capture_url on capture (url);

-- Texts that share enough: article is the newer row of the two.
create table syndication (
    article integer not null references article (id),
    other integer not null references article (id),
    kind text not null,               -- exact, contained
    score real not null,              -- how much of the smaller text stands in the other, 0 to 1
    primary key (article, other)
) strict, without rowid;

create index syndication_other on syndication (other);

-- Sampled n-grams of the folded texts, by which copies are looked up.
create table gram (
    gram integer not null,
    article integer not null references article (id),
    primary key (gram, article)
) strict, without rowid;

create index gram_article on gram (article);

-- What queries gained and lost when kept pages were read again.
create table match_change (
    id integer primary key,
    article integer not null references article (id),
    query integer not null references query (id),
    change text not null,             -- gained, withdrawn
    why text not null,
    at text not null
) strict;

create index match_change_article on match_change (article);
create index match_change_query on match_change (query);

alter table run add column kind text not null default 'crawl';        -- crawl, reread
alter table run_source add column headlines integer not null default 0; -- kept as headline only

drop view coverage;

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
    article.id as article
from article
left join source on source.id = article.source
where exists (select 1 from article_query where article_query.article = article.id);
