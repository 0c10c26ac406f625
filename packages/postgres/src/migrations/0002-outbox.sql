-- Facts that were decided here, written in the transaction that made them true; told to the ledger's log afterwards, in this order.
create table tallystick.outbox (
  number bigint generated always as identity primary key,
  id uuid not null unique default gen_random_uuid(),
  type text not null,
  -- JSON, told as it is.
  data text not null,
  written_at timestamptz not null default now(),
  -- Of the event of the log that tells it; null: not told yet.
  sequence bigint
);
create index outbox_waiting on tallystick.outbox (number) where sequence is null;
