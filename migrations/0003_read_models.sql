-- Read models: answers told from the log, dropped and told again rather than altered. Each row says of which generation it is,
-- so that a new telling can grow beside the live one.

create table projection (
    name text primary key,
    live smallint not null
);
insert into projection (name, live) values ('worklist', 1), ('facts', 1);

-- How far a telling has come. The chain at that position shows at the first read when the log was restored, forked or edited.
create table checkpoint (
    projection   text     not null references projection,
    generation   smallint not null,
    organisation text     collate "C" not null,
    position     bigint   not null,
    chain        bytea    not null,
    primary key (projection, generation, organisation)
);

-- Meldingen that wait for their safety assessment.
create table worklist (
    generation   smallint not null,
    organisation text     collate "C" not null,
    melding      uuid     not null,
    received_on  date     not null,
    due_on       date     not null,
    municipality text     not null,
    acute_danger text     not null
);
create index worklist_most_urgent on worklist (generation, organisation, due_on, melding);
-- After the other index: while the planner knows nothing of a table, the younger of two goes first.
alter table worklist add primary key (generation, organisation, melding);

-- Every different fact once: there are few, and the figures only count them.
create table fact_kind (
    id   integer generated always as identity primary key,
    fact text not null unique
);

-- How the figures changed: plus or minus a fact, in the month that it happened, from the moment it was recorded.
create table fact (
    recorded_at  timestamptz not null,
    month        integer     not null,
    -- Of fact_kind, from which nothing is ever removed. No foreign key: it would look up and lock a row for every fact.
    kind         integer     not null,
    generation   smallint    not null,
    weight       smallint    not null,
    organisation text        collate "C" not null
);
create index fact_by_recording on fact (generation, organisation, recorded_at);

-- The same, summed for each month of recording (of UTC) that is over: most of what a report adds up does not change any more.
create table fact_sum (
    recorded_before timestamptz not null,
    month           integer     not null,
    kind            integer     not null,
    weight          integer     not null,
    generation      smallint    not null,
    organisation    text        collate "C" not null
);
create index fact_sum_by_month on fact_sum (generation, organisation, month);

-- Up to when: what was recorded from then on is only in `fact`.
create table fact_summed (
    generation   smallint    not null,
    organisation text        collate "C" not null,
    until        timestamptz not null,
    primary key (generation, organisation)
);

-- Who occurs in which melding, and how that melding stands: from this earlier involvement is derived.
create table known_melding (
    generation     smallint not null,
    organisation   text     collate "C" not null,
    melding        uuid     not null,
    -- The order of recording decides between meldingen of one day.
    position       bigint   not null,
    received_on    date     not null,
    municipality   text     not null,
    withdrawn      boolean  not null,
    assessed_on    date,
    follow_up      text,
    case_id        uuid,
    class          text     not null,
    primary key (melding, organisation, generation)
);
create index known_melding_by_case on known_melding (case_id, organisation, generation) where case_id is not null;

create table known_person (
    generation   smallint not null,
    organisation text     collate "C" not null,
    person       uuid     not null,
    melding      uuid     not null,
    primary key (person, organisation, generation, melding)
);
create index known_person_by_melding on known_person (melding, organisation, generation);

create table known_case (
    generation   smallint not null,
    organisation text     collate "C" not null,
    case_id      uuid     not null,
    closed_on    date,
    primary key (case_id, organisation, generation)
);
