/** `tally keys`, `tally grants`, `tally roles`, `tally whoami`: who may do what. */
import type { Command } from 'commander'
import type { Grant, Key, Principal, Scope } from '@tallystick/sdk'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Output } from '../output/output.ts'
import { pairsText, tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { timeText } from './show.ts'

interface CreateOptions {
  readonly person?: boolean
  readonly role?: string
  readonly scope?: readonly string[]
  readonly at?: readonly string[]
  readonly test?: boolean
  readonly expires?: string
  readonly from?: readonly string[]
}

export function addAccess(program: Command, shell: Shell): void {
  addKeys(program, shell)
  addPrincipals(program, shell)
  addGrants(program, shell)
  program
    .command('roles')
    .description('List roles and their rights.')
    .addHelpText('after', examples('tally roles'))
    .action(
      shell.action(async ({ tally, output }) => {
        const roles = await all(tally.roles.list())
        output.answer({ roles }, () =>
          roles.map(({ role, scopes }) => `${role.padEnd(10)} ${scopes.join(' ')}`).join('\n'),
        )
      }),
    )
  program
    .command('whoami')
    .description('Show whose key this is, and what it may do.')
    .addHelpText('after', examples('tally whoami', 'tally whoami --key tk_live_…'))
    .action(
      shell.action(async ({ tally, output }) => {
        const who = await tally.keys.whoami()
        output.answer(who, () =>
          pairsText(output, [
            ['principal', who.principal],
            ['key', who.keyId],
            ...(who.initiator === null ? [] : [['for', who.initiator] as const]),
            ...who.rights.map(({ scope, addresses }) => [scope, addresses.join(' ')] as const),
          ]),
        )
      }),
    )
}

function addKeys(program: Command, shell: Shell): void {
  const keys = program
    .command('keys')
    .description('Make, list, rotate and revoke API keys.')
    .addHelpText(
      'after',
      examples('tally keys create ada --person --role admin', 'tally keys list acme'),
    )
  keys
    .command('create <principal>')
    .description(
      'Make a key, its principal and a grant where they are named. The key is shown once.',
    )
    .option('--person', 'the principal is a person; default: a service')
    .option('--role <role>', 'viewer, cashier, operator, auditor, admin or one of your own')
    .option('--scope <scopes...>', 'further rights, like money:issue')
    .option('--at <addresses...>', 'what the rights reach, like partners:acme:*; default: all')
    .option('--test', 'a key that begins with tk_test_')
    .option('--expires <time>', 'when it stops working')
    .option('--from <ranges...>', 'where it may be used from, like 10.0.0.0/8')
    .addHelpText(
      'after',
      examples(
        'tally keys create ada --person --role admin',
        "tally keys create acme --role cashier --at 'partners:acme:*'",
      ),
    )
    .action(shell.action(createKey))
  keys
    .command('list [principal]')
    .description('List keys.')
    .action(
      shell.action(async ({ tally, output }, _options, principal = '') => {
        const found = await all(tally.keys.list(principal === '' ? {} : { principal }))
        output.answer({ keys: found }, () => keysText(output, found))
      }),
    )
  keys
    .command('rotate <id>')
    .description('Put a new key in the place of one; both work for a day.')
    .option('--overlap <seconds>', 'how long the old one goes on')
    .action(
      shell.action<{ overlap?: string }>(async ({ tally, output }, { overlap }, id = '') => {
        const seconds = overlap === undefined ? {} : { overlapSeconds: Number(overlap) }
        const key = await tally.keys.rotate(id, seconds)
        output.answer(key, () => newKeyText(output, key))
      }),
    )
  keys
    .command('revoke <id>')
    .description('Refuse a key from now on, for ever.')
    .action(
      shell.action(async ({ tally, output }, _options, id = '') => {
        const change = await tally.keys.revoke(id)
        output.answer(change, () => `${change.name} is revoked.`)
      }),
    )
}

async function createKey(
  { tally, output }: Session,
  options: CreateOptions,
  principal = '',
): Promise<void> {
  const { role, scope: scopes = [], at: addresses = ['*'] } = options
  const known = await all(tally.principals.list())
  const isNew = !known.some((each) => each.principal === principal)
  if (isNew && role === undefined && scopes.length === 0) {
    throw usageError(`${principal} is new and would have no rights: give --role or --scope.`)
  }
  if (isNew) {
    const kind = options.person === true ? 'person' : 'service'
    await tally.principals.create({ principal, kind })
  }
  // Before the key: the first key of an administrator ends the root key.
  if (role !== undefined || scopes.length > 0) {
    const given = scopes as readonly Scope[]
    const rights = role === undefined ? { scopes: given } : { role, scopes: given }
    await tally.grants.create({ principal, addresses, ...rights })
  }
  const key = await tally.keys.create({
    principal,
    ...(options.test === true ? { mode: 'test' as const } : {}),
    ...(options.expires === undefined ? {} : { expiresAt: options.expires }),
    ...(options.from === undefined ? {} : { ipRanges: options.from }),
  })
  output.answer(key, () => newKeyText(output, key))
}

function newKeyText(output: Output, key: Key): string {
  return `${pairsText(output, [
    ['key', output.style('bold', key.secret ?? '')],
    ['id', key.id],
    ['principal', key.principal],
    ['expires', key.expiresAt === null ? 'never' : timeText(key.expiresAt)],
  ])}\n\nIt is shown this once. TALLY_KEY or --key takes it.`
}

function keysText(output: Output, keys: readonly Key[]): string {
  const columns = ['id', 'principal', 'begins with', 'status', 'last used'].map((title) => ({
    title,
  }))
  const rows = keys.map(({ id, principal, prefix, status, lastUsedAt }) => [
    ...[id, principal, prefix, status],
    lastUsedAt === null ? '' : timeText(lastUsedAt),
  ])
  return tableText(output, columns, rows)
}

function addPrincipals(program: Command, shell: Shell): void {
  const principals = program
    .command('principals')
    .description('List principals, stop them, and say how often they may ask.')
    .addHelpText(
      'after',
      examples('tally principals list', 'tally principals limit acme 100 --burst 500'),
    )
  principals
    .command('list')
    .description('List principals.')
    .action(
      shell.action(async ({ tally, output }) => {
        const found = await all(tally.principals.list())
        output.answer({ principals: found }, () => principalsText(output, found))
      }),
    )
  for (const change of ['disable', 'enable'] as const) {
    principals
      .command(`${change} <principal>`)
      .description(
        change === 'disable' ? 'Refuse all its keys from now on.' : 'Let its keys in again.',
      )
      .action(
        shell.action(async ({ tally, output }, _options, principal = '') => {
          const done = await tally.principals[change](principal)
          output.answer(done, () => `${done.name} is ${change}d.`)
        }),
      )
  }
  principals
    .command('limit <principal> <calls>')
    .description('Say how many calls a second it may make; "default": as many as others.')
    .option('--burst <calls>', 'at once, after a rest; default: twice as many')
    .action(shell.action<{ burst?: string }>(limitCalls))
}

async function limitCalls(
  { tally, output }: Session,
  { burst }: { readonly burst?: string },
  principal = '',
  calls = '',
): Promise<void> {
  const perSecond = calls === 'default' ? null : wholeOf(calls, 'calls')
  const atOnce = burst === undefined ? {} : { burst: wholeOf(burst, '--burst') }
  const done = await tally.principals.limitCalls(principal, { perSecond, ...atOnce })
  const rate = perSecond === null ? 'as often as others' : `${perSecond} times a second`
  output.answer(done, () => `${done.name} may ask ${rate}.`)
}

function wholeOf(text: string, name: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw usageError(`${name} is ${JSON.stringify(text)}: use a whole number, like 100.`)
}

function principalsText(output: Output, principals: readonly Principal[]): string {
  const columns = ['principal', 'kind', 'state', 'calls'].map((title) => ({ title }))
  const rows = principals.map(({ principal, kind, disabled, callRate }) => [
    ...[principal, kind, disabled ? 'disabled' : 'enabled'],
    callRate === null ? '' : `${callRate.perSecond}/s, ${callRate.burst} at once`,
  ])
  return tableText(output, columns, rows)
}

function addGrants(program: Command, shell: Shell): void {
  const grants = program
    .command('grants')
    .description('Give rights and take them back.')
    .addHelpText('after', examples("tally grants create acme --scope money:issue --at 'world:*'"))
  grants
    .command('create <principal>')
    .description('Give rights on addresses.')
    .option('--role <role>', 'viewer, cashier, operator, auditor, admin or one of your own')
    .option('--scope <scopes...>', 'rights by name')
    .requiredOption('--at <addresses...>', 'what they reach: partners:acme:*, or * for all')
    .action(
      shell.action<CreateOptions>(async ({ tally, output }, options, principal = '') => {
        const { role, scope, at: addresses = [] } = options
        const grant = await tally.grants.create({
          ...{ principal, addresses },
          ...(role === undefined ? {} : { role }),
          ...(scope === undefined ? {} : { scopes: scope as readonly Scope[] }),
        })
        output.answer(grant, () => grantsText(output, [grant]))
      }),
    )
  grants
    .command('list [principal]')
    .description('List grants.')
    .action(
      shell.action(async ({ tally, output }, _options, principal = '') => {
        const found = await all(tally.grants.list(principal === '' ? {} : { principal }))
        output.answer({ grants: found }, () => grantsText(output, found))
      }),
    )
  grants
    .command('revoke <id>')
    .description('Take a grant back.')
    .action(
      shell.action(async ({ tally, output }, _options, id = '') => {
        const change = await tally.grants.revoke(id)
        output.answer(change, () => `${change.name} is revoked.`)
      }),
    )
}

function grantsText(output: Output, grants: readonly Grant[]): string {
  const columns = ['id', 'principal', 'rights', 'on', 'state'].map((title) => ({ title }))
  const rows = grants.map(({ id, principal, role, scopes, addresses, revokedAt }) => [
    ...[id, principal, [role ?? '', ...scopes].join(' ').trim(), addresses.join(' ')],
    revokedAt === null ? 'given' : 'revoked',
  ])
  return tableText(output, columns, rows)
}

async function all<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  return Array.fromAsync(rows)
}
