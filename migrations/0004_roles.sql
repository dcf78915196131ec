-- Who may touch what. The server never works as owner: it appends through one function and cannot change what stands.

do $$
declare
    it text;
begin
    for it in select tablename from pg_tables where schemaname = current_schema() and tablename <> '_sqlx_migrations' loop
        execute format('alter table %I owner to meldboek_owner', it);
    end loop;
    execute format('grant usage on schema %I to meldboek_owner, meldboek_append, meldboek_read, meldboek_report, meldboek_privacy',
        current_schema());
end $$;

alter function refuse_change owner to meldboek_owner;
alter function refuse_insert_by_hand owner to meldboek_owner;
alter function append owner to meldboek_owner;
alter function chain_link owner to meldboek_owner;
revoke execute on function append from public;

-- append: what the server does all day. Reads what it needs to decide, appends, and keeps the read models.
grant execute on function append to meldboek_append;
grant select on event, particular, data_key, projection to meldboek_append;
-- A lock on the live generation needs the right to update, of nothing else in the log.
grant select, insert, update, delete on checkpoint, worklist, fact, fact_kind, fact_sum, fact_summed, known_melding, known_person,
    known_case to meldboek_append;
grant update on projection to meldboek_append;

-- read: lists, and the log without particulars.
grant select on event, projection, checkpoint, worklist to meldboek_read;

-- report: figures, and nothing from which a person could be found.
grant select on projection, checkpoint, fact, fact_kind, fact_sum, fact_summed to meldboek_report;

-- privacy: destruction on request; the log itself stays.
grant select, delete on particular, data_key to meldboek_privacy;
grant select on event to meldboek_privacy;
