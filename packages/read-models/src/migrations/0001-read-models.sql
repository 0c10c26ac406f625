-- Read models: made from the journal alone, by sequence. Times are ns since 1970; amounts are minor units.

-- How far they are, written in the transaction that brought them there.
create table tallystick.read_models (
  only_row boolean primary key default true check (only_row),
  -- Newest event that is in the tables.
  sequence bigint not null default 0,
  timestamp_ns bigint not null default 0,
  -- Until there, questions are not answered: a part would look like the whole.
  rebuilding_until bigint not null default 0
);
insert into tallystick.read_models default values;

create table tallystick.assets (
  number bigint primary key,
  name text not null
);

-- Slots count accounts in the order in which they were opened.
create table tallystick.accounts (
  slot integer primary key,
  id uuid not null,
  address text collate "C" not null,
  asset text collate "C" not null,
  code integer not null,
  flags integer not null,
  parent_id uuid,
  limit_amount numeric not null,
  subtree_limit numeric,
  closed boolean not null,
  metadata jsonb,
  sequence bigint not null,
  timestamp_ns bigint not null,
  debits_pending numeric not null default 0,
  debits_posted numeric not null default 0,
  credits_pending numeric not null default 0,
  credits_posted numeric not null default 0,
  entries bigint not null default 0,
  -- Newest event that moved, held or released money of it; 0 = none.
  moved_sequence bigint not null default 0
) with (fillfactor = 60);
create unique index accounts_address on tallystick.accounts (address, slot);
create index accounts_code on tallystick.accounts (code, slot);
create index accounts_parent on tallystick.accounts (parent_id, slot) where parent_id is not null;
create index accounts_metadata on tallystick.accounts using gin (metadata jsonb_path_ops) where metadata is not null;

-- Every event that moved, held or released money. An expiry has the id of its hold, and no request.
create table tallystick.movements (
  sequence bigint primary key,
  id uuid not null,
  kind text not null,
  debit_slot integer not null,
  credit_slot integer not null,
  amount numeric not null,
  asset text collate "C" not null,
  code integer not null,
  pending_sequence bigint,
  effective_ns numeric not null,
  timestamp_ns bigint not null,
  request_sequence bigint,
  metadata jsonb,
  debit_entry bigint not null,
  debit_debits_pending numeric not null,
  debit_debits_posted numeric not null,
  debit_credits_pending numeric not null,
  debit_credits_posted numeric not null,
  credit_entry bigint not null,
  credit_debits_pending numeric not null,
  credit_debits_posted numeric not null,
  credit_credits_pending numeric not null,
  credit_credits_posted numeric not null
);
create index movements_debit on tallystick.movements (debit_slot, sequence);
create index movements_credit on tallystick.movements (credit_slot, sequence);
create index movements_code on tallystick.movements (code, sequence);
create index movements_time on tallystick.movements (timestamp_ns, sequence);
create index movements_pending on tallystick.movements (pending_sequence) where pending_sequence is not null;
create index movements_metadata on tallystick.movements using gin (metadata jsonb_path_ops) where metadata is not null;

-- Both sides of each movement: the same rows seen from either account.
create view tallystick.entries as
  select debit_slot as slot, debit_entry as number, 'debit'::text as direction, credit_slot as counterparty_slot,
    sequence, id, kind, amount, asset, code, effective_ns, timestamp_ns, request_sequence, metadata,
    debit_debits_pending as debits_pending, debit_debits_posted as debits_posted,
    debit_credits_pending as credits_pending, debit_credits_posted as credits_posted
  from tallystick.movements
  union all
  select credit_slot, credit_entry, 'credit'::text, debit_slot,
    sequence, id, kind, amount, asset, code, effective_ns, timestamp_ns, request_sequence, metadata,
    credit_debits_pending, credit_debits_posted, credit_credits_pending, credit_credits_posted
  from tallystick.movements;

create table tallystick.holds (
  sequence bigint primary key,
  id uuid not null,
  status text not null,
  debit_slot integer not null,
  credit_slot integer not null,
  amount numeric not null,
  captured numeric not null,
  remaining numeric not null,
  asset text collate "C" not null,
  code integer not null,
  flags integer not null,
  metadata jsonb,
  timestamp_ns bigint not null,
  -- null: never.
  expires_ns numeric,
  -- Newest event that was about it.
  changed_sequence bigint not null,
  changed_ns bigint not null
);
create index holds_debit on tallystick.holds (debit_slot, sequence);
create index holds_credit on tallystick.holds (credit_slot, sequence);
create index holds_code on tallystick.holds (code, sequence);
create index holds_time on tallystick.holds (timestamp_ns, sequence);
create index holds_status on tallystick.holds (status, sequence);
create index holds_expiry on tallystick.holds (expires_ns, sequence) where status = 'pending';
create index holds_metadata on tallystick.holds using gin (metadata jsonb_path_ops) where metadata is not null;

-- By their first event.
create table tallystick.requests (
  sequence bigint primary key,
  last_sequence bigint not null,
  id text not null,
  operation integer not null,
  principal text not null,
  key_id text not null,
  source text not null,
  initiator text not null,
  idempotency_key text not null,
  received_ns bigint not null
);
create index requests_id on tallystick.requests (id);
create index requests_principal on tallystick.requests (principal, sequence);

-- Posted money of one account in one day, UTC, by ledger time.
create table tallystick.turnover (
  day date not null,
  slot integer not null,
  debits numeric not null,
  credits numeric not null,
  debit_entries bigint not null,
  credit_entries bigint not null,
  primary key (slot, day)
) with (fillfactor = 80);
create index turnover_day on tallystick.turnover (day);
