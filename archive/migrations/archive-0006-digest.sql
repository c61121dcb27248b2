-- Digests: what was told to whom, and what still has to be sent.

-- One time that a digest told what was new.
create table edition (
    id integer primary key,
    digest text not null,             -- id in site.toml
    made_at text not null
) strict;

-- Which articles a digest has told, so that each is told once.
create table told (
    digest text not null,             -- id in site.toml
    article integer not null references article (id),
    edition integer not null references edition (id),
    primary key (digest, article)
) strict, without rowid;

create index told_edition on told (edition);

create index told_article on told (article);

-- What is sent to a channel, in order. Written down before it is sent; what an edition says is composed anew at each try, so that
-- decisions made meanwhile are obeyed.
create table message (
    id integer primary key,
    channel text not null,            -- id in site.toml; never its address, which holds a secret
    edition integer references edition (id), -- null for what only the operator is told
    subject text not null,            -- empty for an edition
    body text not null,               -- empty for an edition
    made_at text not null,
    tries integer not null default 0,
    sent_at text                      -- null while it waits
) strict;

create index message_waiting on message (channel, id) where sent_at is null;

create index message_edition on message (edition);

-- Troubles that the operator was told and that last: one message when it begins, one when it is over.
create table trouble (
    subject text primary key,         -- source/ID or channel/ID
    words text not null,
    since text not null
) strict, without rowid;
