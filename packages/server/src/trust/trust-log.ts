/**
 * The signed side of the proof log: signs new heads of the tree under the signer's rule, has them cosigned, and keeps the newest checkpoint.
 * It goes its own pace beside the ledger: whatever fails here, the ledger goes on, and health and metrics say so.
 */
import type { ProofHead, ProofLog, SoundTree } from '@tallystick/engine'
import { type CheckpointSigner, rootFromTiles } from '@tallystick/proof'

import {
  CATCHING_UP_MS,
  CHECKPOINT_MS,
  RETRY_REST,
  SHIPPED_POLL_MS,
  SIGNING_RETRY_MS,
} from '../limits.ts'
import { errorFields, type Log } from '../start/log.ts'
import type { Publisher } from './publish/publisher.ts'
import type { WitnessClient } from './witness-client.ts'

export interface TrustOptions {
  readonly proofs: ProofLog
  /** The tree, as far as it is shown to anyone. */
  readonly sound: SoundTree
  /** Newest durable event of the book. */
  readonly durable: () => number
  readonly signer: CheckpointSigner
  readonly origin: string
  /** Of the log's keys that sign now. */
  readonly keys: readonly string[]
  readonly witnesses: WitnessClient
  /** Cosignatures with which a checkpoint counts as public. */
  readonly quorum: number
  readonly log: Log
  /** More events were signed than the book had at the start. */
  readonly isBehind: boolean
  /** Only so many events may be published; undefined: all that are durable. */
  readonly shipped?: (() => Promise<number>) | undefined
  /** Told of every public checkpoint. */
  readonly publisher: Publisher
  /** Keeps the newest checkpoint for others, outside of this process. What it rejects with is no harm to the log. */
  readonly keep?: ((note: string) => Promise<void>) | undefined
}

/** A signed checkpoint, cosigned by a quorum where there is one. */
export interface PublicCheckpoint {
  readonly note: string
  /** Events that it covers. */
  readonly size: number
  readonly root: Uint8Array
  /** ms since 1970. */
  readonly signedAt: number
}

interface Waiting {
  readonly sequence: number
  readonly done: (checkpoint: PublicCheckpoint | undefined) => void
}

export class TrustLog {
  readonly options: TrustOptions
  #newest: PublicCheckpoint | undefined
  #refusal: string | undefined
  #isBehind: boolean
  /** Durable events when it began: before the tree has as many, it is one that is made again. */
  readonly #found: number
  /** What went wrong last time, where it may go right the next. */
  #trouble: string | undefined
  #timer: NodeJS.Timeout | undefined
  #isSigning = false
  #signedAt = 0
  #closed = false
  readonly #waiting = new Set<Waiting>()
  readonly #unhear: () => void

  constructor(options: TrustOptions) {
    this.options = options
    this.#isBehind = options.isBehind
    this.#found = options.durable()
    this.#unhear = options.proofs.onHead(() => this.#schedule())
    this.#schedule()
  }

  get newest(): PublicCheckpoint | undefined {
    return this.#newest
  }

  /** Why nothing is signed any more. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /**
   * More was signed, or cosigned, than the book has: its end was lost, and what would be written now would be a second history. A tree that is
   * only made again is not meant.
   */
  get isBehind(): boolean {
    return this.#isBehind || this.options.witnesses.areAhead(this.options.durable())
  }

  /** Why it is behind, as far as that is not the ordinary. */
  get trouble(): string | undefined {
    return this.options.proofs.failure ?? this.#trouble
  }

  /** The newest checkpoint once it covers an event; undefined: not within `ms`. */
  covering(sequence: number, ms: number): Promise<PublicCheckpoint | undefined> {
    const newest = this.#newest
    if (newest !== undefined && newest.size >= sequence) return Promise.resolve(newest)
    if (this.#refusal !== undefined || this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiting.done(undefined), ms)
      const waiting: Waiting = {
        sequence,
        done: (checkpoint) => {
          clearTimeout(timer)
          this.#waiting.delete(waiting)
          resolve(checkpoint)
        },
      }
      this.#waiting.add(waiting)
      this.options.proofs.want(sequence)
      this.#schedule()
    })
  }

  close(): void {
    this.#closed = true
    this.#unhear()
    clearTimeout(this.#timer)
    this.options.publisher.close()
    for (const { done } of this.#waiting) done(undefined)
  }

  /** Signs soon: at once for those who wait, once in a while for the rest. */
  #schedule(wait = this.#waiting.size > 0 ? 0 : this.#signedAt + CHECKPOINT_MS - Date.now()): void {
    if (this.#isSigning || this.#closed || this.#refusal !== undefined) return
    if (this.options.proofs.head.size === (this.#newest?.size ?? -1)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#sign(), Math.max(0, wait)).unref()
  }

  async #sign(): Promise<void> {
    this.#isSigning = true
    let wait: number | undefined
    const began = performance.now()
    try {
      const { head } = this.options.proofs
      if (await this.#isCatchingUp(head)) wait = CATCHING_UP_MS
      else wait = await this.#signPublishable(head)
      this.#trouble = undefined
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error)
      this.options.log.error('no checkpoint could be made now', errorFields(error))
      // What took long, the whole book read for it, is not tried again without a pause.
      wait = Math.max(SIGNING_RETRY_MS, RETRY_REST * (performance.now() - began))
    }
    this.#isSigning = false
    this.#schedule(wait)
  }

  /**
   * A tree that is made again is smaller for a while than what was signed of it, here or by witnesses. Only what the whole book comes to says whether
   * something is lost.
   */
  async #isCatchingUp({ size }: ProofHead): Promise<boolean> {
    const { signer, durable } = this.options
    if (size >= durable()) return false
    return size < this.#found || size < ((await signer.record())?.head.size ?? 0n)
  }

  /** Signs as much of the tree as may be published. @returns ms after which to look again; undefined: as always. */
  async #signPublishable(head: ProofHead): Promise<number | undefined> {
    const { proofs, signer, shipped } = this.options
    const size = Math.min(head.size, (await shipped?.()) ?? head.size)
    const signed = Number((await signer.record())?.head.size ?? 0n)
    // What is smaller than what was signed is refused for ever, so only a tree that is smaller itself may come to that.
    if (size === head.size || head.size < signed) return this.#signHead(head)
    if (size < signed || size <= (this.#newest?.size ?? 0)) return SHIPPED_POLL_MS
    await this.#signHead({ size, root: rootFromTiles(proofs.tile, BigInt(size)) })
    return this.#waiting.size > 0 ? SHIPPED_POLL_MS : undefined
  }

  async #signHead(head: Pick<ProofHead, 'size' | 'root'>): Promise<undefined> {
    const { signer, witnesses, quorum, log } = this.options
    const { size, root } = head
    const outcome = await signer.sign({ size: BigInt(size), root })
    this.#signedAt = Date.now()
    if (outcome.status === 'refused') {
      this.#refusal = outcome.why
      this.#isBehind ||= outcome.isBehind
      log.error('the signer refuses: nothing is signed any more', { why: outcome.why })
      for (const { done } of this.#waiting) done(undefined)
      return
    }
    if (outcome.status === 'outrun') throw new Error('another process signs with the same key')
    const { note, isEnough } = await witnesses.cosign(outcome.note).quorum
    if (!isEnough) throw new Error(`fewer than ${quorum} witnesses cosigned`)
    this.#newest = { note, size, root, signedAt: this.#signedAt }
    this.options.publisher.offer({ origin: this.options.origin, size, note })
    await this.options.keep?.(note).catch((error: unknown) => {
      log.warn('the checkpoint could not be kept beside the keys', errorFields(error))
    })
    for (const { sequence, done } of this.#waiting) if (sequence <= size) done(this.#newest)
  }
}
