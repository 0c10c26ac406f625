/**
 * Asks witnesses for their cosignatures on this log's checkpoints (c2sp.org/tlog-witness), all at one time, and gives the
 * cosigned checkpoint as soon as enough have answered. What a witness says that contradicts this log is an alarm.
 */
import { addSignatures, type TreeHead } from '@tallystick/proof'
import {
  type Checkpoint,
  formatNote,
  parseCheckpoint,
  parseNote,
  SignatureType,
  type SignedNote,
  type VerifiedSignature,
  type VerifierKey,
} from '@tallystick/verify'

import { askWitness, type WitnessReply } from './ask-witness.ts'

export interface WitnessAddress {
  /** The submission prefix, without `/add-checkpoint`. */
  readonly url: string
  /** For cosignatures. */
  readonly key: VerifierKey
}

/**
 * Hashes of a proof (RFC 6962, section 2.1.2) that `second` continues the tree of `first` leaves, and leads to its root: a wrong one would be taken for
 * another history. Rejects when there is none now.
 */
export type GrowthProofs = (first: bigint, second: TreeHead) => Promise<readonly Uint8Array[]>

export interface WitnessClientOptions {
  readonly witnesses: readonly WitnessAddress[]
  /** How many must have cosigned; at most as many as there are. */
  readonly quorum: number
  /** For everything that is asked of one witness about one checkpoint, ms. */
  readonly deadlineMs: number
  readonly proofs: GrowthProofs
  /** Called once for each alarm that was not raised before. */
  readonly onAlarm?: (alarm: WitnessAlarm) => void
}

/** A witness knows another history of this log than this server: a person has to look, and the signer may have to be stopped. */
export interface WitnessAlarm {
  /** Name of the key. */
  readonly witness: string
  readonly sentence: string
}

/** For those who look after the server. */
export interface WitnessState {
  readonly name: string
  readonly url: string
  /** Of the newest checkpoint that it cosigned, as far as known here; undefined before its first answer. */
  readonly size: bigint | undefined
  /** Seconds since the epoch, by the witness' clock; undefined before its first cosignature. */
  readonly cosignedAt: bigint | undefined
  /** Why its last answer was no cosignature; undefined when it was one. */
  readonly failure: string | undefined
  /** Stays until the process ends. */
  readonly alarm: string | undefined
}

export interface Cosigned {
  /** The checkpoint with the log's signatures and the cosignatures that there are. */
  readonly note: string
  readonly cosignatures: readonly VerifiedSignature[]
  /** Whether these are as many as the quorum. */
  readonly isEnough: boolean
}

export interface CosigningRun {
  /** As soon as the quorum is there, or cannot come any more. */
  readonly quorum: Promise<Cosigned>
  /** When every witness has answered or had its time. */
  readonly all: Promise<Cosigned>
}

interface Witness extends WitnessAddress {
  size: bigint | undefined
  cosignedAt: bigint | undefined
  failure: string | undefined
  alarm: string | undefined
  /** Size that it said it had cosigned, when that was more than it was asked about. */
  told: bigint | undefined
  /** One question at a time, in the order of asking: a later one must not look like a rollback. */
  last: Promise<unknown>
}

export class WitnessClient {
  readonly #options: WitnessClientOptions
  readonly #witnesses: readonly Witness[]

  /** @throws RangeError for a quorum that can never be there, or one witness under two names. */
  constructor(options: WitnessClientOptions) {
    const { witnesses, quorum } = options
    if (!Number.isInteger(quorum) || quorum < 0 || quorum > witnesses.length) {
      throw new RangeError(`a quorum of ${quorum} cannot come from ${witnesses.length} witnesses`)
    }
    const keys = witnesses.map(({ key }) => key.publicKey.toHex())
    if (new Set(keys).size < keys.length) {
      throw new RangeError('two of the witnesses have the same public key, and would count twice')
    }
    for (const { key } of witnesses) {
      if (key.type === SignatureType.cosignature) continue
      throw new RangeError(`the key of the witness ${key.name} is not for cosignatures`)
    }
    this.#options = options
    const unknown = { size: undefined, cosignedAt: undefined, failure: undefined }
    this.#witnesses = witnesses.map((witness) => ({
      ...witness,
      ...unknown,
      ...{ alarm: undefined, told: undefined },
      last: Promise.resolve(),
    }))
  }

  get keys(): readonly VerifierKey[] {
    return this.#witnesses.map(({ key }) => key)
  }

  /** @param note a checkpoint with the log's signatures. @throws MalformedNote, MalformedCheckpoint */
  cosign(note: string): CosigningRun {
    const signed = parseNote(note)
    const checkpoint = parseCheckpoint(signed.text)
    const found: VerifiedSignature[] = []
    const now = (): Cosigned => this.#cosigned(signed, found)
    const { promise: quorum, resolve } = Promise.withResolvers<Cosigned>()
    const asked = this.#witnesses.map(async (witness) => {
      const cosignature = await this.#inTurn(witness, { note, checkpoint })
      if (cosignature === undefined) return
      found.push(cosignature)
      if (found.length === this.#options.quorum) resolve(now())
    })
    const all = Promise.all(asked).then(now)
    void all.then(resolve)
    if (this.#options.quorum === 0) resolve(now())
    return { quorum, all }
  }

  /**
   * So many have cosigned more of this log than `events` that a quorum can never be there: the end of the log was lost. One that lies
   * cannot say so for the others.
   */
  areAhead(events: number): boolean {
    const { quorum } = this.#options
    const ahead = this.#witnesses.filter(({ told = 0n }) => told > BigInt(events)).length
    return quorum > 0 && ahead > this.#witnesses.length - quorum
  }

  states(): WitnessState[] {
    return this.#witnesses.map(({ key, url, size, cosignedAt, failure, alarm }) => ({
      ...{ name: key.name, url, size, cosignedAt, failure, alarm },
    }))
  }

  #cosigned(signed: SignedNote, found: readonly VerifiedSignature[]): Cosigned {
    // In the order of the configuration, so that the same cosignatures give the same bytes.
    const order = this.#witnesses.map(({ key }) => key)
    const cosignatures = found.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key))
    const added = cosignatures.map(({ signature }) => signature)
    return {
      note: formatNote(addSignatures(signed, added)),
      cosignatures,
      isEnough: cosignatures.length >= this.#options.quorum,
    }
  }

  async #inTurn(witness: Witness, asked: Question): Promise<VerifiedSignature | undefined> {
    const signal = AbortSignal.timeout(this.#options.deadlineMs)
    const turn = witness.last.then(() => this.#ask(witness, asked, signal))
    witness.last = turn
    return turn
  }

  /** Never rejects: what goes wrong with one witness is its failure, and the others' cosignatures count. */
  async #ask(
    witness: Witness,
    asked: Question,
    signal: AbortSignal,
  ): Promise<VerifiedSignature | undefined> {
    try {
      const cosignature = await this.#exchange(witness, asked, signal)
      witness.size = asked.checkpoint.size
      witness.cosignedAt = cosignature.timestamp
      witness.failure = undefined
      return cosignature
    } catch (error) {
      witness.failure = sentenceOf(error, signal)
      if (error instanceof Contradiction) this.#raise(witness, error.message)
      return undefined
    }
  }

  /** @throws Contradiction, or an error whose message says what went wrong. */
  async #exchange(
    witness: Witness,
    asked: Question,
    signal: AbortSignal,
  ): Promise<VerifiedSignature> {
    const { checkpoint } = asked
    // Where it stands is not known at first: from 0, a witness that stands elsewhere tells its size.
    const known = witness.size ?? 0n
    if (known > checkpoint.size) throw new Error('A larger checkpoint was cosigned meanwhile.')
    const first = await this.#post(witness, { ...asked, old: known }, signal)
    if (first.kind === 'cosigned') return first.cosignature
    const old = this.#sizeTold(witness, checkpoint, first)
    const second = await this.#post(witness, { ...asked, old }, signal)
    if (second.kind === 'cosigned') return second.cosignature
    this.#sizeTold(witness, checkpoint, second)
    throw new Error('Others submit checkpoints of this log to it at the same time.')
  }

  async #post(
    witness: Witness,
    asked: Question & { readonly old: bigint },
    signal: AbortSignal,
  ): Promise<WitnessReply> {
    const { old, note, checkpoint } = asked
    signal.throwIfAborted()
    const { proofs } = this.#options
    const proof = old === 0n || old === checkpoint.size ? [] : await proofs(old, checkpoint)
    return askWitness(witness, { old, proof, note }, signal)
  }

  /** @returns the size to go on from. @throws Contradiction */
  #sizeTold(witness: Witness, checkpoint: Checkpoint, reply: Refusal): bigint {
    const { size } = checkpoint
    const was = witness.size
    if (reply.kind === 'conflict') {
      throw new Contradiction(
        `It has cosigned another root for a checkpoint of ${size} leaves: this log has two histories.`,
      )
    }
    if (reply.kind === 'unproven') {
      throw new Contradiction(
        `It does not take the checkpoint of ${size} leaves for a continuation of the one it cosigned: this log has two histories.`,
      )
    }
    if (reply.size > size) {
      witness.told = reply.size
      throw new Contradiction(
        `It has cosigned ${reply.size} leaves of this log, which has ${size} here: some were lost, or another server signs with this key.`,
      )
    }
    if (was !== undefined && reply.size < was) {
      throw new Contradiction(
        `It had cosigned ${was} leaves, and now says ${reply.size}: the witness has lost what it knew.`,
      )
    }
    witness.size = reply.size
    return reply.size
  }

  #raise(witness: Witness, sentence: string): void {
    if (witness.alarm === sentence) return
    witness.alarm = sentence
    this.#options.onAlarm?.({ witness: witness.key.name, sentence })
  }
}

interface Question {
  readonly note: string
  readonly checkpoint: Checkpoint
}

type Refusal = Exclude<WitnessReply, { readonly kind: 'cosigned' }>

/** What cannot be true of one history. */
class Contradiction extends Error {
  override readonly name = 'Contradiction'
}

function sentenceOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'It did not answer in time.'
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== ''
    ? `${error.message}: ${cause.message}`
    : error.message
}
