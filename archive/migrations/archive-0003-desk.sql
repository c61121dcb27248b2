-- The desk: what people decide about an article, what they add, and which of it everybody sees.

-- Append-only: a decision is taken back by another one, never by deleting it.
create table decision (
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

create index decision_article on decision (article);

create index decision_undoes on decision (undoes) where undoes is not null;

-- Corrections in force: the article's own row holds what counts, this table what was read.
create table correction (
    article integer not null references article (id),
    field text not null,              -- title, published, source, authors
    original text not null,           -- JSON object: the columns of the article as they were read
    decision integer not null references decision (id),
    primary key (article, field)
) strict, without rowid;

-- Which articles people hold to be one story, or not: laid over what their texts tell.
create table bond (
    article integer not null references article (id),
    other integer not null references article (id),
    joined integer not null,          -- 1 one story, 0 not
    decision integer not null references decision (id),
    primary key (article, other)
) strict, without rowid;

create index bond_other on bond (other);

-- How far each person has looked through what is new.
create table looked (
    who text primary key,             -- account
    article integer not null,         -- highest number of an article that was there
    at text not null
) strict;

-- What people found by hand: waits until it is read, and stays as the record of who added what.
create table addition (
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
) strict;

create index addition_article on addition (article);

create index addition_waiting on addition (state) where state = 'waiting';

alter table article add column kind text not null default 'article'; -- article, post, radio, TV, print

alter table article add column media text not null default 'earned'; -- earned, or owned: the campaign's own

alter table article add column added integer not null default 0; -- 1 where a person added it: coverage without any match

alter table article add column decision text not null default 'new'; -- new, keep, reject, unsure

alter table article add column hidden integer not null default 0; -- 1 where people took it out of what others see

alter table article add column tone text; -- positive, neutral, negative: coded by a person

alter table article add column gone_on text; -- day on which it was seen that the page no longer opens

create index article_decision on article (decision, id);

drop view coverage;

-- Everything that people may decide about: articles that matched or were added, the rejected and the hidden among them.
create view candidate as
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

-- What everybody sees: no article that people rejected or hid.
create view coverage as
select
    id, title, published, source_name, quote, words, queries, language, url, authors, campaigns, terms, source, published_at,
    published_origin, published_precision, published_reliable, modified, month, story, weak, status, flags, revision, words_est,
    first_seen, captured_from, kind, media, query_versions, decision, corrected, tone, gone_on, article
from candidate
where decision != 'reject' and hidden = 0;
