-- The register keeps the numbers of keys, no keys: those stand, wrapped, in a database of its own (migrations/keys). And who was
-- forgotten stays so: nothing is sealed for him any more, and what is left of him is what the chain needs.

-- Nothing was released yet. Whoever tried an earlier version has keys here that no release could read; they are not moved.
do $$
begin
    if exists (select from data_key) then
        raise exception 'deze database is van voor de eerste uitgave: haar sleutels staan in haarzelf. Begin met een lege database'
            using hint = 'de demo: deploy/postgres.sh reset, en opnieuw deploy/demo.sh';
    end if;
end $$;
alter table data_key drop column wrapped, add column key uuid not null;

-- Whose data were ordered to be destroyed. From that moment on nobody reads him, and nothing about him is taken in.
create table forgotten (
    organisation text collate "C" not null,
    subject      uuid not null,
    -- The stream of the order, and the number of the key that he had, if any.
    erasure      uuid not null,
    key          uuid,
    primary key (subject, organisation)
);
-- Orders that are not completed: whoever starts goes on with these.
create table erasing (
    organisation text collate "C" not null,
    erasure      uuid not null,
    primary key (organisation, erasure)
);
-- What the chain needs of a particular that is gone: with it those of others in the same event can still be checked.
create table destroyed_part (
    organisation text     collate "C" not null,
    position     bigint   not null,
    nth          smallint not null,
    subject      uuid     not null,
    digest       bytea    not null,
    primary key (organisation, position, nth)
);
create index destroyed_part_subject on destroyed_part (subject, organisation);

-- Forgets a subject, in the transaction that records the order: readers find no key any more, and writers are refused.
create function forget(the_organisation text, stream text, the_erasure uuid, the_subject uuid) returns void language plpgsql as $$
begin
    if stream <> 'erasure' then
        raise exception 'alleen een vernietiging vergeet iemand' using errcode = 'insufficient_privilege';
    end if;
    insert into erasing values (the_organisation, the_erasure) on conflict do nothing;
    insert into forgotten (organisation, subject, erasure, key)
        values (the_organisation, the_subject, the_erasure,
                (select key from data_key where organisation = the_organisation and subject = the_subject))
        on conflict do nothing;
    delete from data_key where organisation = the_organisation and subject = the_subject;
end $$;

-- Removes the sealed particulars of whoever was forgotten, and keeps their digests.
create function destroy_particulars(the_organisation text, subjects uuid[]) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from particular p using forgotten f
        where f.organisation = the_organisation and f.subject = any(subjects)
            and p.organisation = f.organisation and p.subject = f.subject
        returning p.organisation, p.position, p.nth, p.subject, p.part, p.sealed),
    kept as (
        insert into destroyed_part (organisation, position, nth, subject, digest)
        select organisation, position, nth, subject,
               sha256(uuid_send(subject) || int4send(octet_length(part)) || convert_to(part, 'UTF8') || sealed)
        from gone returning 1)
    select count(*) from kept
$$;

-- The append, with numbers of keys and with who is forgotten: see 0002 for what it promises.
drop function append;
-- Appends commands in the order given, each whole or not at all. Answers with a row for each event that was recorded, in order, and with one
-- for each command that was not.
--
-- Per command: its number, who, the content digest, the stream, the version on which it was decided; then the command before it in
-- this batch on the same stream (or null), and the version on which the first of those was decided. Per event and per key: the place of its
-- command in the batch; per particular that of its event. Per subject that is to be forgotten the place of the command that orders it. The
-- caller puts a number and a new subject at most once in a batch, and a command by which somebody is forgotten alone.
--
-- Outcomes: `recorded`; `repeated` (known number, same content: the earlier receipt); `reused` (known number, other
-- content); `overtaken` (the stream is at another version, higher or lower); `rekeyed` (a subject got its key from somebody else meanwhile);
-- `forgotten` (a particular is about somebody whose data were destroyed: it would be sealed under a key that goes, and be lost).
--
-- `as_of` is empty: recorded is when it is recorded, by the clock of the database. Only the owner may say another time, for an
-- invented past.
--
-- How it is planned (once, and by index) is a setting of the connection that writes: per call it would cost a tenth.
create function append(
    the_organisation text, the_schema smallint, as_of timestamptz[],
    c_id uuid[], c_by uuid[], c_mac bytea[], c_stream text[], c_stream_id uuid[], c_expected integer[], c_after integer[], c_base integer[],
    e_command integer[], e_version integer[], e_body text[], e_sealed bytea[],
    p_event integer[], p_nth smallint[], p_subject uuid[], p_part text[], p_sealed bytea[],
    k_command integer[], k_subject uuid[], k_key uuid[], f_command integer[], f_subject uuid[]
) returns table (command uuid, outcome text, at_position bigint, at_version integer, at_chain bytea, at_time timestamptz)
language plpgsql security definer set search_path = public, pg_temp set meldboek.appending = 'yes' as $$
#variable_conflict use_column
declare
    last_position bigint;
    last_chain    bytea;
    last_time     timestamptz;
    c             integer;
    outcomes      text[] := array_fill('recorded'::text, array[cardinality(c_id)]);
    -- Of each event; empty for those of a command that is not recorded.
    positions     bigint[];
    times         timestamptz[];
    chains        bytea[];
    -- Whether there is a command that is not simply new.
    unusual       boolean := false;
    stands        integer;
    it            record;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'append() vraagt isolation level read committed' using errcode = 'invalid_transaction_state';
    end if;
    if cardinality(as_of) > 0 and current_setting('role') <> 'meldboek_owner' then
        raise exception 'alleen meldboek_owner mag een ander moment van vastlegging opgeven' using errcode = 'insufficient_privilege';
    end if;
    -- Position order is commit order because nobody else numbers until this transaction ends.
    perform pg_advisory_xact_lock(hashtextextended('meldboek ' || the_organisation, 0));

    select position, chain, recorded_at into last_position, last_chain, last_time
        from event where organisation = the_organisation order by position desc limit 1;
    if last_position is null then
        last_position := 0;
        last_chain := sha256(convert_to('meldboek ' || the_organisation, 'UTF8'));
    end if;

    if cardinality(k_subject) > 0 then
        for it in
            select k_command[k] as command from generate_series(1, cardinality(k_subject)) k
            where k_key[k] <> (select key from data_key where organisation = the_organisation and subject = k_subject[k])
        loop
            outcomes[it.command] := 'rekeyed';
            unusual := true;
        end loop;
    end if;
    if cardinality(p_subject) > 0 then
        for it in
            select e_command[p_event[p]] as command from generate_series(1, cardinality(p_subject)) p
            where exists (select from forgotten where subject = p_subject[p] and organisation = the_organisation)
        loop
            outcomes[it.command] := 'forgotten';
            unusual := true;
        end loop;
    end if;

    -- Looked up, not tried: a failed insert would cost the whole batch. Most commands are new and stand where they were decided: those
    -- do not come out of this at all.
    for it in
        select c as nth, coalesce(s.version, 0) as version,
               k.command_mac, k.position, k.version as known_version, k.chain, k.recorded_at
        from generate_series(1, cardinality(c_id)) c
        left join lateral (select version from event
            where stream_id = c_stream_id[c] and organisation = the_organisation and stream = c_stream[c]
            order by version desc limit 1) s on true
        left join lateral (select command_mac, position, version, chain, recorded_at from event
            where command_id = c_id[c] and organisation = the_organisation
            order by version desc limit 1) k on true
        where k.command_mac is not null or coalesce(s.version, 0) <> c_base[c]
    loop
        unusual := true;
        if it.command_mac is not null then
            outcomes[it.nth] := case when it.command_mac = c_mac[it.nth] then 'repeated' else 'reused' end;
            return query select c_id[it.nth], outcomes[it.nth], it.position, it.known_version, it.chain, it.recorded_at;
        else
            stands := case when outcomes[c_after[it.nth]] = 'recorded' then c_expected[it.nth] else it.version end;
            if stands <> c_expected[it.nth] then
                outcomes[it.nth] := 'overtaken';
                return query select c_id[it.nth], 'overtaken', null::bigint, stands, null::bytea, null::timestamptz;
            end if;
        end if;
    end loop;
    -- What follows in this batch would be decided on an event that is not there.
    if unusual and exists (select from unnest(c_after) as w (after) where outcomes[w.after] not in ('recorded', 'repeated')) then
        raise exception 'een opdracht waarop een volgende voortbouwt kon niet worden vastgelegd' using errcode = 'serialization_failure';
    end if;

    for e in 1 .. cardinality(e_command) loop
        c := e_command[e];
        if outcomes[c] = 'recorded' then
            last_position := last_position + 1;
            -- Never runs back, also when the clock does.
            last_time := greatest(coalesce(as_of[c], clock_timestamp()), last_time);
            last_chain := chain_link(last_chain, the_organisation, last_position, c_stream[c], c_stream_id[c], e_version[e],
                the_schema, e_body[e], last_time, c_by[c], c_id[c], c_mac[c], e_sealed[e]);
            positions := positions || last_position;
            times := times || last_time;
            chains := chains || last_chain;
        else
            positions := array_append(positions, null);
            times := array_append(times, null);
            chains := array_append(chains, null);
        end if;
    end loop;

    return query
        insert into event (organisation, position, stream, stream_id, version, schema, body, recorded_at, recorded_by,
                           command_id, command_mac, sealed, chain)
        select the_organisation, positions[e], c_stream[e_command[e]], c_stream_id[e_command[e]], e_version[e], the_schema,
               e_body[e]::json, times[e], c_by[e_command[e]], c_id[e_command[e]], c_mac[e_command[e]], e_sealed[e], chains[e]
        from generate_series(1, cardinality(e_command)) e where positions[e] is not null
        returning command_id, 'recorded', position, version, chain, recorded_at;
    if cardinality(p_subject) > 0 then
        insert into particular (organisation, position, nth, subject, part, sealed)
        select the_organisation, positions[p_event[p]], p_nth[p], p_subject[p], p_part[p], p_sealed[p]
        from generate_series(1, cardinality(p_subject)) p where positions[p_event[p]] is not null;
    end if;
    if cardinality(k_subject) > 0 then
        insert into data_key (organisation, subject, key)
        select the_organisation, k_subject[k], k_key[k]
        from generate_series(1, cardinality(k_subject)) k where outcomes[k_command[k]] = 'recorded';
    end if;
    if unusual then
        return query select c_id[w.nth], outcomes[w.nth], null::bigint, c_expected[w.nth], null::bytea, null::timestamptz
            from generate_series(1, cardinality(c_id)) as w (nth) where outcomes[w.nth] in ('rekeyed', 'forgotten');
    end if;
    if cardinality(f_subject) > 0 then
        perform forget(the_organisation, c_stream[f_command[f]], c_stream_id[f_command[f]], f_subject[f])
            from generate_series(1, cardinality(f_subject)) f where outcomes[f_command[f]] = 'recorded';
    end if;
end $$;

alter table forgotten owner to meldboek_owner;
alter table erasing owner to meldboek_owner;
alter table destroyed_part owner to meldboek_owner;
alter function append owner to meldboek_owner;
alter function forget owner to meldboek_owner;
alter function destroy_particulars owner to meldboek_owner;
revoke execute on function append, forget, destroy_particulars from public;
grant execute on function append to meldboek_append;
grant select on forgotten, erasing, destroyed_part to meldboek_append;

-- privacy: carries out what was ordered, and can destroy nothing else.
revoke delete on particular, data_key from meldboek_privacy;
grant execute on function destroy_particulars to meldboek_privacy;
grant select on forgotten, erasing, destroyed_part, person_card to meldboek_privacy;
grant delete on erasing to meldboek_privacy;
