/** `tally log checkpoint|consistency|verify|forget`: the log of a server, read and verified from outside. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Watched } from '@tallystick/sdk'
import {
  httpSource,
  logText,
  parseCheckpoint,
  parseNote,
  type Report,
  reportText,
  SourceUnreadable,
  verifyGrowth,
  verifyLog,
} from '@tallystick/verify'
import { ExitCode } from '../exit-code.ts'
import { CommandError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { bar, ProgressLine } from '../output/progress.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readCheckpoint } from './checkpoint-file.ts'
import { logPolicy, type PolicyOptions, withPolicy } from './log-policy.ts'

interface ConsistencyOptions extends PolicyOptions {
  readonly newer?: string
}

interface LogVerifyOptions extends PolicyOptions {
  readonly checkpoint?: string
}

export function addLogCheckpoint(log: Command, shell: Shell): void {
  log
    .command('checkpoint')
    .description("Get the log's newest checkpoint, a signed note: keep it, it pins the history.")
    .option('--out <file>', 'a file in place of standard output')
    .addHelpText(
      'after',
      examples('tally log checkpoint --out 2026-11-25.checkpoint', 'tally log checkpoint --json'),
    )
    .action(
      shell.action<{ readonly out?: string }>(async (session, { out }) => {
        const { output } = session
        const note = await newestCheckpoint(session)
        const { origin, size, root } = parseCheckpoint(parseNote(note).text)
        if (out !== undefined) writeFileSync(session.path(out), note)
        const shown = { origin, events: Number(size), root: Buffer.from(root).toString('base64') }
        if (output.json) output.jsonLine({ object: 'checkpoint', ...shown, note })
        else if (out === undefined) output.raw(note)
        else output.line(`${out}: ${origin} with ${countText(Number(size))} events`)
      }),
    )
}

export function addLogConsistency(log: Command, shell: Shell): void {
  withPolicy(log.command('consistency [older]'))
    .description(
      'Check that the log only grew since an older checkpoint; default: the last one that this client saw.',
    )
    .option('--newer <file>', "a checkpoint in place of the log's newest one")
    .addHelpText(
      'after',
      `${examples(
        'tally log consistency',
        'tally log consistency 2026-11-25.checkpoint',
        'tally log consistency 2026-11-25.checkpoint --newer 2026-12-01.checkpoint',
      )}\n\nEvery command does it by itself, once a minute at most. Ends with code 6 when the log did anything but grow.`,
    )
    .action(
      shell.action<ConsistencyOptions>(async (session, options, older) => {
        if (older === undefined) return seenConsistency(session)
        const { newer, ...given } = options
        const notes = {
          older: readCheckpoint(session.path(older)),
          newer:
            newer === undefined
              ? await newestCheckpoint(session)
              : readCheckpoint(session.path(newer)),
        }
        const policy = await logPolicy(session, given)
        const evidence = publicLog(session)
        return answered(
          session,
          'consistency',
          await readable(verifyGrowth({ ...notes, evidence }, policy)),
          reportText,
        )
      }),
    )
}

const eventsOf = (size: bigint): string => `${countText(Number(size))} events`

/** Against what this client keeps. */
async function seenConsistency(session: Session): Promise<ExitCode> {
  const { output, anyone, url } = session
  const before = await anyone.log.watched()
  const watched = await anyone.log.check()
  const { seen, alarm, failure } = watched
  if (failure !== undefined) {
    throw new CommandError(`${url}: ${failure}.`, ExitCode.unreachable, 'log_unreadable')
  }
  const events = before.seen === undefined ? undefined : Number(before.seen.size)
  const shown = { url, proved: alarm === undefined, before: events, alarm: alarm?.code }
  output.answer(
    { object: 'consistency', ...shown, seen: seen && { ...seen, size: Number(seen.size) } },
    () => seenText(session, before, watched),
  )
  return alarm === undefined ? ExitCode.ok : ExitCode.notProved
}

function seenText({ output, url }: Session, before: Watched, { seen, alarm }: Watched): string {
  const first = 'nothing: this is the first time, and it is believed'
  const found =
    alarm === undefined
      ? output.style('green', 'The log only grew.')
      : output.style('red', 'The log is not what it was.')
  return `${pairsText(output, [
    ['server', url],
    [
      'seen before',
      before.seen === undefined
        ? first
        : `${eventsOf(before.seen.size)}, on ${new Date(before.seen.seenAt).toISOString()}`,
    ],
    ...(seen === undefined
      ? []
      : [[alarm === undefined ? 'now' : 'believed', eventsOf(seen.size)] as const]),
    ...(seen?.keys ?? []).map((key) => ['key', key] as const),
  ])}\n\n${found}`
}

export function addLogVerify(log: Command, shell: Shell): void {
  withPolicy(log.command('verify'))
    .description(
      'Read the whole log and verify it: every entry, every hash, the root, the signatures.',
    )
    .option('--checkpoint <file>', 'as the log was at an older checkpoint')
    .addHelpText(
      'after',
      `${examples(
        'tally log verify',
        'tally log verify --log-key ledger.example/log+5202289b+Af/cLU2Y5BJN… --witness witness.example/w1+…',
      )}\n\nNeeds a key with the right log:read. Ends with code 6 when something is wrong.`,
    )
    .action(
      shell.action<LogVerifyOptions>(async (session, { checkpoint, ...given }) => {
        const source = httpSource(`${session.url.replace(/\/+$/, '')}/v1/log`, session.apiKey)
        const note =
          checkpoint === undefined ? {} : { checkpoint: readCheckpoint(session.path(checkpoint)) }
        const policy = await logPolicy(session, given)
        const line = new ProgressLine(session.output.terminal)
        const onProgress = (done: bigint, total: bigint): void =>
          line.draw(
            () =>
              `${countText(Number(done))} of ${countText(Number(total))} events  ${bar(Number(done), Number(total))}`,
          )
        try {
          const report = await readable(verifyLog({ source, ...note, onProgress }, policy))
          return answered(session, 'log_verification', report, logText)
        } finally {
          line.clear()
        }
      }),
    )
}

export function addLogForget(log: Command, shell: Shell): void {
  log
    .command('forget')
    .description(
      'Forget what was seen of the log, and its alarm: the next checkpoint is believed again.',
    )
    .addHelpText(
      'after',
      `${examples('tally log forget')}\n\nOnly after its operator has explained the alarm, by another way than the server. The evidence goes with it.`,
    )
    .action(
      shell.action(async ({ anyone, output, url }) => {
        await anyone.log.forget()
        output.answer({ object: 'forgotten', url }, () => `What was seen of ${url} is forgotten.`)
      }),
    )
}

function publicLog({ url }: Session): ReturnType<typeof httpSource> {
  return httpSource(`${url.replace(/\/+$/, '')}/v1/log`)
}

async function newestCheckpoint(session: Session): Promise<string> {
  const bytes = await readable(publicLog(session).read('checkpoint'))
  if (bytes !== undefined) return new TextDecoder().decode(bytes)
  throw new CommandError('The log has no checkpoint yet.', ExitCode.notFound, 'not_found')
}

/** What cannot be read is no proof that something is wrong. */
async function readable<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value
  } catch (error) {
    if (!(error instanceof SourceUnreadable)) throw error
    throw new CommandError(`${error.message}.`, ExitCode.unreachable, 'log_unreadable')
  }
}

function answered<Kind extends Report>(
  { output }: Session,
  object: string,
  report: Kind,
  text: (report: Kind) => string,
): ExitCode {
  if (output.json) output.jsonLine({ object, ...report })
  else output.raw(text(report))
  return report.proved ? ExitCode.ok : ExitCode.notProved
}
