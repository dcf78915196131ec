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

-- Appends commands in the order given, each whole or not at all, and says of each what became of it.
--
-- Per command: its number, who, the content digest, the stream, the version that the caller saw. Per event and per particular: the
-- place of its command in the batch. The caller puts a number and a new subject at most once in a batch; a stream may come again, and then stands
-- where the command before it leaves it.
--
-- Outcomes: `recorded`; `repeated` (known number, same content: the earlier receipt); `reused` (known number, other
-- content); `overtaken` (the stream is at another version, higher or lower); `rekeyed` (a subject got its key from somebody else meanwhile).
create function append_as_of(
    the_organisation text,
    as_of timestamptz[],
    c_id uuid[], c_by uuid[], c_mac bytea[], c_stream text[], c_stream_id uuid[], c_expected integer[],
    e_command integer[], e_schema smallint[], e_body text[], e_sealed bytea[],
    p_event integer[], p_nth smallint[], p_subject uuid[], p_part text[], p_sealed bytea[],
    k_command integer[], k_subject uuid[], k_wrapped bytea[]
) returns table (nth integer, outcome text, at_position bigint, at_version integer, at_chain bytea, at_time timestamptz)
language plpgsql security definer set search_path = public, pg_temp as $$
-- How it is planned (once, and by index) is a setting of the connection that writes: per call it would cost a tenth.
#variable_conflict use_column
declare
    last_position bigint;
    last_chain    bytea;
    last_time     timestamptz;
    here          timestamptz;
    c             integer;
    n             integer := coalesce(array_length(c_id, 1), 0);
    e             integer := 1;
    events        integer := coalesce(array_length(e_command, 1), 0);
    outcomes      text[] := array_fill('recorded'::text, array[greatest(n, 1)]);
    versions      integer[];
    rec_position  bigint[] := '{}';
    rec_event     integer[] := '{}';
    rec_version   integer[] := '{}';
    rec_time      timestamptz[] := '{}';
    rec_chain     bytea[] := '{}';
    c_position    bigint[] := array_fill(null::bigint, array[greatest(n, 1)]);
    c_chain       bytea[] := array_fill(null::bytea, array[greatest(n, 1)]);
    c_time        timestamptz[] := array_fill(null::timestamptz, array[greatest(n, 1)]);
    -- The command before it in this batch on the same stream, and how many events each brings: only looked for when there are several.
    follows       integer[];
    brings        integer[];
    stands        integer;
    it            record;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'append() vraagt isolation level read committed' using errcode = 'invalid_transaction_state';
    end if;
    -- Position order is commit order because nobody else numbers until this transaction ends.
    perform pg_advisory_xact_lock(hashtextextended('meldboek ' || the_organisation, 0));

    select position, chain, recorded_at into last_position, last_chain, last_time
        from event where organisation = the_organisation order by position desc limit 1;
    last_position := coalesce(last_position, 0);
    last_chain := coalesce(last_chain, sha256(convert_to('meldboek ' || the_organisation, 'UTF8')));

    if array_length(k_subject, 1) > 0 then
        for it in
            select distinct w.command from unnest(k_command, k_subject, k_wrapped) as w (command, subject, wrapped)
            where w.wrapped <> (select d.wrapped from data_key d
                where d.organisation = the_organisation and d.subject = w.subject)
        loop
            outcomes[it.command] := 'rekeyed';
        end loop;
    end if;

    if n > 1 then
        follows := array(select lag(w.nth) over (partition by w.id, w.stream order by w.nth)
            from unnest(c_stream_id, c_stream) with ordinality as w (id, stream, nth) order by w.nth);
        brings := array(select count(w.command) from generate_series(1, n) g left join unnest(e_command) as w (command) on w.command = g
            group by g order by g);
    end if;
    versions := c_expected;
    -- Looked up, not tried: a failed insert would cost the whole batch.
    for it in
        select w.nth, w.expected, w.mac, coalesce(s.version, 0) as version, k.command_mac, k.position, k.version as known_version,
               k.chain, k.recorded_at
        from unnest(c_id, c_stream, c_stream_id, c_expected, c_mac) with ordinality
             as w (id, stream, stream_id, expected, mac, nth)
        left join lateral (select version from event
            where organisation = the_organisation and stream_id = w.stream_id and stream = w.stream
            order by version desc limit 1) s on true
        left join lateral (select command_mac, position, version, chain, recorded_at from event
            where organisation = the_organisation and command_id = w.id
            order by version desc limit 1) k on true
    loop
        if it.command_mac is not null then
            outcomes[it.nth] := case when it.command_mac = it.mac then 'repeated' else 'reused' end;
            versions[it.nth] := it.known_version;
            c_position[it.nth] := it.position;
            c_chain[it.nth] := it.chain;
            c_time[it.nth] := it.recorded_at;
            continue;
        end if;
        stands := it.version;
        if outcomes[follows[it.nth]] = 'recorded' then
            stands := c_expected[follows[it.nth]] + brings[follows[it.nth]];
        end if;
        if stands <> it.expected then
            outcomes[it.nth] := 'overtaken';
            versions[it.nth] := stands;
        end if;
    end loop;

    here := clock_timestamp();
    while e <= events loop
        c := e_command[e];
        if outcomes[c] = 'recorded' then
            last_position := last_position + 1;
            versions[c] := versions[c] + 1;
            -- Never runs back, also when the clock does.
            last_time := greatest(coalesce(as_of[c], here), last_time);
            last_chain := chain_link(last_chain, the_organisation, last_position, c_stream[c], c_stream_id[c], versions[c],
                e_schema[e], e_body[e], last_time, c_by[c], c_id[c], c_mac[c], e_sealed[e]);
            rec_position := rec_position || last_position;
            rec_event := rec_event || e;
            rec_version := rec_version || versions[c];
            rec_time := rec_time || last_time;
            rec_chain := rec_chain || last_chain;
            c_position[c] := last_position;
            c_chain[c] := last_chain;
            c_time[c] := last_time;
        end if;
        e := e + 1;
    end loop;

    if array_length(rec_position, 1) > 0 then
        perform set_config('meldboek.appending', txid_current()::text, true);
        insert into event (organisation, position, stream, stream_id, version, schema, body, recorded_at, recorded_by,
                           command_id, command_mac, sealed, chain)
        select the_organisation, r.position, c_stream[e_command[r.e]], c_stream_id[e_command[r.e]], r.version, e_schema[r.e],
               e_body[r.e]::json, r.at, c_by[e_command[r.e]], c_id[e_command[r.e]], c_mac[e_command[r.e]], e_sealed[r.e], r.chain
        from unnest(rec_position, rec_event, rec_version, rec_time, rec_chain) as r (position, e, version, at, chain);
        if array_length(p_subject, 1) > 0 then
            insert into particular (organisation, position, nth, subject, part, sealed)
            select the_organisation, r.position, p.nth, p.subject, p.part, p.sealed
            from unnest(p_event, p_nth, p_subject, p_part, p_sealed) as p (e, nth, subject, part, sealed)
            join unnest(rec_position, rec_event) as r (position, e) on r.e = p.e;
        end if;
        if array_length(k_subject, 1) > 0 then
            insert into data_key (organisation, subject, wrapped)
            select the_organisation, w.subject, w.wrapped
            from unnest(k_command, k_subject, k_wrapped) as w (command, subject, wrapped)
            where outcomes[w.command] = 'recorded'
              and (select d.subject from data_key d where d.organisation = the_organisation and d.subject = w.subject) is null;
        end if;
        perform set_config('meldboek.appending', '', true);
    end if;

    return query select g, outcomes[g], c_position[g], versions[g], c_chain[g], c_time[g] from generate_series(1, n) g;
end $$;

-- What the server may call: recorded when it is recorded, by the clock of the database. In plpgsql, which keeps its plan.
create function append(
    the_organisation text,
    c_id uuid[], c_by uuid[], c_mac bytea[], c_stream text[], c_stream_id uuid[], c_expected integer[],
    e_command integer[], e_schema smallint[], e_body text[], e_sealed bytea[],
    p_event integer[], p_nth smallint[], p_subject uuid[], p_part text[], p_sealed bytea[],
    k_command integer[], k_subject uuid[], k_wrapped bytea[]
) returns table (nth integer, outcome text, at_position bigint, at_version integer, at_chain bytea, at_time timestamptz)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    return query select * from append_as_of(the_organisation, '{}'::timestamptz[], c_id, c_by, c_mac, c_stream, c_stream_id, c_expected,
        e_command, e_schema, e_body, e_sealed, p_event, p_nth, p_subject, p_part, p_sealed, k_command, k_subject, k_wrapped);
end $$;
