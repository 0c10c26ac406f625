/** What verifying a ledger found. */

/**
 * `checksum`: bytes are not what was written. `unreadable`: this program does not read it: of another version, another journal or
 * shard, or a file is missing. `decision`: deciding again gives another record. `link`: entry numbers, previous
 * entries or sequences. `balance`: an entry's balances do not follow from the ones before. `trial_balance`, `holds`, `subtree`: sums that do not
 * agree. `request`: saved requests do not fit their records. `snapshot`, `ids`: a derived file; the book can make it again.
 * `accounts_root`: a statement about all accounts is not what they were.
 */
export type ProblemKind =
  | 'checksum'
  | 'unreadable'
  | 'decision'
  | 'link'
  | 'balance'
  | 'trial_balance'
  | 'holds'
  | 'subtree'
  | 'request'
  | 'snapshot'
  | 'ids'
  | 'accounts_root'

export interface Problem {
  readonly kind: ProblemKind
  /** Event that it was found at; undefined: it concerns no single one. */
  readonly sequence: number | undefined
  readonly text: string
}

/** Problems that are written down; more are only counted. */
const PROBLEMS_MAX = 100

export class Problems {
  readonly list: Problem[] = []
  count = 0

  add(kind: ProblemKind, sequence: number | undefined, text: string): void {
    this.count++
    if (this.list.length < PROBLEMS_MAX) this.list.push({ kind, sequence, text })
  }
}

export interface TrialBalance {
  readonly asset: number
  readonly accounts: number
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

export interface VerifyReport {
  /** No problem was found. */
  readonly sound: boolean
  readonly problems: readonly Problem[]
  /** Also those that are not in the list. */
  readonly problemCount: number
  readonly frames: number
  readonly events: number
  readonly requests: number
  readonly bytes: number
  readonly lastSequence: number
  /** ns since 1970. */
  readonly lastTimestamp: bigint
  readonly accounts: number
  readonly openHolds: number
  /** Statements on all accounts in the book, and those of them whose tree was made again: all, unless they are very many. */
  readonly statements: { readonly found: number; readonly madeAgain: number }
  readonly trialBalances: readonly TrialBalance[]
  /** SHA-256, hex; undefined when deciding again came to something else. */
  readonly contentHash: string | undefined
  readonly stateHash: string | undefined
}
