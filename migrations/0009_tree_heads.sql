-- Signed tree heads: what others keep of a log, so that it shows when it was cut or rewritten. The tree is that of RFC 6962; its leaves are
-- the chain after each event (migrations/README.md). The column organisation names the log, as in event.

-- Whole subtrees, of every eighth level: the hash over 256 events, over 65,536, and so on. Whoever signs goes on from these instead of from
-- the first event, and a proof reads some hundreds of rows of a log of millions. They follow from the log; `verify` computes them again.
create table tree_node (
    organisation text     collate "C" not null,
    level        smallint not null,
    nth          bigint   not null,
    hash         bytea    not null,
    primary key (organisation, level, nth)
);

-- Each head as it was signed (c2sp.org/tlog-checkpoint). Nothing is beside it that the signature does not cover.
create table tree_head (
    organisation text   collate "C" not null,
    size         bigint not null,
    note         text   not null,
    primary key (organisation, size)
);

-- What witnesses signed below a head (c2sp.org/tlog-cosignature), each with the key by which that is verified.
create table cosignature (
    organisation text   collate "C" not null,
    size         bigint not null,
    witness      text   collate "C" not null,
    line         text   not null,
    primary key (organisation, size, witness)
);

create trigger tree_node_does_not_change before update or delete or truncate on tree_node
    for each statement execute function refuse_change();
create trigger tree_head_does_not_change before update or delete or truncate on tree_head
    for each statement execute function refuse_change();
create trigger cosignature_does_not_change before update or delete or truncate on cosignature
    for each statement execute function refuse_change();

alter table tree_node owner to meldboek_owner;
alter table tree_head owner to meldboek_owner;
alter table cosignature owner to meldboek_owner;
grant select, insert on tree_node, tree_head, cosignature to meldboek_append;
grant select on tree_node, tree_head, cosignature to meldboek_read;
