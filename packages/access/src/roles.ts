/** The roles that every book has. Others are put in the log. */
const READ = [
  'assets:read',
  'accounts:read',
  'balances:read',
  'entries:read',
  'transfers:read',
  'holds:read',
  'requests:read',
] as const

const MOVE = ['transfers:debit', 'transfers:credit', 'transfers:reverse', 'holds:write'] as const

const OPERATE = ['accounts:write', 'ids:raw', 'reports:read'] as const

const AUDIT = [
  'reports:read',
  'log:read',
  'audit:read',
  'events:read',
  'webhooks:read',
  'approvals:read',
  'rules:read',
  'metrics:read',
  'keys:read',
  'read_models:read',
] as const

/** Names of built-in roles and the scopes of each; they change with a release, never by a command. */
export const BUILT_IN_ROLES: Readonly<Record<string, readonly string[]>> = {
  viewer: READ,
  cashier: [...READ, ...MOVE],
  operator: [...READ, ...MOVE, ...OPERATE],
  auditor: [...READ, ...AUDIT],
  /** Of what waits for a second person. */
  approver: [...READ, 'approvals:read', 'approvals:decide'],
  admin: [
    ...READ,
    ...MOVE,
    'accounts:write',
    'ids:raw',
    ...AUDIT,
    'accounts:unlimited',
    'money:issue',
    'assets:register',
    'read_models:rebuild',
    'webhooks:manage',
    'rules:manage',
    'books:close',
    'subjects:erase',
    'principals:represent',
    'keys:manage',
    'approvals:decide',
  ],
}
