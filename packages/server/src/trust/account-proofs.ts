/**
 * Proofs of accounts (docs/decisions/0014-accounts-roots.md): that a balance is right and that the listed entries are all there are, or that there
 * is no such account. Whoever shows a proof, as JSON or as a page, has its document from here.
 */
import { AccountTreeDamaged, type TallyLedger } from '@tallystick/engine'
import { formatTime } from '@tallystick/contract'

import { Refused } from '../http/refused.ts'
import type { KnownAccounts } from '../known-accounts.ts'
import type { KnownAssets } from '../known-assets.ts'
import {
  ACCOUNT_PROOF_ENTRIES_MAX,
  ACCOUNT_PROOF_SLICE_MS,
  ACCOUNT_PROOFS_WAITING_MAX,
  READ_ROWS,
} from '../limits.ts'
import { AccountDocument, type ShownState } from './account-document.ts'
import { type KeptStatement, Statements } from './statements.ts'
import { behindSigned, checkpointOver, notReady } from './not-ready.ts'
import type { PublicCheckpoint, TrustLog } from './trust-log.ts'

/** Trees over all accounts that are tried for one proof. A disk that damages what was just written is not fought. */
const TREES_MAX = 4

export interface AccountProofQuestion {
  readonly address: string
  /** First moment that counts, ns; undefined: from the account's first entry on. */
  readonly from?: bigint | undefined
  /** First moment that no longer counts, ns; undefined: everything up to now. */
  readonly to?: bigint | undefined
}

export interface AccountProofsParts {
  readonly ledger: TallyLedger
  readonly trust: TrustLog
  readonly accounts: KnownAccounts
  readonly assets: KnownAssets
}

export class AccountProofs {
  readonly #parts: AccountProofsParts
  readonly #statements: Statements
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(parts: AccountProofsParts) {
    this.#parts = parts
    this.#statements = new Statements(parts.ledger, parts.trust.options.proofs)
  }

  /**
   * The document, JSON. One is made at a time: each may have millions of bytes. An event is appended to the book when no statement on all accounts
   * shows the whole period yet.
   * @throws Refused `proof_not_ready`, `proofs_unavailable`, `behind_signed`, `proof_too_large`, `overloaded`; EngineError
   */
  async document(question: AccountProofQuestion): Promise<string> {
    if (this.#waiting >= ACCOUNT_PROOFS_WAITING_MAX) {
      throw new Refused({
        code: 'overloaded',
        detail: 'Too many proofs of accounts are waited for.',
      })
    }
    this.#waiting++
    try {
      return await this.#documentFrom(question, TREES_MAX)
    } finally {
      this.#waiting--
    }
  }

  /** A tree that is damaged is kept no longer, so that another one is taken or a new one made. @param trees how many are tried. */
  async #documentFrom(question: AccountProofQuestion, trees: number): Promise<string> {
    const closing = await this.#closing(question)
    const checkpoint = await checkpointOver(this.#parts.trust, closing)
    const made = this.#last.then(() => this.#make(question, { closing, checkpoint }))
    this.#last = made.catch(() => {})
    try {
      return await made
    } catch (error) {
      if (!(error instanceof AccountTreeDamaged)) throw error
      if (trees > 1) return this.#documentFrom(question, trees - 1)
      throw notReady(this.#parts.trust, closing)
    }
  }

  /** Sequence of the statement that ends the proof. */
  async #closing({ to }: AccountProofQuestion): Promise<number> {
    const { ledger, trust } = this.#parts
    if (to === undefined && trust.isBehind) throw behindSigned()
    // Just started: which statements there are is not known yet.
    if (trust.options.proofs.head.size === 0 && ledger.durableSequence > 0)
      await checkpointOver(trust, 1)
    const kept = to === undefined ? undefined : this.#statements.from(to)
    kept?.tree.close()
    if (kept !== undefined) return kept.root.sequence
    if (trust.isBehind) throw behindSigned()
    if (ledger.lastSequence === 0) {
      throw new Refused({ code: 'proof_not_ready', detail: 'Nothing has happened yet.' })
    }
    return (await this.#statements.fresh()).sequence
  }

  async #make(question: AccountProofQuestion, until: Until): Promise<string> {
    const { trust, ledger, accounts } = this.#parts
    const statements = this.#statements
    const closing = statements.of(until.closing)
    if (closing === undefined) throw notReady(trust, until.closing)
    const { from } = question
    const opening = from === undefined ? undefined : statements.upTo(from)
    try {
      const id = accounts.idOf(question.address)
      const document = new AccountDocument(trust.options, ledger.reader, until.checkpoint)
      // What began later than it ends would be a period without a statement inside of it.
      const isBefore = opening !== undefined && opening.root.sequence <= closing.root.sequence
      const first = isBefore ? document.root(opening, id) : undefined
      const last = document.root(closing, id)
      const entries = await this.#entries(document, id, {
        after: first?.state?.entryCount ?? 0,
        last: last.state,
      })
      const next = this.#next(document, closing)
      return this.#text(question, {
        ...{ checkpoint: until.checkpoint.note, document, entries },
        ...{ opening: first?.json ?? null, closing: { ...last.json, ...next } },
        asset: last.state === undefined ? null : this.#assetOf(id),
      })
    } finally {
      opening?.tree.close()
      closing.tree.close()
    }
  }

  /** Every link of the account's chain between two states. */
  async #entries(
    document: AccountDocument,
    account: bigint,
    { after, last }: { readonly after: number; readonly last: ShownState | undefined },
  ): Promise<string[]> {
    const count = (last?.entryCount ?? 0) - after
    if (count > ACCOUNT_PROOF_ENTRIES_MAX) throw tooLarge(count)
    const texts: string[] = []
    const { reader } = this.#parts.ledger
    let sliceEnds = performance.now() + ACCOUNT_PROOF_SLICE_MS
    while (texts.length < count) {
      const filter = {
        ...({ account, by: 'ledger', kind: 'all', newestFirst: false } as const),
        ...{ after: after + texts.length, limit: Math.min(READ_ROWS, count - texts.length) },
      }
      await reader.entriesAhead(filter)
      const { entries } = reader.entries(filter)
      if (entries.length === 0)
        throw new Error(`the chain of an account ends before ${count} entries`)
      for (const entry of entries) {
        texts.push(JSON.stringify(document.entry(entry)))
        if (performance.now() < sliceEnds) continue
        await new Promise((resolve) => setImmediate(resolve))
        sliceEnds = performance.now() + ACCOUNT_PROOF_SLICE_MS
      }
    }
    return texts
  }

  /** The first event that the closing root does not show says until when it shows all. */
  #next(document: AccountDocument, { root }: KeptStatement): { next?: object } {
    const after = root.through + 1
    return after === root.sequence ? {} : { next: document.event(after) }
  }

  #assetOf(account: bigint): string {
    const { asset } = this.#parts.ledger.reader.account(account) ?? { asset: 0 }
    return this.#parts.assets.text(asset)
  }

  #text({ address, from, to }: AccountProofQuestion, made: Made): string {
    const { asset, checkpoint, document, opening, entries, closing } = made
    const head = {
      ...{ format: 'tallystick/account-proof/v1', account: address, asset },
      ...{ from: timeOrNull(from), to: timeOrNull(to), checkpoint, opening },
    }
    const tail = JSON.stringify({ closing, hashes: document.hashes })
    return `${JSON.stringify(head).slice(0, -1)},"entries":[${entries.join(',')}],${tail.slice(1)}`
  }
}

interface Until {
  /** Sequence of the statement. */
  readonly closing: number
  readonly checkpoint: PublicCheckpoint
}

interface Made {
  readonly asset: string | null
  readonly checkpoint: string
  readonly document: AccountDocument
  readonly opening: object | null
  readonly entries: readonly string[]
  readonly closing: object
}

function tooLarge(count: number): Refused {
  const limit = String(ACCOUNT_PROOF_ENTRIES_MAX)
  const detail = `The account has ${count} entries between the two statements that the period needs; ${limit} are the most in one proof. Ask for a shorter period.`
  return new Refused({ code: 'proof_too_large', param: 'from', limit, detail })
}

function timeOrNull(at: bigint | undefined): string | null {
  return at === undefined ? null : formatTime(at)
}
