/**
 * A witness (c2sp.org/tlog-witness) as a state machine: it cosigns a checkpoint only when it continues the newest one that it
 * cosigned for the same log, so that a log cannot show two histories to those who ask for its cosignature.
 */
import {
  type Checkpoint,
  equalBytes,
  formatSignatureLines,
  MalformedCheckpoint,
  MalformedKey,
  MalformedNote,
  SignatureType,
  type VerifierKey,
  verifyConsistency,
  verifyNote,
} from '@tallystick/verify'

import { cosign } from '../note/sign-note.ts'
import type { SigningKey } from '../note/signing-key.ts'
import type { TextStore } from '../text-store.ts'
import { EMPTY_TREE, formatHeadRecord, parseHeadRecord, type TreeHead } from '../tree-head.ts'
import { type AddCheckpoint, parseAddCheckpoint } from './add-checkpoint.ts'

const FORMAT = 'tallystick/witness/v1'

export interface WitnessOptions {
  /** For cosignatures; for nothing and nobody else. */
  readonly key: SigningKey
  /** Of the logs that are witnessed: the name of a key is the origin. A log that changes its key has two. */
  readonly logKeys: readonly VerifierKey[]
  /** Where the newest cosigned checkpoint of each log is kept. */
  readonly storeOf: (origin: string) => TextStore
  /** Seconds since the epoch. */
  readonly now: () => bigint
}

/** Of HTTP. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size'
  readonly body: string
  /** A signed checkpoint does not fit to what was cosigned: a sentence for the witness' operator. */
  readonly alarm?: string
}

export class Witness {
  readonly #options: WitnessOptions
  /** Of each log, with its record. */
  readonly #logs = new Map<string, { readonly keys: VerifierKey[]; readonly store: TextStore }>()

  /** @throws MalformedKey for a key that does not cosign. */
  constructor(options: WitnessOptions) {
    const { name, type } = options.key.verifierKey
    if (type !== SignatureType.cosignature) {
      throw new MalformedKey(`the key of ${name} is not for cosignatures`)
    }
    this.#options = options
    for (const key of options.logKeys) {
      const log = this.#logs.get(key.name)
      if (log !== undefined) log.keys.push(key)
      else this.#logs.set(key.name, { keys: [key], store: options.storeOf(key.name) })
    }
  }

  /** The newest checkpoint that was cosigned for a log; the empty tree when none was. @throws RecordUnreadable */
  async newest(origin: string): Promise<TreeHead> {
    const store = this.#logs.get(origin)?.store
    return store === undefined ? EMPTY_TREE : headOf(await store.read(), origin)
  }

  /**
   * The checks stand in the order of the specification.
   * @throws RecordUnreadable, or what the store rejects with; then nothing was cosigned.
   */
  async addCheckpoint(body: Uint8Array): Promise<WitnessAnswer> {
    const asked = parsed(body)
    if ('status' in asked) return asked
    const { checkpoint, note, oldSize } = asked
    const log = this.#logs.get(checkpoint.origin)
    if (log === undefined) return plain(404, 'This log is not known here.')
    const { verified, failed } = await verifyNote(note, log.keys)
    if (failed.length > 0) return plain(403, 'A signature of the log is wrong.')
    if (verified.length === 0) return plain(403, 'No known key of the log has signed this.')
    if (oldSize > checkpoint.size) return plain(400, 'The old size is beyond the new one.')
    return this.#cosign(asked, log.store)
  }

  async #cosign(asked: AddCheckpoint, store: TextStore): Promise<WitnessAnswer> {
    const { checkpoint, note } = asked
    const { origin, size, root } = checkpoint
    for (;;) {
      const text = await store.read()
      const newest = headOf(text, origin)
      const refusal = refusalOf(asked, newest)
      if (refusal !== undefined) return refusal
      // Taken before the record is replaced: at this time no larger tree had been cosigned.
      const time = this.#options.now()
      const next = formatHeadRecord(FORMAT, { origin, head: { size, root } })
      // The same checkpoint again is in the record already. Whoever lost a race is held to the new record.
      if (text === next || (await store.replace(text, next))) {
        const line = formatSignatureLines([cosign(note.text, this.#options.key, time)])
        return { status: 200, contentType: 'text/plain; charset=utf-8', body: line }
      }
    }
  }
}

function parsed(body: Uint8Array): AddCheckpoint | WitnessAnswer {
  try {
    return parseAddCheckpoint(body)
  } catch (error) {
    const isMalformed = error instanceof MalformedNote || error instanceof MalformedCheckpoint
    if (isMalformed) return plain(400, `${error.message}.`)
    throw error
  }
}

function headOf(text: string | undefined, origin: string): TreeHead {
  return text === undefined ? EMPTY_TREE : parseHeadRecord(text, { format: FORMAT, origin }).head
}

/** @returns undefined when the checkpoint continues the newest one. */
function refusalOf(asked: AddCheckpoint, newest: TreeHead): WitnessAnswer | undefined {
  const { checkpoint, oldSize, proof } = asked
  const { size, root } = checkpoint
  if (oldSize !== newest.size) {
    return { status: 409, contentType: 'text/x.tlog.size', body: `${newest.size}\n` }
  }
  if (size === newest.size && size > 0n && !equalBytes(root, newest.root)) {
    return {
      ...plain(409, 'Another root was cosigned for this size.'),
      alarm: `${nameOf(checkpoint)} has another root than the one that was cosigned: the log has signed two histories.`,
    }
  }
  if (isProven(checkpoint, newest, proof)) return undefined
  return {
    ...plain(422, 'The consistency proof does not prove it.'),
    alarm: `${nameOf(checkpoint)} came with a proof that does not show it to continue the one of ${newest.size} leaves.`,
  }
}

/** Every tree begins with the empty one, of which there is one only. */
function isProven(
  { size, root }: Checkpoint,
  newest: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  const sizes = { first: newest.size, second: size }
  return verifyConsistency({ ...sizes, firstRoot: newest.root, secondRoot: root, proof })
}

function nameOf({ origin, size }: Checkpoint): string {
  return `The checkpoint of ${origin} with ${size} leaves`
}

function plain(status: WitnessAnswer['status'], sentence: string): WitnessAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${sentence}\n` }
}
