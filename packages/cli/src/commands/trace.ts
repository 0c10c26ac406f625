/** `tally trace`: from any name to the request behind it, and from there to all that it caused. */
import type { Command } from 'commander'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Shell } from '../shell.ts'
import { traceText } from '../trace/draw.ts'
import { gather } from '../trace/gather.ts'
import { TRACE_KINDS, type TraceKind } from '../trace/trace.ts'
import { wholeNumber } from './write-options.ts'

const REQUESTS_DEFAULT = 5
const RECORDS_DEFAULT = 10
/** The server shows as many records of one request. */
const RECORDS_MAX = 8_192

interface TraceOptions {
  readonly as?: string
  readonly limit?: string
  readonly records?: string
}

export function addTrace(program: Command, shell: Shell): void {
  program
    .command('trace <id>')
    .description(
      'Draw who asked for what, what was answered, and all that came of it: of a request, transfer, hold, reference or account.',
    )
    .option('--as <kind>', `what the name is: ${TRACE_KINDS.join(', ')} (default: what fits)`)
    .option('--limit <number>', `requests of an account (default: ${REQUESTS_DEFAULT})`)
    .option('--records <number>', `records of each request (default: ${RECORDS_DEFAULT})`)
    .addHelpText(
      'after',
      examples(
        'tally trace req_01M7YHWQ4VR9EAEVJZSMB2S2DA',
        'tally trace 86bd0ca6-ec05-8e35-b8db-4ea83f26b0ca',
        'tally trace order-17 --as reference',
        'tally trace users:1042:wallet --limit 20',
        "tally trace order-17 --json | jq '.requests[0].answer'",
      ),
    )
    .action(
      shell.action<TraceOptions>(async ({ tally, output }, options, id = '') => {
        const { as, limit, records } = options
        const trace = await gather(tally, id, {
          as: as === undefined ? undefined : kindOf(as),
          requests: numberOf(limit, '--limit', REQUESTS_DEFAULT),
          records: numberOf(records, '--records', RECORDS_DEFAULT),
        })
        output.answer(trace, () => traceText(output, trace))
      }),
    )
}

function kindOf(text: string): TraceKind {
  const kind = TRACE_KINDS.find((each) => each === text)
  if (kind !== undefined) return kind
  throw usageError(`--as must be one of ${TRACE_KINDS.join(', ')}, not "${text}".`)
}

function numberOf(text: string | undefined, name: string, fallback: number): number {
  return text === undefined ? fallback : wholeNumber(text, name, { min: 1, max: RECORDS_MAX })
}
