/** `tally status`: how a server is, on one screen. What /readyz, /healthz and /v1/log say, and an exit code for each kind of trouble. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Health, Readiness } from '@tallystick/contract'
import type { ProofLog } from '@tallystick/sdk'
import { ExitCode } from '../exit-code.ts'
import { CommandError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { wholeNumber } from './write-options.ts'

const TRY_MS = 5_000
const WAIT_MS = 250
const WAIT_SECONDS_MAX = 86_400

interface Status {
  readonly url: string
  readonly health: Health
  readonly readiness: Readiness
  /** undefined: there is none, or the key may not see it. */
  readonly log: ProofLog | undefined
}

export function addStatus(program: Command, shell: Shell): void {
  program
    .command('status')
    .description('Show how the server is: whether it takes writes, and what it has found wrong.')
    .option('--wait <seconds>', 'for a server that takes writes, this long at most')
    .addHelpText(
      'after',
      `${examples('tally status', 'tally status --wait 60', 'tally status --json | jq .readiness.status')}\n\nEnds with code 3 when it takes no writes, 4 when it found damage in the journal, 6 when its proof log is refused or a witness is alarmed. Needs no key; with one it shows the proof log.`,
    )
    .action(
      shell.action<{ readonly wait?: string }>(async (session, { wait }) => {
        const range = { min: 1, max: WAIT_SECONDS_MAX }
        const seconds = wait === undefined ? 0 : wholeNumber(wait, '--wait', range)
        const status = await waitedFor(session, seconds)
        session.output.answer({ object: 'status', ...status }, () =>
          statusText(session.output, status),
        )
        return codeOf(status)
      }),
    )
}

/** As it is once writes are taken, or at the deadline. @throws CommandError when there is no answer by then */
async function waitedFor(session: Session, seconds: number): Promise<Status> {
  const deadline = performance.now() + seconds * 1_000
  for (;;) {
    const isLast = performance.now() >= deadline
    try {
      const status = await ask(session)
      if (isLast || status.readiness.status === 'ready') return status
    } catch (error) {
      if (isLast) throw error
    }
    await sleep(WAIT_MS)
  }
}

async function ask(session: Session): Promise<Status> {
  const [health, readiness] = await Promise.all([
    answered<Health>(session.url, '/healthz'),
    answered<Readiness>(session.url, '/readyz'),
  ])
  return { url: session.url, health, readiness, log: await logOf(session) }
}

/** A server that is not ready answers in the same form, with 503. */
async function answered<Body>(url: string, path: string): Promise<Body> {
  try {
    const response = await fetch(url.replace(/\/+$/, '') + path, {
      signal: AbortSignal.timeout(TRY_MS),
    })
    return (await response.json()) as Body
  } catch (cause) {
    const code = 'no_answer'
    throw new CommandError(`There is no answer from ${url}.`, ExitCode.unreachable, code, { cause })
  }
}

/** Without a key, or with one that may not see it, the rest is shown. */
async function logOf(session: Session): Promise<ProofLog | undefined> {
  try {
    return await session.tally.log.get({ retries: 0 })
  } catch {
    return undefined
  }
}

function codeOf({ health, readiness }: Status): ExitCode {
  if (health.log === 'refused' || health.log === 'alarmed') return ExitCode.notProved
  if (readiness.damaged) return ExitCode.corrupt
  return readiness.status === 'ready' ? ExitCode.ok : ExitCode.unreachable
}

const count = (text: string): string => countText(Number(text))

function statusText(output: Output, { url, health, readiness, log }: Status): string {
  const { status, sequence, durable_sequence: durable, damaged } = readiness
  const good = (isGood: boolean, text: string): string =>
    output.style(isGood ? 'green' : 'red', text)
  const isReady = status === 'ready'
  return pairsText(output, [
    ['server', `${url}, version ${health.version}`],
    ['writes', good(isReady, isReady ? 'taken' : `refused: ${status}`)],
    ['events', `${count(sequence)}, of which ${count(durable)} are durable`],
    ['journal', good(!damaged, damaged ? 'damaged: tally verify says where' : 'no damage found')],
    ...(health.log === undefined ? [] : [['proof log', logText(health.log, log)] as const]),
    ...(log === undefined || log.detail === null
      ? []
      : [['', output.style('red', log.detail)] as const]),
    ...(log?.witnesses ?? []).map(
      ({ name, detail }) => ['witness', `${name}: ${detail ?? 'ok'}`] as const,
    ),
    ...(health.database === undefined ? [] : [['database', health.database] as const]),
  ])
}

function logText(status: string, log: ProofLog | undefined): string {
  if (log === undefined) return status
  return `${status}, ${countText(Number(log.signed))} of ${countText(Number(log.events))} events signed`
}
