/** `tally account open|show|list|change|close|reopen`. */
import type { Command } from 'commander'
import type { AccountFlag, CreateAccount } from '@tallystick/sdk'
import { examples } from '../help.ts'
import { amountOf, countText } from '../output/money-text.ts'
import { tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { accountText, balanceText } from './show.ts'
import { type CallOptions, callOf, metadataOf, wholeNumber, withCall } from './write-options.ts'

const LIST_ROWS_DEFAULT = 50

export function addAccount(program: Command, shell: Shell): void {
  const account = program
    .command('account')
    .description('Open, show, list, change and close accounts.')
  addOpen(account, shell)
  addShow(account, shell)
  addList(account, shell)
  addChange(account, shell)
  addClosing(account, shell)
}

interface OpenOptions extends CallOptions {
  readonly asset: string
  readonly code?: string
  readonly debitsMustNotExceedCredits?: boolean
  readonly creditsMustNotExceedDebits?: boolean
  readonly parent?: string
  readonly limit?: string
  readonly subtreeLimit?: string
  readonly minor?: boolean
  readonly closed?: boolean
  readonly metadata?: readonly string[]
}

function addOpen(account: Command, shell: Shell): void {
  const open = account
    .command('open <address>')
    .description('Open an account: one address, one asset for life.')
    .requiredOption('--asset <asset>', 'like EUR/2')
    .option('--code <number>', 'what kind of account, in your own numbering (default: 1)')
    .option('--debits-must-not-exceed-credits', 'it may not be overdrawn: a wallet')
    .option('--credits-must-not-exceed-debits', 'it may not be overpaid: a loan')
    .option('--parent <address>', 'an account of the same asset')
    .option('--limit <amount>', 'allowed on top of the flag: an overdraft, a credit line')
    .option('--subtree-limit <amount>', 'the same for the totals of its subtree')
    .option('--minor', 'limits are in minor units')
    .option('--closed', 'open it closed')
    .option('--metadata <text...>', 'name=value, or one JSON object')
  withCall(open)
    .addHelpText(
      'after',
      examples(
        'tally account open users:1042:wallet --asset EUR/2 --debits-must-not-exceed-credits',
        'tally account open merchants:books --asset EUR/2 --code 200 --metadata country=CZ',
      ),
    )
    .action(
      shell.action<OpenOptions>(async (session, options, address = '') => {
        const { tally, output } = session
        const opened = await tally.accounts.create(newAccount(address, options), callOf(options))
        output.answer(opened, () => accountText(output, opened))
      }),
    )
}

function newAccount(address: string, options: OpenOptions): CreateAccount {
  const { asset, parent, closed, minor = false } = options
  const metadata = metadataOf(options.metadata)
  const amount = (text: string): bigint => amountOf(text, asset, { minor })
  const flags: AccountFlag[] = []
  if (options.debitsMustNotExceedCredits === true) flags.push('debits_must_not_exceed_credits')
  if (options.creditsMustNotExceedDebits === true) flags.push('credits_must_not_exceed_debits')
  return {
    address,
    asset,
    code: codeOf(options.code),
    flags,
    ...(parent === undefined ? {} : { parent }),
    ...(options.limit === undefined ? {} : { limit: amount(options.limit) }),
    ...(options.subtreeLimit === undefined ? {} : { subtreeLimit: amount(options.subtreeLimit) }),
    ...(closed === undefined ? {} : { closed }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

export function codeOf(text: string | undefined): number {
  return text === undefined ? 1 : wholeNumber(text, '--code', { min: 1, max: 0xffff })
}

function addShow(account: Command, shell: Shell): void {
  account
    .command('show <address>')
    .description('Show an account with its balances.')
    .addHelpText(
      'after',
      examples('tally account show users:1042:wallet', 'tally account show world:EUR-2 --json'),
    )
    .action(
      shell.action(async ({ tally, output }, _options, address = '') => {
        const found = await tally.accounts.get(address)
        output.answer(found, () => accountText(output, found))
      }),
    )
}

interface ListOptions {
  readonly parent?: string
  readonly asset?: string
  readonly limit?: string
  readonly all?: boolean
}

function addList(account: Command, shell: Shell): void {
  account
    .command('list [prefix]')
    .description('List accounts: by prefix in order of address, otherwise the newest first.')
    .option('--parent <address>', 'direct children of this account')
    .option('--asset <asset>', 'of this asset')
    .option('--limit <number>', 'rows (default: 50)')
    .option('--all', 'all rows')
    .addHelpText(
      'after',
      examples(
        'tally account list',
        'tally account list users:1042',
        'tally account list --all --json',
      ),
    )
    .action(shell.action<ListOptions>((session, options, prefix) => list(session, options, prefix)))
}

async function list(
  { tally, output }: Session,
  { parent, asset, limit, all = false }: ListOptions,
  prefix: string | undefined,
): Promise<void> {
  const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER }
  const asked = limit === undefined ? LIST_ROWS_DEFAULT : wholeNumber(limit, '--limit', bounds)
  const max = all ? Number.POSITIVE_INFINITY : asked
  const rows = tally.accounts.list({
    ...(prefix === undefined ? {} : { prefix }),
    ...(parent === undefined ? {} : { parent }),
    ...(asset === undefined ? {} : { asset }),
    limit: Math.min(max, 1_000),
  })
  const found = await rows.toArray(max)
  if (output.json) {
    for (const row of found) output.jsonLine(row)
    return
  }
  const cells = found.map((row) => [
    row.address,
    row.asset,
    row.code.toString(),
    balanceText(output, row.balances.balance, row.asset),
    countText(row.entries),
    row.closed ? 'closed' : '',
  ])
  const titles = [
    { title: 'account' },
    { title: 'asset' },
    { title: 'code', right: true },
    { title: 'balance', right: true },
    { title: 'entries', right: true },
    { title: '' },
  ]
  output.line(found.length === 0 ? 'No accounts.' : tableText(output, titles, cells))
  if (found.length === max) output.note(`The first ${max}; --limit or --all shows more.`)
}

interface ChangeOptions extends CallOptions {
  readonly limit?: string
  readonly subtreeLimit?: string
  readonly minor?: boolean
  readonly metadata?: readonly string[]
}

function addChange(account: Command, shell: Shell): void {
  const change = account
    .command('change <address>')
    .description('Change limits or metadata; what is left out stays.')
    .option('--limit <amount>', 'allowed on top of the flag')
    .option('--subtree-limit <amount>', 'for the totals of its subtree; "none" takes it away')
    .option('--minor', 'limits are in minor units')
    .option('--metadata <text...>', 'takes the place of all metadata')
  withCall(change)
    .addHelpText('after', examples('tally account change users:1042:wallet --limit 50.00'))
    .action(
      shell.action<ChangeOptions>(async ({ tally, output }, options, address = '') => {
        const { asset } = await tally.accounts.get(address)
        const { limit, subtreeLimit, minor = false } = options
        const metadata = metadataOf(options.metadata)
        const amount = (text: string): bigint => amountOf(text, asset, { minor })
        const body = {
          ...(limit === undefined ? {} : { limit: amount(limit) }),
          ...(subtreeLimit === undefined
            ? {}
            : { subtreeLimit: subtreeLimit === 'none' ? null : amount(subtreeLimit) }),
          ...(metadata === undefined ? {} : { metadata }),
        }
        const changed = await tally.accounts.change(address, body, callOf(options))
        output.answer(changed, () => accountText(output, changed))
      }),
    )
}

function addClosing(account: Command, shell: Shell): void {
  withCall(account.command('close <address>'))
    .description('Close an account: it takes nothing but voids and expiries of open holds.')
    .addHelpText('after', examples('tally account close users:1042:wallet'))
    .action(
      shell.action<CallOptions>(async ({ tally, output }, options, address = '') => {
        const closed = await tally.accounts.close(address, callOf(options))
        output.answer(closed, () => accountText(output, closed))
      }),
    )
  withCall(account.command('reopen <address>'))
    .description('Open an account again that was closed by `close`.')
    .addHelpText('after', examples('tally account reopen users:1042:wallet'))
    .action(
      shell.action<CallOptions>(async ({ tally, output }, options, address = '') => {
        const opened = await tally.accounts.reopen(address, callOf(options))
        output.answer(opened, () => accountText(output, opened))
      }),
    )
}
