-- Who looked at whom: the places of looks in their log, by person and by worker. What a look was stands in the log itself.

create table look (
    generation   smallint    not null,
    organisation text        collate "C" not null,
    position     bigint      not null,
    at           timestamptz not null,
    worker       uuid        not null
);
create index look_of_worker on look (worker, organisation, generation, position);
create index look_at on look (organisation, generation, at);
-- After the other indexes: while the planner knows nothing of a table, the youngest goes first.
alter table look add primary key (organisation, generation, position);

create table look_person (
    generation   smallint not null,
    organisation text     collate "C" not null,
    person       uuid     not null,
    position     bigint   not null,
    primary key (person, organisation, generation, position)
);

alter table look owner to meldboek_owner;
alter table look_person owner to meldboek_owner;
grant select, insert, update, delete on look, look_person to meldboek_append;
grant select on look, look_person to meldboek_read;

insert into projection (name, live) values ('looks', 1);
