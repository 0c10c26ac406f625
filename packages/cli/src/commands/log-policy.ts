/** Whose signatures on a log's checkpoints count, for commands that verify. */
import type { Command } from 'commander'
import { MalformedKey, MalformedPolicy, type TrustPolicy, trustPolicy } from '@tallystick/verify'
import { CommandError, usageError } from '../failure.ts'
import { ExitCode } from '../exit-code.ts'
import type { Session } from '../session.ts'

export interface PolicyOptions {
  readonly logKey?: string[]
  readonly witness?: string[]
  readonly quorum?: string
}

export function withPolicy(command: Command): Command {
  return command
    .option('--log-key <vkey...>', 'verifier key of the log, from somebody you trust')
    .option('--witness <vkey...>', 'verifier key of a witness that has to have cosigned')
    .option('--quorum <n>', 'how many of the witnesses suffice; default: all')
}

/** Without keys of its own it takes those that this client has seen the log with. @throws CommandError */
export async function logPolicy(session: Session, given: PolicyOptions): Promise<TrustPolicy> {
  return policyOf(given, given.logKey ?? (await seenKeys(session)))
}

/** @returns undefined when no key was given. @throws CommandError */
export function givenPolicy(given: PolicyOptions): TrustPolicy | undefined {
  const { logKey, witness, quorum } = given
  if (logKey !== undefined) return policyOf(given, logKey)
  if (witness === undefined && quorum === undefined) return undefined
  throw usageError('Name the key of the log, too: --log-key.')
}

function policyOf({ witness, quorum }: PolicyOptions, keys: readonly string[]): TrustPolicy {
  const count = quorum === undefined ? {} : { quorum: Number(quorum) }
  try {
    return trustPolicy({ keys, witnesses: witness ?? [], ...count })
  } catch (error) {
    if (!(error instanceof MalformedKey || error instanceof MalformedPolicy)) throw error
    throw usageError(`${error.message.replace(/\.$/, '')}.`)
  }
}

async function seenKeys({ anyone, url }: Session): Promise<readonly string[]> {
  const before = await anyone.log.watched()
  const { seen, failure } = before.seen === undefined ? await anyone.log.check() : before
  if (seen !== undefined) return seen.keys
  throw new CommandError(
    `The log of ${url} is not known: ${failure ?? 'it shows nothing'}. Name its key with --log-key.`,
    ExitCode.unreachable,
    'log_unknown',
  )
}
