/** What a verification found: one check after another, each with a sentence for people. */
import { type Checkpoint, MalformedCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { MalformedNote, parseNote } from './note.ts'
import { CheckpointRefused, openCheckpoint, type TrustPolicy } from './open-checkpoint.ts'
import { formatSeconds } from './time-text.ts'
import type { VerifiedSignature } from './verify-note.ts'

export interface Check {
  /** One word, the same in every report. */
  readonly name: string
  readonly holds: boolean
  /** What was found right, or what is wrong and where. */
  readonly sentence: string
  /** Of an account's proof: the entry that it is about, by its place in the list from 0, and the field. */
  readonly entry?: number
  readonly field?: string
}

export interface Report {
  /** Every check holds. */
  readonly proved: boolean
  readonly checks: readonly Check[]
}

/** Checks that are being made. */
export class Checklist {
  readonly checks: Check[] = []

  get proved(): boolean {
    return this.checks.length > 0 && this.checks.every(({ holds }) => holds)
  }

  pass(name: string, sentence: string): void {
    this.checks.push({ name, holds: true, sentence })
  }

  fail(name: string, sentence: string, place: Pick<Check, 'entry' | 'field'> = {}): void {
    this.checks.push({ name, holds: false, sentence, ...place })
  }

  /** @returns `holds` */
  check(name: string, holds: boolean, sentences: { right: string; wrong: string }): boolean {
    this.checks.push({ name, holds, sentence: holds ? sentences.right : sentences.wrong })
    return holds
  }
}

export interface CheckpointCheck {
  /** Of the check. */
  readonly name: string
  /** Subject of its sentence: `The checkpoint`. */
  readonly what: string
  readonly policy: TrustPolicy
}

export interface CheckedCheckpoint extends Checkpoint {
  /** Of the log and of witnesses that the policy trusts; empty when it is not to be believed. */
  readonly logs: readonly VerifiedSignature[]
  readonly witnesses: readonly VerifiedSignature[]
}

/**
 * Whether the note is a checkpoint that the policy trusts.
 * @returns the checkpoint, also when nobody trustworthy has signed it: then the list says so. undefined: it is none.
 * @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
 */
export async function checkCheckpoint(
  list: Checklist,
  note: Uint8Array | string,
  { name, what, policy }: CheckpointCheck,
): Promise<CheckedCheckpoint | undefined> {
  try {
    const { checkpoint, logs, witnesses } = await openCheckpoint(note, policy)
    const of = `${what} of ${counted(checkpoint.size)} is signed by ${namesOf(logs)}`
    const by =
      witnesses.length === 0 ? 'no witness was asked for' : `cosigned by ${namesOf(witnesses)}`
    list.pass(name, `${of}; ${by}.`)
    return { ...checkpoint, logs, witnesses }
  } catch (error) {
    if (!(isRefusal(error) && error instanceof Error)) throw error
    list.fail(name, `${what} cannot be trusted: ${error.message}.`)
    const checkpoint = readAnyway(note)
    return checkpoint && { ...checkpoint, logs: [], witnesses: [] }
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof MalformedNote ||
    error instanceof MalformedCheckpoint ||
    error instanceof CheckpointRefused
  )
}

function readAnyway(note: Uint8Array | string): Checkpoint | undefined {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

function namesOf(signatures: readonly VerifiedSignature[]): string {
  return signatures
    .map(({ key, timestamp }) =>
      timestamp === undefined ? key.name : `${key.name} at ${formatSeconds(timestamp)}`,
    )
    .join(', ')
}

/** `1,234 events`. */
export function counted(events: bigint | number): string {
  return `${grouped(events)} ${BigInt(events) === 1n ? 'event' : 'events'}`
}

/** `1,234`: the same everywhere, whatever the machine's language. */
export function grouped(number: bigint | number): string {
  return number.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
