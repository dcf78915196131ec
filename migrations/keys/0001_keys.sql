-- The key store: a database of its own, whose backups live for days and not for years. Here stands every key that makes a person readable,
-- wrapped; the register knows only the numbers of keys. Nothing here says whose a key is.
--
-- The root key, outside both databases, seals the key-encryption keys (KEKs); these wrap the keys of subjects.

do $$
begin
    if not exists (select from pg_roles where rolname = 'meldboek_keys') then
        create role meldboek_keys nologin;
    end if;
exception when duplicate_object or unique_violation then
    null;
end $$;

-- Several at a time: while keys are wrapped anew both the old one and the new one open something.
create table key_encryption_key (
    number     integer     primary key check (number > 0),
    -- Sealed by the root key. Empty once it is retired: nothing is wrapped under it any more.
    sealed     bytea,
    made_at    timestamptz not null default now(),
    retired_at timestamptz,
    check ((sealed is null) = (retired_at is not null))
);

-- Keys of subjects; some are blank, made ahead for whoever is recorded next. Dead rows go at once: what was destroyed must not lie about.
create table wrapped_key (
    key     uuid    primary key,
    kek     integer not null,
    wrapped bytea   not null
) with (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
-- What is still to be wrapped anew.
create index wrapped_key_by_kek on wrapped_key (kek, key);

-- The numbers of keys that were destroyed on purpose: so that what is missing is told apart from what is lost.
create table destroyed_key (
    key          uuid        primary key,
    erasure      uuid        not null,
    destroyed_at timestamptz not null default now()
);

do $$
begin
    execute format('grant usage on schema %I to meldboek_keys', current_schema());
end $$;
-- A KEK is retired, never removed: its number is never used again.
grant select, insert, update on key_encryption_key to meldboek_keys;
grant select, insert, update, delete on wrapped_key to meldboek_keys;
grant select, insert on destroyed_key to meldboek_keys;
