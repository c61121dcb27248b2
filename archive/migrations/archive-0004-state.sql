-- The state of the archive: a number that rises with every change of what is counted, so that a count is right until it rises.
insert into meta (name, value) values ('state', '1');

create trigger article_put after insert on article begin
    update meta set value = value + 1 where name = 'state';
end;

create trigger article_changed after update of
    source, title, published, language, weak, status, revision, story, added, kind, media, decision, hidden, tone, gone_on
on article begin
    update meta set value = value + 1 where name = 'state';
end;

create trigger article_query_put after insert on article_query begin
    update meta set value = value + 1 where name = 'state';
end;

create trigger article_query_taken after delete on article_query begin
    update meta set value = value + 1 where name = 'state';
end;

create trigger addition_changed after update of article, campaign on addition begin
    update meta set value = value + 1 where name = 'state';
end;

create trigger story_changed after update of original on story begin
    update meta set value = value + 1 where name = 'state';
end;

-- Values of a column with their articles are read from these alone.
create index article_kind on article (kind);
create index article_hidden on article (hidden);
