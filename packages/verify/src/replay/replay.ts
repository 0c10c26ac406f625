/** Replays a log from its openings (decision 0025): every event is opened and applied to the accounts as the events before it left them. */
import { MalformedEvent } from '../byte-reader.ts'
import { ACCOUNTS_STATEMENT, type AccountsStatement, decodeStatement } from '../account-tree.ts'
import { EventKind, isMoved, type Leaf } from '../leaf.ts'
import { type Checklist, counted, grouped } from '../report.ts'
import { TILE_WIDTH, TileProblem, type TileSource } from '../tiles.ts'
import { replayAccountEvent } from './account-events.ts'
import { AccountsRoots, isSaltOfFrame, isSameStatement } from './accounts-roots.ts'
import { FINDINGS, type Finding } from './findings.ts'
import { IDS_MAX, LedgerState } from './ledger-state.ts'
import { Moves } from './moves.ts'
import { openEvent, type ReplayEvent, saltOf } from './opened-event.ts'
import type { Opening } from './opening-bundle.ts'
import { reversalProblem } from './reversal-check.ts'
import {
  type AssetTotals,
  pendingProblems,
  totalsByAsset,
  trialBalanceProblems,
} from './trial-balance.ts'

/** What the events come to. */
export interface Replayed {
  readonly events: bigint
  readonly accounts: number
  readonly openHolds: number
  /** Roots over all accounts that the log states. */
  readonly statements: number
  readonly assets: readonly AssetTotals[]
}

/** Leaves with what they commit to, in their order; undefined: the leaf cannot be read. */
export interface OpenedBundle {
  /** Of the bundle, from 0. */
  readonly index: bigint
  readonly leaves: readonly (Leaf | undefined)[]
  readonly openings: readonly Opening[] | TileProblem
}

export class Replay {
  readonly #source: TileSource
  readonly #size: bigint
  readonly #state = new LedgerState()
  readonly #moves = new Moves(this.#state)
  readonly #roots = new AccountsRoots(this.#state.accounts)
  #events = 0n
  #end: string | undefined

  /** @param size of the log. */
  constructor(source: TileSource, size: bigint) {
    this.#source = source
    this.#size = size
  }

  /** @throws SourceUnreadable */
  async add({ index, leaves, openings }: OpenedBundle): Promise<void> {
    if (this.#end !== undefined) return
    const first = index * BigInt(TILE_WIDTH) + 1n
    if (openings instanceof TileProblem) {
      this.#end = `${openings.message}: the replay ends before event ${grouped(first)}.`
      return
    }
    for (const [at, opening] of openings.entries()) {
      const leaf = leaves[at]
      if (leaf === undefined) {
        const place = grouped(first + BigInt(at))
        this.#end = `The leaf of event ${place} cannot be read: the replay ends before it.`
        return
      }
      await this.#event(leaf, opening)
      this.#events++
      if (!this.#state.isFull) continue
      const { accounts, holds } = this.#state
      this.#end = `There are ${grouped(accounts.count)} accounts and ${grouped(holds.size)} open holds, which is as much as fits: the replay ends after event ${grouped(leaf.sequence)}.`
      return
    }
    await this.#checkReversals()
  }

  /** Says what was found. @returns undefined: it did not come to the end. */
  conclude(list: Checklist): Replayed | undefined {
    const { findings } = this.#state
    if (this.#events < this.#size) this.#end ??= `Only ${counted(this.#events)} could be replayed.`
    if (this.#end !== undefined) {
      for (const name of FINDINGS) findings.problems[name].tell(list, name)
      list.fail('replay', this.#end)
      return undefined
    }
    for (const problem of pendingProblems(this.#state)) findings.problems.holds.add(problem)
    const assets = totalsByAsset(this.#state)
    for (const problem of trialBalanceProblems(assets)) findings.problems.trial_balance.add(problem)
    for (const name of FINDINGS)
      findings.problems[name].conclude(list, name, this.#right(name, assets))
    const { accounts, holds, statements } = this.#state
    const counts = { accounts: accounts.count, openHolds: holds.size, statements }
    return { events: this.#events, ...counts, assets }
  }

  /** Whether ids were more than are kept. */
  get hasMoreIds(): boolean {
    return this.#state.transferIds.count >= IDS_MAX
  }

  async #event(leaf: Leaf, opening: Opening): Promise<void> {
    const { findings } = this.#state
    const event = openEvent(leaf, opening, (sentence) =>
      findings.event('openings', leaf.sequence, sentence),
    )
    if (event === undefined) return
    if (isMoved(leaf)) this.#moves.add(event)
    else if (leaf.status !== 0) this.#refusal(event)
    else if (leaf.kind === ACCOUNTS_STATEMENT) this.#statement(event)
    else replayAccountEvent(this.#state, event)
    if (opening.frameSalt.length > 0) await this.#root(leaf, opening)
  }

  /** It changes nothing: the next entries of its accounts are held against those before it. */
  #refusal({ leaf, content, facts }: ReplayEvent): void {
    const { findings } = this.#state
    if (leaf.kind === EventKind.transfer && content.sort !== 'refused') {
      findings.event('decisions', leaf.sequence, 'it is refused, but says that it moved something')
    }
    if (facts === undefined || facts.needed > facts.available) return
    const sentence = `a limit refused ${grouped(facts.needed)}, although ${grouped(facts.available)} were available`
    findings.event('decisions', leaf.sequence, sentence)
  }

  async #root({ sequence, ...leaf }: Leaf, opening: Opening): Promise<void> {
    const salt = saltOf({ sequence, ...leaf }, opening)
    if (!isSaltOfFrame(opening.frameSalt, sequence, salt)) {
      const sentence = "the salt of its frame was changed: it is not the one of the event's own"
      this.#state.findings.event('accounts_roots', sequence, sentence)
      return
    }
    await this.#roots.make(sequence, opening.frameSalt)
  }

  #statement({ leaf, metadata }: ReplayEvent): void {
    const stated = readStatement(metadata)
    if (stated === undefined) return
    this.#state.statements++
    const { through, accounts } = stated
    const made = this.#roots.at(through)
    if (made !== undefined && isSameStatement(stated, made)) return
    const says = `it states the root over ${grouped(accounts)} accounts after event ${grouped(through)}`
    const sentence =
      made === undefined
        ? `${says}, but there is no salt to make it again`
        : `${says}, but the ${grouped(made.accounts)} accounts that were replayed come to another one`
    this.#state.findings.event('accounts_roots', leaf.sequence, sentence)
  }

  async #checkReversals(): Promise<void> {
    for (const claim of this.#moves.reversals.splice(0)) {
      const problem = await reversalProblem(this.#source, this.#size, claim)
      if (problem !== undefined) this.#state.findings.event('decisions', claim.sequence, problem)
    }
  }

  #right(name: Finding, assets: readonly AssetTotals[]): string {
    const { accounts, holds, statements, transferIds } = this.#state
    const events = counted(this.#events)
    const sentences: Readonly<Record<Finding, string>> = {
      openings: `What is shown of all ${events} is what their leaves commit to.`,
      decisions: `All ${events} can be decided as they were: accounts, assets, both sides; what was refused changed nothing.`,
      links: `The entries of all ${grouped(accounts.count)} accounts are numbered without a gap, and each names the one before it.`,
      balances: 'After each event all four balances of both accounts follow from those before it.',
      holds: `Each capture, void and release takes what its hold has left, in time; ${grouped(holds.size)} are open, and all that is pending is theirs.`,
      limits: 'Nothing took an account or a subtree beyond its limit.',
      ids: `No id is that of two accounts or, of ${grouped(transferIds.count)} transfers, of two.`,
      accounts_roots: `The ${grouped(statements)} roots over all accounts that the log states are those of the replayed accounts.`,
      trial_balance: `The trial balance is zero, posted and pending: what is debited is credited, in ${assets.length === 1 ? 'the one asset' : `each of ${assets.length} assets`}.`,
    }
    return sentences[name]
  }
}

/** Other statements are not about accounts. */
function readStatement(bytes: Uint8Array): AccountsStatement | undefined {
  try {
    return decodeStatement('The statement', bytes)
  } catch (error) {
    if (error instanceof MalformedEvent) return undefined
    throw error
  }
}
