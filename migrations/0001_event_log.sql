-- The event log: the only table that is ever the truth. Everything else can be told again from it.
--
-- One log per organisation (the controller in law, Wmo 2015 art. 5.1.6). The organisation is part of every key, so that
-- the log can be partitioned or sharded by it without another design.

-- Roles belong to the cluster, not to this database: another database may have made them already, also at this very moment.
do $$
declare
    it text;
begin
    foreach it in array array['owner', 'append', 'read', 'report', 'privacy'] loop
        begin
            if not exists (select from pg_roles where rolname = 'meldboek_' || it) then
                execute format('create role %I nologin', 'meldboek_' || it);
            end if;
        exception when duplicate_object or unique_violation then
            null;
        end;
    end loop;
end $$;

-- Without check constraints: those are read and planned anew in every statement, a tenth of the append, and append() is the only way in.
-- Keys that are looked up begin with what differs most: that is compared first, and at a fixed place in the row.
create table event (
    organisation text        collate "C" not null,
    -- Without gaps, and in the order of commit: a reader who has seen 7 has seen 1 to 7.
    position     bigint      not null,
    stream       text        collate "C" not null,
    stream_id    uuid        not null,
    version      integer     not null,
    -- The version of the schema of the body; an older one is read for ever.
    schema       smallint    not null,
    -- `json`, not `jsonb`: it keeps the bytes that were hashed, and is read twice as fast.
    body         json        not null,
    recorded_at  timestamptz not null,
    recorded_by  uuid        not null,
    -- The number of the command, and a keyed digest of its content: the same number with another content is refused.
    command_id   uuid        not null,
    command_mac  bytea       not null,
    -- SHA-256 over the sealed particulars that came with this event. They can be destroyed; this stays.
    sealed       bytea,
    -- SHA-256 over the chain before it and every column of this row.
    chain        bytea       not null,
    primary key (organisation, position),
    unique (stream_id, organisation, stream, version)
);

-- A repeated command is recognised by its number.
create unique index event_command on event (command_id, organisation, version);

-- What identifies a person: sealed under a key of that person, beside the event that it came with.
create table particular (
    organisation text     collate "C" not null,
    position     bigint   not null,
    nth          smallint not null,
    -- Whose key opens it: a person, or a melding for text about the whole household.
    subject      uuid     not null,
    part         text     not null,
    sealed       bytea    not null,
    -- No foreign key, which would look up and lock every event a second time: append() writes both, nothing else may write
    -- either, and `verify` names what belongs to no event.
    primary key (organisation, position, nth)
);
create index particular_subject on particular (subject, organisation);

-- One key per subject, itself sealed under a key that is not in this database. Destroying it ends readability everywhere.
create table data_key (
    organisation text  collate "C" not null,
    subject      uuid  not null,
    wrapped      bytea not null,
    primary key (organisation, subject)
);

-- Facts do not change. Whoever tries, even by hand, is told so.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'het logboek verandert niet: % op % wordt geweigerd', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end $$;

create trigger event_is_append_only before update or delete or truncate on event
    for each statement execute function refuse_change();
create trigger particular_does_not_change before update or truncate on particular
    for each statement execute function refuse_change();

-- The log only grows through append(): this mark stands as long as that runs.
create function refuse_insert_by_hand() returns trigger language plpgsql as $$
begin
    if current_setting('meldboek.appending', true) is distinct from 'yes' then
        raise exception 'het logboek groeit alleen via append()' using errcode = 'insufficient_privilege';
    end if;
    return null;
end $$;

create trigger event_grows_by_append_only before insert on event
    for each statement execute function refuse_insert_by_hand();
create trigger particular_grows_by_append_only before insert on particular
    for each statement execute function refuse_insert_by_hand();
