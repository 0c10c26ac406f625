-- Indexes that are away while the tables are made from zero: made afterwards, in one go each, they cost a fifth.
create table tallystick.deferred_indexes (
  name text primary key,
  definition text not null
);
