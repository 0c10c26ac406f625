/**
 * Statements on all accounts as proofs of accounts need them: which one to begin and to end with, and new ones when somebody asks. A new one
 * costs a snapshot, so that who asks often waits and shares.
 */
import type { AccountsRoot, AccountTree, Attested, ProofLog, TallyLedger } from '@tallystick/engine'

import { Refused } from '../http/refused.ts'
import {
  STATEMENT_PAUSE_MS_MAX,
  STATEMENT_PAUSE_MS_MIN,
  STATEMENT_REST,
  STATEMENT_WAIT_MS_MAX,
} from '../limits.ts'

/** A statement whose tree is kept; the tree has to be closed. */
export interface KeptStatement {
  readonly root: AccountsRoot
  readonly tree: AccountTree
}

export class Statements {
  readonly #ledger: TallyLedger
  readonly #proofs: ProofLog
  #running: Promise<unknown> = Promise.resolve()
  #queued: Promise<Attested> | undefined
  #newest: Attested | undefined
  /** `performance.now()`, as of which another one may be made. */
  #notBefore = 0

  constructor(ledger: TallyLedger, proofs: ProofLog) {
    this.#ledger = ledger
    this.#proofs = proofs
  }

  /** The newest one that was stated at `moment` (ns) or before. */
  upTo(moment: bigint): KeptStatement | undefined {
    const { roots } = this.#proofs
    const later = roots.search(({ timestamp }) => timestamp > moment)
    for (let at = later - 1; at >= 0; at--) {
      const kept = this.#kept(roots.at(at))
      if (kept !== undefined) return kept
    }
    return undefined
  }

  /** The oldest one that shows all that happened before `moment` (ns). */
  from(moment: bigint): KeptStatement | undefined {
    const { roots } = this.#proofs
    const first = roots.search((root) => this.wholeUntil(root) >= moment)
    for (let at = first; at < roots.length; at++) {
      const kept = this.#kept(roots.at(at))
      if (kept !== undefined) return kept
    }
    return undefined
  }

  /** The one of that event; undefined: the log does not know it yet, or not any more. */
  of(sequence: number): KeptStatement | undefined {
    const { roots } = this.#proofs
    const root = roots.at(roots.search((each) => each.sequence >= sequence))
    return root?.sequence === sequence ? this.#kept(root) : undefined
  }

  /** Time of the first event that it does not show, ns. */
  wholeUntil({ through, sequence, timestamp }: AccountsRoot): bigint {
    if (through + 1 === sequence) return timestamp
    return this.#ledger.reader.event(through + 1)?.timestamp ?? 0n
  }

  /**
   * One that shows everything that is decided now. A statement on request is made at most so often that it takes a small part of the time.
   * @throws Refused `proof_not_ready` when it is not its turn soon; EngineError
   */
  async fresh(): Promise<Attested> {
    if (this.#hasNoNews()) return this.#ledger.attestAccounts()
    const wait = this.#notBefore - performance.now()
    if (wait > STATEMENT_WAIT_MS_MAX) throw notSoon(wait)
    this.#queued ??= this.#running.then(() => this.#inTurn())
    return this.#queued
  }

  async #inTurn(): Promise<Attested> {
    const wait = this.#notBefore - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    this.#queued = undefined
    const made = this.#make()
    this.#running = made.catch(() => {})
    return made
  }

  async #make(): Promise<Attested> {
    const start = performance.now()
    try {
      this.#newest = await this.#ledger.attestAccounts()
      return this.#newest
    } finally {
      const rest = STATEMENT_REST * (performance.now() - start)
      const pause = Math.min(STATEMENT_PAUSE_MS_MAX, Math.max(STATEMENT_PAUSE_MS_MIN, rest))
      this.#notBefore = performance.now() + pause
    }
  }

  #hasNoNews(): boolean {
    const newest = this.#newest
    const { lastSequence } = this.#ledger
    return newest?.sequence === lastSequence && newest.through === lastSequence - 1
  }

  #kept(root: AccountsRoot | undefined): KeptStatement | undefined {
    const tree = root && this.#proofs.accountTree(root)
    return tree === undefined || root === undefined ? undefined : { root, tree }
  }
}

function notSoon(wait: number): Refused {
  const seconds = Math.ceil(wait / 1_000)
  const detail = `The next statement on all accounts is made in ${seconds} s; a period that ended before the newest one needs none.`
  return new Refused({ code: 'proof_not_ready', detail }, { 'retry-after': String(seconds) })
}
