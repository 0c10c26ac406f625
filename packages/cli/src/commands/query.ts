/** `tally query`: accounts, transfers, entries or holds that fit a filter, as lines of JSON. */
import type { Command } from 'commander'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

interface QueryOptions {
  readonly sort?: string
  readonly max?: string
}

const RESOURCES = ['accounts', 'transfers', 'entries', 'holds'] as const
type Resource = (typeof RESOURCES)[number]

const ROWS_DEFAULT = 50

export function addQuery(program: Command, shell: Shell): void {
  program
    .command('query <resource> [filter]')
    .description(
      'Ask the read models for accounts, transfers, entries or holds: one JSON object a line.',
    )
    .option('--sort <field>', 'with - before it for the newest or last first')
    .option('--max <rows>', `how many; default ${ROWS_DEFAULT}`)
    .addHelpText(
      'after',
      examples(
        "tally query transfers 'code=10;amount>=1000'",
        "tally query entries 'account=users:1042:wallet;timestamp>=2026-11-01T00:00:00Z'",
        'tally query holds status=pending --sort sequence --max 10',
        "tally query accounts 'address^=users:1042'",
      ),
    )
    .action(
      shell.action<QueryOptions>((session, options, resource = '', filter?: string) =>
        query(session, options, { resource, filter }),
      ),
    )
}

async function query(
  { tally, output }: Session,
  { sort, max = `${ROWS_DEFAULT}` }: QueryOptions,
  { resource, filter }: { readonly resource: string; readonly filter: string | undefined },
): Promise<void> {
  if (!isResource(resource)) throw usageError(`${resource} is none of ${RESOURCES.join(', ')}.`)
  const rows = /^[1-9]\d{0,6}$/.test(max) ? Number(max) : 0
  if (rows === 0) throw usageError('--max takes a whole number from 1 on.')
  const asked = {
    // Accounts without either are listed by the ledger itself.
    ...{ sort: sort ?? (resource === 'accounts' ? 'address' : '-sequence') },
    ...(filter === undefined ? {} : { filter }),
    limit: Math.min(rows, 1_000),
  }
  let left = rows
  for await (const row of tally[resource].list(asked)) {
    output.jsonLine(row)
    if (--left === 0) return
    await output.drained()
  }
}

function isResource(text: string): text is Resource {
  return RESOURCES.some((each) => each === text)
}
