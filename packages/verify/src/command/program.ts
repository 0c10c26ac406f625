/** One run of `tally-verify`: arguments in, a report and an exit code out. */
import {
  accountText,
  AmbiguousKeys,
  Ed25519Missing,
  fromBase64,
  logText,
  printable,
  receiptText,
  type Report,
  reportJson,
  reportText,
  SourceUnreadable,
  verifyGrowth,
  verifyLog,
  verifyReceipt,
  verifyStatement,
} from '../index.ts'
import { type Arguments, parseArguments } from './arguments.ts'
import { ExitCode, UsedWrongly } from './exit-code.ts'
import { ownVerifier, readNamed, sourceOf, tokenOf } from './files.ts'
import { HELP } from './help.ts'
import { ProgressLine } from './progress-line.ts'

const RECEIPT = 'c2sp.org/tlog-proof'

export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Whether `err` is a terminal, where progress is shown. */
  readonly isTerminal: boolean
}

export async function runVerify(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const args = parseArguments(argv)
    if (args.command === 'help') {
      io.out(HELP)
      return ExitCode.proved
    }
    const { report, text } = await verified(args, io)
    io.out(args.json ? reportJson(report) : text)
    return report.proved ? ExitCode.proved : ExitCode.notProved
  } catch (error) {
    if (!(error instanceof UsedWrongly || error instanceof AmbiguousKeys)) throw error
    io.err(`${printable(error.message)}.\nTry tally-verify --help.\n`)
    return ExitCode.usedWrongly
  }
}

interface Outcome {
  readonly report: Report
  readonly text: string
}

type Checking = Exclude<Arguments, { command: 'help' }>

/** What cannot be read or computed proves nothing: a report like any other. */
async function verified(args: Checking, io: Io): Promise<Outcome> {
  try {
    return await outcomeOf(args, io)
  } catch (error) {
    if (!(error instanceof SourceUnreadable || error instanceof Ed25519Missing)) throw error
    const sentence = `${error.message.replace(/\.$/, '')}.`
    const report = { proved: false, checks: [{ name: 'source', holds: false, sentence }] }
    return { report, text: reportText(report) }
  }
}

async function outcomeOf(args: Checking, io: Io): Promise<Outcome> {
  const token = tokenOf(args)
  switch (args.command) {
    case 'receipt': {
      const file = textOf(readNamed(args.file))
      if (/^\s*[{<]/.test(file)) {
        throw new UsedWrongly(
          `${args.file} is no receipt; if it is a statement or an account's proof, check it with tally-verify account`,
        )
      }
      const report = await verifyReceipt(file, args.policy)
      return { report, text: receiptText(report) }
    }
    case 'account': {
      const file = textOf(readNamed(args.file))
      if (file.startsWith(RECEIPT)) {
        throw new UsedWrongly(`${args.file} is a receipt: check it with tally-verify receipt`)
      }
      const report = await verifyStatement(file, args.policy, ownVerifier())
      return { report, text: accountText(report) }
    }
    case 'consistency': {
      const { evidence, policy } = args
      const notes = { older: readNamed(args.older), newer: readNamed(args.newer) }
      const given = 'tiles' in evidence ? sourceOf(evidence.tiles, token) : proofOf(evidence.proof)
      const report = await verifyGrowth({ ...notes, evidence: given }, policy)
      return { report, text: reportText(report) }
    }
    case 'full': {
      const source = sourceOf(args.source, token)
      const { needsOpenings } = args
      const note = args.checkpoint === undefined ? {} : { checkpoint: readNamed(args.checkpoint) }
      const line = new ProgressLine(io.err, () => performance.now())
      const onProgress = (done: bigint, total: bigint) => line.show(done, total)
      const watched = io.isTerminal ? { onProgress } : {}
      try {
        const report = await verifyLog({ source, needsOpenings, ...note, ...watched }, args.policy)
        return { report, text: logText(report) }
      } finally {
        line.clear()
      }
    }
  }
}

/** What is not UTF-8 becomes a text that is no receipt. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function proofOf(name: string): Uint8Array[] {
  const lines = textOf(readNamed(name)).replace(/\n$/, '').split('\n')
  const hashes = lines[0] === '' && lines.length === 1 ? [] : lines
  return hashes.map((line, at) => {
    const hash = fromBase64(line)
    if (hash !== undefined) return hash
    throw new UsedWrongly(`Line ${at + 1} of ${name} is not a hash in base64`)
  })
}
