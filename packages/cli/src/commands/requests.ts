/** `tally requests`: what was asked of the ledger, by whom, with which key and from where. What one of them did: `tally trace ID`. */
import type { Command } from 'commander'
import type { RequestsQuery, RequestSummary } from '@tallystick/sdk'
import { examples } from '../help.ts'
import { momentOf } from '../moment.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { timeText } from './show.ts'
import { wholeNumber } from './write-options.ts'

const MAX_DEFAULT = 50
const PAGE_ROWS_MAX = 1_000

interface RequestsOptions {
  readonly keyId?: string
  readonly principal?: string
  readonly source?: string
  readonly account?: string
  readonly from?: string
  readonly to?: string
  readonly timeZone?: string
  readonly max?: string
}

export function addRequests(program: Command, shell: Shell): void {
  program
    .command('requests')
    .description(
      'List what was asked of the ledger, newest first: by key, principal, address, account.',
    )
    .option('--key-id <id>', 'asked with this key: tally keys list shows ids')
    .option('--principal <name>', 'asked by this principal')
    .option('--source <address>', 'asked from this address of the network')
    .option('--account <address>', 'opened, changed, debited or credited this account')
    .option('--from <time>', 'first moment that counts')
    .option('--to <time>', 'first moment that no longer counts')
    .option('--time-zone <zone>', 'of times without one', 'UTC')
    .option('--max <rows>', `how many; default ${MAX_DEFAULT}`)
    .addHelpText(
      'after',
      `${examples(
        'tally requests --key-id key_01M8AJTFAFW6JRXC9YC9KDF9CM',
        'tally requests --source 203.0.113.9 --from 2026-11-25T03:00',
        'tally requests --principal acme --json | jq -r .id',
      )}\n\nRequests that the ledger decided, refused ones included. What was only read, or refused before it reached the ledger, is not kept.`,
    )
    .action(shell.action<RequestsOptions>((session, options) => list(session, options)))
}

async function list({ tally, output }: Session, options: RequestsOptions): Promise<void> {
  const { max } = options
  const most =
    max === undefined ? MAX_DEFAULT : wholeNumber(max, '--max', { min: 1, max: 10_000_000 })
  const asked = { ...queryOf(options), limit: Math.min(most + 1, PAGE_ROWS_MAX) }
  const rows: RequestSummary[] = []
  let count = 0
  for await (const row of tally.requests.list(asked)) {
    if (count++ === most) break
    if (output.json) output.jsonLine(row)
    else rows.push(row)
    await output.drained()
  }
  if (output.json) return
  output.line(rows.length === 0 ? 'No request fits.' : requestsText(output, rows))
  if (count > most) output.note('There are older ones: --max shows more.')
}

function queryOf({ from, to, timeZone, ...rest }: RequestsOptions): RequestsQuery {
  const { keyId, principal, source, account } = rest
  return {
    ...(keyId === undefined ? {} : { keyId }),
    ...(principal === undefined ? {} : { principal }),
    ...(source === undefined ? {} : { source }),
    ...(account === undefined ? {} : { account }),
    ...(from === undefined ? {} : { from: momentOf(from, timeZone) }),
    ...(to === undefined ? {} : { to: momentOf(to, timeZone) }),
  }
}

function requestsText(output: Output, rows: readonly RequestSummary[]): string {
  const titles = ['decided', 'operation', 'principal', 'key', 'from', 'request']
  return tableText(
    output,
    titles.map((title) => ({ title })),
    rows.map(({ timestamp, operation, principal, keyId, source, id }) =>
      [timeText(timestamp), operation, principal, keyId, source, id].map((text) => printable(text)),
    ),
  )
}
