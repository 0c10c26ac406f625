-- Each time that the tables were held to the ledger's own columns.
create table tallystick.agreement_checks (
  number bigint generated always as identity primary key,
  checked_at timestamptz not null default now(),
  -- Event at which both were compared.
  sequence bigint not null,
  differences text[] not null
);
