-- Kept pages hold the article as it was read, so that a new query finds it complete when its HTML is gone; an article may have several pages.

create index page_canonical on page (canonical) where canonical is not null;

drop table kept;

-- Pages that did not match or could not be read, each for its days, so that a new query also finds last month and a mended stage reads again.
create table kept (
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

create index kept_fetched on kept (fetched_at);
