/**
 * The statement that a proved document shows, as texts for people: a page is made of these texts, and the page's own script makes them
 * again from the document and compares. Every text has a name, so that an altered one can be pointed at.
 */
import { toHex } from './bytes.ts'
import { isSameMoment, momentText, periodText } from './date-text.ts'
import { type EntryKind, kindOf, NOTHING } from './entry-chain.ts'
import type { PolicyOptions } from './policy.ts'
import { formatId } from './ids.ts'
import { printable } from './printable.ts'
import type { Balances } from './account-tree.ts'
import type { OpenedEntry } from './opened-entry.ts'
import type { SaidAccount } from './verify-account.ts'
import { counted, grouped } from './report.ts'
import { sha256 } from './sha256.ts'
import { formatVerifierKey } from './verifier-key.ts'

export interface StatementView {
  /** Name of the log. */
  readonly origin: string
  readonly account: string
  readonly asset: string
  readonly period: string
  /** How many the period has. */
  readonly entries: string
  readonly opening: string
  readonly closing: string
  /** Of the period. */
  readonly moneyIn: string
  readonly moneyOut: string
  /** Held of the account after the period's last entry; undefined: nothing. */
  readonly held: string | undefined
  /** Which log, and up to where nothing is missing. */
  readonly log: string
  readonly coverage: string
  /** All of the document, oldest first, without those that are not proved. */
  readonly rows: readonly StatementRow[]
}

export interface StatementRow {
  /** Of the account's entries. */
  readonly number: bigint
  readonly part: 'before' | 'period' | 'after'
  readonly isPosted: boolean
  readonly direction: 'debit' | 'credit'
  readonly date: string
  readonly what: string
  /** Counterparty, where it is shown. */
  readonly party: string
  /** Metadata and value date, where there are any. */
  readonly note: string
  /** With its sign, or in parentheses where nothing moved. */
  readonly amount: string
  /** The amount where it stands in two columns; '' in the other one. */
  readonly debit: string
  readonly credit: string
  readonly balance: string
}

const WORDS: Readonly<Record<EntryKind, string>> = {
  transfer: 'Transfer',
  reversal: 'Reversal',
  hold: 'Hold',
  capture: 'Capture of a hold',
  void: 'Hold given back',
  release: 'Hold expired',
  moved: 'Entry',
}
const HELD: readonly EntryKind[] = ['hold', 'void', 'release']

export function statementView(said: SaidAccount): StatementView {
  const sound = said.entries.flatMap((entry) => (entry?.isSound === true ? [entry] : []))
  const before = sound.filter((entry) => partOf(said, entry) === 'before')
  const inside = sound.filter((entry) => partOf(said, entry) === 'period')
  const start = before.at(-1)?.entry ?? said.opening?.state ?? NOTHING
  const end = inside.at(-1)?.entry ?? start
  const money = (minor: bigint): string => moneyText(minor, scaleOf(said.asset))
  return {
    origin: originOf(said),
    account: said.account,
    asset: said.asset === null ? 'no asset' : said.asset.replace(/\/.*/, ''),
    period: periodText(said.from, endOf(said), said.wholeUntil),
    entries: grouped(inside.length),
    opening: money(balanceOf(start)),
    closing: money(balanceOf(end)),
    moneyIn: money(end.creditsPosted - start.creditsPosted),
    moneyOut: money(end.debitsPosted - start.debitsPosted),
    held: heldText(end, money),
    log: `${originOf(said)}, ${counted(said.treeSize ?? 0n)} signed`,
    coverage: coverageText(said),
    rows: sound.map((entry, at) =>
      rowOf(said, entry, sound[at - 1]?.entry ?? said.opening?.state ?? NOTHING),
    ),
  }
}

function originOf({ log }: SaidAccount): string {
  return printable(log ?? 'an unknown log')
}

/** Of what was asked only as much is shown as is known to be whole. */
function endOf({ to, wholeUntil }: SaidAccount): bigint | null {
  if (to === null || wholeUntil === undefined) return to
  return wholeUntil < to ? null : to
}

function coverageText({ closing, wholeUntil }: SaidAccount): string {
  if (closing === undefined || wholeUntil === undefined) return 'unknown'
  const until = `${momentText(wholeUntil)} UTC (event ${grouped(closing.statement.through)})`
  return closing.state === undefined ? `no such account until ${until}` : `until ${until}`
}

function heldText({ debitsPending, creditsPending }: Balances, money: (minor: bigint) => string) {
  const parts = [
    ...(debitsPending > 0n ? [`${money(debitsPending)} held of it`] : []),
    ...(creditsPending > 0n ? [`${money(creditsPending)} announced to it`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

function partOf({ from, to }: SaidAccount, { leaf }: OpenedEntry): StatementRow['part'] {
  if (from !== null && leaf.timestamp < from) return 'before'
  return to !== null && leaf.timestamp >= to ? 'after' : 'period'
}

function rowOf(said: SaidAccount, opened: OpenedEntry, before: Balances): StatementRow {
  const { leaf, direction, amount, entry, other } = opened
  const kind = kindOf(opened)
  const posted = isPosted(opened, kind, before)
  const scale = scaleOf(said.asset)
  const sign = direction === 'debit' ? '−' : '+'
  const money = moneyText(amount, scale)
  const shown = posted ? money : `(${money})`
  return {
    ...{ number: entry.number, part: partOf(said, opened), isPosted: posted, direction },
    date: momentText(leaf.timestamp),
    what: WORDS[kind],
    party: other === undefined ? '' : (other.address ?? formatId(other.account)),
    note: noteOf(opened),
    amount: posted ? sign + shown : shown,
    debit: direction === 'debit' ? shown : '',
    credit: direction === 'credit' ? shown : '',
    balance: moneyText(balanceOf(entry), scale),
  }
}

/** Whether money moved: what is closed tells it by the balances alone. */
function isPosted({ entry }: OpenedEntry, kind: EntryKind, before: Balances): boolean {
  if (kind !== 'moved') return !HELD.includes(kind)
  const { debitsPosted, creditsPosted } = entry
  return debitsPosted !== before.debitsPosted || creditsPosted !== before.creditsPosted
}

function noteOf({ metadata, content, leaf }: OpenedEntry): string {
  const dated = content?.effectiveAt
  return [
    ...(metadata === undefined || metadata.length === 0 ? [] : [metadataText(metadata)]),
    ...(dated === undefined || isSameMoment(dated, leaf.timestamp)
      ? []
      : [`value date ${momentText(dated)}`]),
  ].join(' · ')
}

const NOTE_LENGTH_MAX = 200

/** `note: Salary · order: 17` of a flat JSON object, any other text as it is, bytes as their number. */
function metadataText(metadata: Uint8Array): string {
  const text = decoded(metadata)
  if (text === undefined) return `${grouped(metadata.length)} bytes of metadata`
  const flat = flatOf(text) ?? text
  const plain = printable(flat.replaceAll(/\s+/g, ' ').trim())
  // By whole characters: half of one would be another text in the file. By code points: what a cluster is differs between browsers.
  const characters = Array.from(plain)
  if (characters.length <= NOTE_LENGTH_MAX) return plain
  return `${characters.slice(0, NOTE_LENGTH_MAX).join('')}…`
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function flatOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const fields = Object.entries(value)
    if (fields.some(([, field]) => typeof field === 'object')) return undefined
    return fields.map(([name, field]) => `${name}: ${String(field)}`).join(' · ')
  } catch {
    return undefined
  }
}

function balanceOf({ creditsPosted, debitsPosted }: Balances): bigint {
  return creditsPosted - debitsPosted
}

function scaleOf(asset: string | null): number {
  return asset === null ? 0 : Number(asset.slice(asset.indexOf('/') + 1))
}

/** `−1,234.50` for −123450 at scale 2. */
function moneyText(minor: bigint, scale: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0')
  const whole = grouped(BigInt(digits.slice(0, digits.length - scale)))
  const cents = scale === 0 ? '' : `.${digits.slice(-scale)}`
  return `${minor < 0n ? '−' : ''}${whole}${cents}`
}

/** Parts of a row that are texts of its own. */
export const ROW_TEXTS = [
  ...(['number', 'date', 'what', 'party', 'note'] as const),
  ...(['debit', 'credit', 'balance'] as const),
]

/** Every text of the page that the document or the keys say, by its name. */
export function namedTexts(view: StatementView, trust: PolicyOptions): ReadonlyMap<string, string> {
  const { rows, held = '', ...texts } = view
  const named = new Map<string, string>(Object.entries({ ...texts, held }))
  // These stand in the table once more.
  for (const name of ['opening', 'closing', 'moneyIn', 'moneyOut'] as const) {
    named.set(`${name}.row`, view[name])
  }
  named.set('quorum', quorumText(trust))
  for (const row of rows) {
    for (const name of ROW_TEXTS) named.set(`entry.${row.number}.${name}`, `${row[name]}`)
  }
  trust.keys.forEach((key, at) => {
    named.set(`key.${at}`, key)
    named.set(`fingerprint.${at}`, fingerprint(key))
  })
  trust.witnesses?.forEach((key, at) => named.set(`witness.${at}`, key))
  return named
}

/** What the page's verdict says when all holds. */
export interface VerdictTexts {
  readonly signers: readonly string[]
  readonly witnesses: readonly string[]
  readonly entries: string
  readonly complete: string
}

export function verdictTexts(said: SaidAccount): VerdictTexts {
  const { length } = said.entries
  const entries = length === 1 ? '1 entry' : `${grouped(length)} entries`
  return {
    signers: said.signatures.map(
      ({ key }) =>
        `${printable(key.name)}, key ${fingerprint(formatVerifierKey(key)).slice(0, 19)} …`,
    ),
    witnesses: said.cosignatures.map(({ key, timestamp }) =>
      timestamp === undefined
        ? printable(key.name)
        : `${printable(key.name)}, ${momentText(timestamp * 1_000_000_000n)} UTC`,
    ),
    entries: `all signatures hold, ${entries} and every balance follow from each other, and no entry is missing.`,
    complete: coverageText(said),
  }
}

/** Of how many witnesses the history must have signatures. */
export function quorumText({ witnesses = [], quorum = witnesses.length }: PolicyOptions): string {
  if (quorum === 0) {
    return 'No witness is asked for: the ledger alone says that it shows everybody the same history.'
  }
  const all =
    witnesses.length === 1 ? 'The witness has' : `${quorum} of ${witnesses.length} witnesses have`
  return `${all} to have cosigned the history: a witness signs only one.`
}

/** SHA-256 of a verifier key's line, in groups that two people can read to each other. */
export function fingerprint(vkey: string): string {
  const hex = toHex(sha256(new TextEncoder().encode(vkey)))
  return hex.replaceAll(/(.{4})(?=.)/g, '$1 ')
}
