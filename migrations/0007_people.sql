-- Who is known: a read model by which a person is found again, while nothing in it says who he is.

create table person_card (
    generation   smallint not null,
    organisation text     collate "C" not null,
    person       uuid     not null,
    -- Keyed digests of what he can be found by, cut so short that several values share one (crates/domain/src/matching/key.rs).
    tokens       bigint[] not null,
    -- All that is known of him for matching, sealed under his own key.
    sealed       bytea    not null,
    primary key (person, organisation, generation)
);
-- What is told waits in a short list, so that telling is fast; a long one would make every search slow.
create index person_card_by_token on person_card using gin (tokens) with (fastupdate = on, gin_pending_list_limit = 512);

alter table person_card owner to meldboek_owner;
grant select, insert, update, delete on person_card to meldboek_append;
-- Lists may find a card, and have no key to open it with.
grant select on person_card to meldboek_read;

-- Whoever destroys the key of a person ends what was told from it in the same transaction: the tokens too.
create function forget_card() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    -- Whoever tells cards holds this with others (crates/store/src/projections/people.rs): a card that he is about to write is waited for.
    perform pg_advisory_xact_lock(hashtextextended('meldboek person_card', 0));
    delete from person_card where person = old.subject and organisation = old.organisation;
    return null;
end $$;
alter function forget_card owner to meldboek_owner;
create trigger data_key_takes_its_card_along after delete on data_key for each row execute function forget_card();

insert into projection (name, live) values ('people', 1);
