-- The append: one statement, one transaction, no client round trip while the lock is held, so that a dead client, a dropped
-- handler or a cut network cannot wedge the log.

-- The link that one event adds to the chain: SHA-256 over a fixed binary layout. Texts and bytes are preceded by their
-- length in four bytes, times are microseconds since 2000-01-01, all numbers are big-endian. Stable, as convert_to is: so it is inlined.
create function chain_link(
    before bytea, organisation text, "position" bigint, stream text, stream_id uuid, version integer, schema smallint,
    body text, recorded_at timestamptz, recorded_by uuid, command_id uuid, command_mac bytea, sealed bytea
) returns bytea language sql stable parallel safe as $$
    select sha256(
        before || convert_to(organisation, 'UTF8') || int8send("position")
        || int4send(octet_length(stream)) || convert_to(stream, 'UTF8') || uuid_send(stream_id) || int4send(version)
        || int2send(schema) || int4send(octet_length(body)) || convert_to(body, 'UTF8') || timestamptz_send(recorded_at)
        || uuid_send(recorded_by) || uuid_send(command_id) || command_mac || coalesce(sealed, ''::bytea)
    )
$$;

-- Appends commands in the order given, each whole or not at all. Answers with a row for each event that was recorded, in order, and with one
-- for each command that was not.
--
-- Per command: its number, who, the content digest, the stream, the version on which it was decided; then the command before it in
-- this batch on the same stream (or null), and the version on which the first of those was decided. Per event and per key: the place of its
-- command in the batch; per particular that of its event. The caller puts a number and a new subject at most once in a batch.
--
-- Outcomes: `recorded`; `repeated` (known number, same content: the earlier receipt); `reused` (known number, other
-- content); `overtaken` (the stream is at another version, higher or lower); `rekeyed` (a subject got its key from somebody else meanwhile).
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
    k_command integer[], k_subject uuid[], k_wrapped bytea[]
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
            where k_wrapped[k] <> (select wrapped from data_key where organisation = the_organisation and subject = k_subject[k])
        loop
            outcomes[it.command] := 'rekeyed';
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
        insert into data_key (organisation, subject, wrapped)
        select the_organisation, k_subject[k], k_wrapped[k]
        from generate_series(1, cardinality(k_subject)) k where outcomes[k_command[k]] = 'recorded';
        if unusual then
            return query select c_id[w.command], 'rekeyed', null::bigint, c_expected[w.command], null::bytea, null::timestamptz
                from unnest(k_command) as w (command) where outcomes[w.command] = 'rekeyed';
        end if;
    end if;
end $$;
