-- Who may see what: which files are in which casus, who works on them, which casussen are not for everybody, and who broke the glass. Told from
-- the log like every read model; asked before every file and every list.

-- What is in a casus: the meldingen that joined it, the persons who take part in it, the requests that are about it. Who is in a melding known_person says.
create table part_of_case (
    generation   smallint not null,
    organisation text     collate "C" not null,
    -- The stream that it is: a melding and a person may have the same id.
    kind         text     collate "C" not null,
    file         uuid     not null,
    case_id      uuid     not null
);
create index case_and_its_parts on part_of_case (case_id, organisation, generation);
-- After the other index: while the planner knows nothing of a table, the youngest goes first.
alter table part_of_case add primary key (file, kind, organisation, generation, case_id);

-- Whom a request is about, whatever casus it names: what persons ask is as hidden as they are.
create table asked_about (
    generation   smallint not null,
    organisation text     collate "C" not null,
    request      uuid     not null,
    person       uuid     not null
);
create index asked_about_person on asked_about (person, organisation, generation);
alter table asked_about add primary key (request, organisation, generation);

-- Who works on a casus or a melding.
create table assigned (
    generation   smallint not null,
    organisation text     collate "C" not null,
    kind         text     collate "C" not null,
    file         uuid     not null,
    worker       uuid     not null,
    team         uuid,
    primary key (file, kind, organisation, generation)
);

-- Casussen that are not for everybody: who may see them besides whoever works on them, and who never.
create table restricted (
    generation   smallint not null,
    organisation text     collate "C" not null,
    case_id      uuid     not null,
    workers      uuid[]   not null,
    teams        uuid[]   not null,
    excluded     uuid[]   not null,
    primary key (case_id, organisation, generation)
);
create index restricted_of_organisation on restricted (organisation, generation);

-- Break-glass: somebody opened a file that is not his, for a while. The privacy officer judges each.
create table emergency (
    generation   smallint    not null,
    organisation text        collate "C" not null,
    emergency    uuid        not null,
    kind         text        collate "C" not null,
    file         uuid        not null,
    worker       uuid        not null,
    reason       text        not null,
    opened_at    timestamptz not null,
    -- The last moment, also when it was ended before the time that was given.
    until        timestamptz not null,
    reviewed_at  timestamptz,
    judgement    text
);
create index emergency_of_file on emergency (file, kind, organisation, generation);
create index emergency_by_time on emergency (organisation, generation, opened_at);
alter table emergency add primary key (emergency, organisation, generation);

-- Persons whose address and telephone numbers are only for whoever works with them. They are not found by these.
create table hidden_address (
    generation   smallint not null,
    organisation text     collate "C" not null,
    person       uuid     not null,
    primary key (person, organisation, generation)
);

alter table part_of_case owner to meldboek_owner;
alter table asked_about owner to meldboek_owner;
alter table assigned owner to meldboek_owner;
alter table restricted owner to meldboek_owner;
alter table emergency owner to meldboek_owner;
alter table hidden_address owner to meldboek_owner;
grant select, insert, update, delete on part_of_case, asked_about, assigned, restricted, emergency, hidden_address to meldboek_append;
grant select on emergency to meldboek_read;

insert into projection (name, live) values ('access', 1);
