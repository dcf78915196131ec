-- The worklist holds every term that is open: of meldingen and of casussen. It is told again from the first event on when the server starts.

drop table worklist;
delete from checkpoint where projection = 'worklist';

create table worklist (
    generation   smallint not null,
    organisation text     collate "C" not null,
    kind         text     collate "C" not null,
    -- The melding or the casus in whose file it stands, and what of it lapses.
    file         uuid     not null,
    about        uuid     not null,
    since        date     not null,
    -- The last day; far away where there is none, so that it comes last.
    due_on       date     not null,
    municipality text     not null,
    -- Of a melding.
    acute_danger text,
    worker       uuid,
    team         uuid
);
create index worklist_most_urgent on worklist (generation, organisation, due_on, kind, about, file);
create index worklist_of_kind on worklist (generation, organisation, kind, due_on, about, file);
create index worklist_of_worker on worklist (worker, organisation, generation, due_on) where worker is not null;
create index worklist_of_team on worklist (team, organisation, generation, due_on) where team is not null;
-- After the other indexes: while the planner knows nothing of a table, the youngest goes first.
alter table worklist add primary key (file, about, kind, organisation, generation);

-- Since when a casus is only watched: from then on a melding is a vervolgmelding during monitoring. The figures are told again anyway, since
-- the migration before this one.
alter table known_case add column monitored_from date, add column monitored_until date;
alter table worklist owner to meldboek_owner;
grant select, insert, update, delete on worklist to meldboek_append;
grant select on worklist to meldboek_read;
