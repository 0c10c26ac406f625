/** The whole check of an account's proof, without a network: who signed, both roots, every entry, and that none is missing. */
import { type AccountProof, parseAccountProof } from './account-proof.ts'
import type { AccountState } from './account-tree.ts'
import type { Checkpoint } from './checkpoint.ts'
import { EntryChain, NOTHING } from './entry-chain.ts'
import { accountIdOf } from './ids.ts'
import { isoAssetName, REGISTERED_ASSET_MIN } from './iso-assets.ts'
import type { TrustPolicy } from './open-checkpoint.ts'
import { openEntry, type OpenedEntry } from './opened-entry.ts'
import { openEnd, openRoot, type OpenedRoot } from './opened-root.ts'
import { MalformedProof } from './proof-text.ts'
import { checkCheckpoint, Checklist, counted, grouped, type Report } from './report.ts'
import type { VerifiedSignature } from './verify-note.ts'
import { formatTime } from './time-text.ts'

export interface AccountReport extends Report {
  /** What the document says, as far as it can be read. Believe it only when `proved`; undefined: it is no account proof. */
  readonly said?: SaidAccount
}

export interface SaidAccount {
  /** The log's origin; undefined: the checkpoint cannot be read. */
  readonly log: string | undefined
  readonly treeSize: bigint | undefined
  /** Who signed the checkpoint, of those that are trusted. */
  readonly signatures: readonly VerifiedSignature[]
  readonly cosignatures: readonly VerifiedSignature[]
  /** Address. */
  readonly account: string
  /** null: there is no such account. */
  readonly asset: string | null
  readonly isAssetProved: boolean
  /** ns since 1970; null: not limited. */
  readonly from: bigint | null
  readonly to: bigint | null
  /** null: the list begins with the account's first entry. */
  readonly opening: OpenedRoot | null | undefined
  /** One for each of the document; undefined: it cannot be read. */
  readonly entries: readonly (OpenedEntry | undefined)[]
  readonly closing: OpenedRoot | undefined
  /** ns: no entry before this moment is missing. */
  readonly wholeUntil: bigint | undefined
}

/**
 * Checks, in this order: `format`, `checkpoint`, `opening`, `closing`, `asset`, for each entry `leaf`, `inclusion`, `side`, `content`,
 * `metadata`, `other`, `numbers`, `links`, `balances`, then `complete` and `period`. A failed one of an entry has its place and field.
 * @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
 */
export async function verifyAccountProof(
  text: string,
  policy: TrustPolicy,
): Promise<AccountReport> {
  const list = new Checklist()
  const proof = readProof(list, text)
  if (proof === undefined) return { proved: false, checks: list.checks }
  const checkpoint = await checkCheckpoint(list, proof.checkpoint, {
    ...{ name: 'checkpoint', what: 'The checkpoint', policy },
  })
  const account = accountIdOf(proof.account)
  const opening =
    proof.opening && openRoot(list, proof.opening, { name: 'opening', account, checkpoint })
  const closing = openRoot(list, proof.closing, { name: 'closing', account, checkpoint })
  const wholeUntil = closing && openEnd(list, proof.closing, { root: closing, checkpoint })
  const isAssetProved = checkAsset(list, proof, closing)
  const start = opening === null ? NOTHING : opening && (opening.state ?? NOTHING)
  const entries = checkEntries(list, proof, {
    account,
    checkpoint,
    start,
    asset: closing?.state?.asset,
  })
  if (closing !== undefined) checkEnd(list, { opening, closing, wholeUntil, ...entries })
  checkPeriod(list, proof, opening)
  const { account: address, asset, from, to } = proof
  const said = { account: address, asset, isAssetProved, from, to, opening, closing, wholeUntil }
  const { origin: log, size: treeSize, logs: signatures = [], witnesses = [] } = checkpoint ?? {}
  return {
    proved: list.proved,
    checks: list.checks,
    said: { log, treeSize, signatures, cosignatures: witnesses, ...said, entries: entries.opened },
  }
}

function readProof(list: Checklist, text: string): AccountProof | undefined {
  try {
    const proof = parseAccountProof(text)
    list.check('format', proof.idleHash === undefined, {
      right: `The text is a proof of the account ${proof.account}.`,
      wrong: `"hashes[${proof.idleHash}]" belongs to no proof.`,
    })
    return proof
  } catch (error) {
    if (!(error instanceof MalformedProof)) throw error
    list.fail('format', `${error.message}.`, placeIn(error.message))
    return undefined
  }
}

/** `"entries[3].leaf" is …`: the entry that a sentence on the form is about. */
function placeIn(message: string): { entry?: number; field?: string } {
  const [, entry, field] = /"entries\[([0-9]+)\](?:\.([a-z.]+))?"/.exec(message) ?? []
  if (entry === undefined) return {}
  return { entry: Number(entry), ...(field === undefined ? {} : { field }) }
}

/** The tree has the asset's number; ISO 4217 says which one that is. */
function checkAsset(
  list: Checklist,
  { asset }: AccountProof,
  closing: OpenedRoot | undefined,
): boolean {
  if (closing === undefined) return false
  const number = closing.state?.asset
  if (number === undefined) {
    if (asset === null) return true
    list.fail('asset', `There is no such account, so that it has no asset, and not ${asset}.`)
    return false
  }
  if (asset === null) {
    list.fail('asset', `The account's asset has the number ${number}, but none is named.`)
    return false
  }
  if (number >= REGISTERED_ASSET_MIN) return false
  return list.check('asset', isoAssetName(number) === asset, {
    right: `The account's asset has the number ${number}, which is ${asset}.`,
    wrong: `The account's asset has the number ${number}, which is not ${asset}.`,
  })
}

interface EntriesQuestion {
  readonly account: bigint
  readonly checkpoint: Checkpoint | undefined
  readonly start: AccountState | undefined
  readonly asset: number | undefined
}

interface EntriesFound {
  readonly opened: readonly (OpenedEntry | undefined)[]
  readonly last: AccountState | undefined
}

function checkEntries(
  list: Checklist,
  { entries }: AccountProof,
  { account, checkpoint, start, asset }: EntriesQuestion,
): EntriesFound {
  const before = list.checks.length
  const chain = new EntryChain(list, start, asset)
  const opened = entries.map((entry, place) => {
    const found = openEntry(list, entry, { place, account, checkpoint })
    chain.add(found)
    return found
  })
  if (list.checks.length === before && entries.length > 0) {
    const all = entries.length === 1 ? 'The entry is' : `All ${grouped(entries.length)} entries are`
    list.pass('inclusion', `${all} in the log, and of this account.`)
    list.pass('links', 'Their numbers have no gap, and each names the one before it.')
    list.pass('balances', 'The balances after each follow from those before it and its amount.')
  }
  return { opened, last: chain.last }
}

interface Ends extends EntriesFound {
  readonly opening: OpenedRoot | null | undefined
  readonly closing: OpenedRoot
  readonly wholeUntil: bigint | undefined
}

const BALANCES = ['debitsPending', 'debitsPosted', 'creditsPending', 'creditsPosted'] as const

/** The list ends with what the closing root shows: nothing is missing at its end. */
function checkEnd(list: Checklist, { opening, closing, wholeUntil, ...entries }: Ends): void {
  const { opened, last } = entries
  const state = closing.state ?? NOTHING
  const { through } = closing.statement
  if (opening && opening.statement.through > through) {
    list.fail('complete', 'The opening root shows a later moment than the closing one.')
  }
  if (last === undefined) {
    list.fail(
      'complete',
      'The newest entry is not proved, so the list cannot be held against its end.',
    )
    return
  }
  const end = { entry: Math.max(0, opened.length - 1) }
  if (last.count !== state.count || last.newest !== state.newest) {
    list.fail(
      'complete',
      `The list ends with entry number ${grouped(last.count)}, but the account had ${grouped(state.count)} entries after event ${grouped(through)}: entries are missing at the end, or too many.`,
      { ...end, field: 'closing' },
    )
    return
  }
  if (BALANCES.some((name) => last[name] !== state[name])) {
    list.fail(
      'complete',
      'The balances after the last entry are not those of the closing root.',
      end,
    )
    return
  }
  list.pass(
    'complete',
    `No entry is missing up to event ${grouped(through)}${wholeUntil === undefined ? '' : `, which is all before ${formatTime(wholeUntil)}`}.`,
  )
}

/** What the opening root covers is not in the list: it has to lie before the period. */
function checkPeriod(
  list: Checklist,
  { from, to }: AccountProof,
  opening: OpenedRoot | null | undefined,
): void {
  if (from !== null && to !== null && from > to) {
    list.fail('period', 'The period ends before it begins.')
  }
  if (!opening) return
  const covers = from !== null && opening.statedAt <= from
  list.check('period', covers, {
    right: `The list begins before the period that was asked for, behind ${counted(opening.statement.through)}.`,
    wrong: `The list begins behind a root of ${formatTime(opening.statedAt)}, inside of the period that was asked for: entries may be missing before it.`,
  })
}
