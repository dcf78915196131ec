-- Who comes in: numbers of tokens that were used, logins under way, sessions. No events, and nothing of a family: whoever reads these
-- tables learns which worker is at work. Of what opens a door only the digest is kept, so that a copy of these tables opens none.

do $$
begin
    if not exists (select from pg_roles where rolname = 'meldboek_door') then
        create role meldboek_door nologin;
    end if;
exception when duplicate_object or unique_violation then
    null;
end $$;

-- A number (jti) stands for one token, until that expires; several servers keep it together.
create table token_use (
    number bytea primary key check (length(number) = 32),
    -- Digest of the token that came with it first.
    token bytea not null check (length(token) = 32),
    expires_at timestamptz not null
);
create index token_use_expiry on token_use (expires_at);

-- A login under way. Everything else about it is computed from a secret that only the browser has; the row goes when it is used.
create table login (
    state bytea primary key check (length(state) = 32),
    -- The page to go to afterwards.
    return_to text not null,
    expires_at timestamptz not null
);
create index login_expiry on login (expires_at);

create table session (
    -- Digest of what stands in the cookie.
    id bytea primary key check (length(id) = 32),
    worker uuid not null,
    organisation text not null,
    roles text[] not null,
    teams uuid[] not null,
    -- Municipality codes of an analyst.
    areas text[] not null,
    started_at timestamptz not null,
    -- Told at most once a minute.
    seen_at timestamptz not null,
    -- However busy somebody is, here it ends.
    ends_at timestamptz not null
);
create index session_end on session (ends_at);

do $$
declare
    it text;
begin
    foreach it in array array['token_use', 'login', 'session'] loop
        execute format('alter table %I owner to meldboek_owner', it);
        execute format('grant select, insert, delete on %I to meldboek_door', it);
    end loop;
    execute format('grant usage on schema %I to meldboek_door', current_schema());
end $$;
grant update (seen_at) on session to meldboek_door;
