-- Releases: frozen, numbered bundles of the coverage for citing. The files can be made again from the same state; the number must stay.

create table release (
    number integer primary key,
    digest text not null unique,      -- of all that is in the bundle but its number: the same contents are the same release
    asked text not null,              -- what was chosen, as the parameters of a search; empty for all
    day text not null,                -- day of the data: of its newest change
    articles integer not null,
    software text not null,           -- version of Tamdan that made it
    made_at text not null
) strict;
