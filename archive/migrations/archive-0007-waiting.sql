-- What waits: an addition that breaks its run is given up after some tries, and an article that becomes coverage again is new to those who looked.

alter table addition add column tries integer not null default 0; -- times it was begun; one that breaks its run goes behind all others

alter table looked add column change integer not null default 0; -- number of the newest match_change that was there

update looked set change = (select coalesce(max(id), 0) from match_change);
