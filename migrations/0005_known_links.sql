-- Persons who turned out to be one human being: the links between them, and from when to when each stood.
--
-- A link stands in both directions, so that what belongs together is found from either side. When it goes it stays here with its end, so
-- that what belonged together is known for every moment.
create table known_link (
    generation   smallint    not null,
    organisation text        collate "C" not null,
    person       uuid        not null,
    other        uuid        not null,
    -- Of the merge: the same two may be merged, separated and merged again.
    position     bigint      not null,
    since        timestamptz not null,
    until        timestamptz,
    primary key (person, organisation, generation, other, position)
);
-- Whether there is any at all: in most batches of events that is the only question about links.
create index known_link_standing on known_link (organisation, generation) where until is null;

-- What follows for a melding from those before it, besides its class. Earlier tellings did not know, so the facts are told again: whoever
-- follows the log finds no checkpoint, and begins with the first event.
delete from checkpoint where projection = 'facts';
delete from fact;
delete from fact_sum;
delete from fact_summed;
delete from known_melding;
delete from known_person;
delete from known_case;
alter table known_melding
    -- How many of its human beings were in no earlier melding of the same year.
    add column first_this_year smallint not null,
    -- Whole months since the latest earlier melding about one of them; none when there is none.
    add column months_since smallint;

alter table known_link owner to meldboek_owner;
grant select, insert, update, delete on known_link to meldboek_append;
grant select on known_link, known_person to meldboek_read;
