/** Rights by name. A name that was given never gets another meaning: grants in the log have it. */
export const SCOPES = [
  'assets:read',
  'assets:register',
  'accounts:read',
  'accounts:write',
  /** Accounts that may be overdrawn: without a flag, with a limit, or opened on the way. */
  'accounts:unlimited',
  'balances:read',
  'entries:read',
  'transfers:read',
  'transfers:debit',
  'transfers:credit',
  'transfers:reverse',
  'holds:read',
  'holds:write',
  /** To move money into and out of the books: `world`. */
  'money:issue',
  /** To choose ids oneself: the id of another could be tried or taken. */
  'ids:raw',
  'reports:read',
  'read_models:read',
  'read_models:rebuild',
  'requests:read',
  'books:close',
  'subjects:erase',
  'metrics:read',
  'log:read',
  /** Who did or tried what: changes of rights and refused attempts. */
  'audit:read',
  'events:read',
  'webhooks:read',
  'webhooks:manage',
  /** To act on behalf of others, with what both may do. */
  'principals:represent',
  'approvals:read',
  /** To approve and refuse what others ask for, where it reaches. */
  'approvals:decide',
  'rules:read',
  /** On the addresses that a rule watches. */
  'rules:manage',
  'keys:read',
  /** To give rights, to oneself too: it is all rights. */
  'keys:manage',
] as const

export type Scope = (typeof SCOPES)[number]
