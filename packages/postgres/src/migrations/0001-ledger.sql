-- The ledger that this database belongs to. One row: a database shows one book.
create table tallystick.ledger (
  only_row boolean primary key default true check (only_row),
  journal_id bytea not null check (length(journal_id) = 16)
);
