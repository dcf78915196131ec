-- The second wall: a row of another organisation is not there for the roles that answer a worker, also when a statement forgets to ask.
--
-- Who asks is a setting of the connection, said whenever one is taken (crates/store/src/walled.rs): the organisation, and which of its two logs.
-- Nothing said is no rows. What these policies do not stop is somebody who can run statements of his own as such a role, for he can say
-- another organisation; they stop our own mistakes. There is no word for "all of them": the country is asked organisation by organisation.
--
-- A policy is one equality with the column, nothing more: so the planner holds the setting against what is asked once per statement, and not
-- against every row.

-- Opens files: the log with its sealed particulars and the numbers of their keys, and what decides whether a file is in sight.
do $$
begin
    if not exists (select from pg_roles where rolname = 'meldboek_file') then
        create role meldboek_file nologin;
    end if;
exception when duplicate_object or unique_violation then
    null;
end $$;

do $$
declare
    it  text;
    who text;
begin
    execute format('grant usage on schema %I to meldboek_file', current_schema());
    -- Sessions are not of the register: who comes in is of no organisation yet. Facts: see below.
    for it in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation'
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname not in ('session', 'fact') loop
        -- These name the log in that column: `VT02`, or `VT02/inzage`.
        who := case when it in ('event', 'checkpoint', 'tree_node', 'tree_head', 'cosignature') then 'log' else 'organisation' end;
        execute format('create policy own_%s on %I for select to meldboek_file, meldboek_read, meldboek_report
            using (organisation = current_setting(%L, true))', who, it, 'meldboek.' || who);
        -- Who records, tells, verifies and destroys keeps all of it.
        execute format('create policy whole_register on %I to meldboek_append, meldboek_privacy using (true) with check (true)', it);
        execute format('alter table %I enable row level security', it);
    end loop;
end $$;

grant select on projection, event, particular, data_key, forgotten, known_melding, known_person, part_of_case, asked_about, assigned,
    restricted, emergency, hidden_address to meldboek_file;
-- Nobody who answers a worker reads how far a telling is.
revoke select on checkpoint from meldboek_read, meldboek_report;

-- Facts are told by `copy`, which PostgreSQL refuses on a table with policies, whoever may see all of it. So whoever counts them sees a view, and not the table.
create view own_fact with (security_barrier) as
    select * from fact where organisation = current_setting('meldboek.organisation', true);
alter view own_fact owner to meldboek_owner;
revoke select on fact from meldboek_report;
grant select on own_fact to meldboek_report;

-- Finds cards by their tokens. The operator on arrays may be used on an index only where no row has to be hidden first, for PostgreSQL does not
-- know that it tells nothing; so this runs as the owner, before whom no row is hidden, and has the wall in its one condition.
create function cards_sharing(asked bigint[], weights integer[], most bigint) returns table (person uuid, sealed bytea)
language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    return query
        select c.person, c.sealed from person_card c
        cross join lateral (select sum(q.weight) as weight from unnest(asked, weights) as q (token, weight) where q.token = any(c.tokens)) w
        where c.generation = (select live from projection where name = 'people')
          and c.organisation = current_setting('meldboek.organisation', true) and c.tokens && asked
        order by w.weight desc, c.person limit most;
end $$;
alter function cards_sharing owner to meldboek_owner;
revoke execute on function cards_sharing from public;
grant execute on function cards_sharing to meldboek_read;
