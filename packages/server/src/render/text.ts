/** Pieces of JSON text that many answers are made of. Written by hand: the answers of the hot path are one template each. */
import { canonicalJson } from '@tallystick/contract'

const NS_PER_SECOND = 1_000_000_000n

let secondOfText = -1n
let secondText = ''

/** RFC 3339 in UTC with nine decimals, quoted. Most of a day's answers lie in the second of the answer before. */
export function timeText(ns: bigint): string {
  const second = ns / NS_PER_SECOND
  if (second !== secondOfText) {
    secondOfText = second
    secondText = `"${new Date(Number(second) * 1_000).toISOString().slice(0, 19)}.`
  }
  const fraction = Number(ns - second * NS_PER_SECOND) + NS_PER_SECOND_NUMBER
  return `${secondText}${String(fraction).slice(1)}Z"`
}

const NS_PER_SECOND_NUMBER = 1_000_000_000

export function idText(id: bigint): string {
  const hex = id.toString(16).padStart(32, '0')
  return `"${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}"`
}

/** Metadata as it was kept: canonical JSON. A packed batch may have brought other bytes, which are shown encoded. */
export function metadataText(bytes: Uint8Array): string {
  if (bytes.length === 0) return '{}'
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return isObject(text) ? text : `{"base64":"${Buffer.from(bytes).toString('base64')}"}`
}

function isObject(text: string): boolean {
  if (!text.startsWith('{')) return false
  try {
    // Equal to its own canonical form: whatever else was packed could end the object early and add fields of its own.
    return canonicalJson(JSON.parse(text)) === text
  } catch {
    return false
  }
}

export interface FourBalances {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

/** What the flag of one side and the limit still allow; null without a flag. */
export function availableText(
  limits: 'debits' | 'credits' | undefined,
  limit: bigint,
  { debitsPending, debitsPosted, creditsPending, creditsPosted }: FourBalances,
): string {
  if (limits === undefined) return 'null'
  const rest =
    limits === 'debits'
      ? creditsPosted + limit - debitsPending - debitsPosted
      : debitsPosted + limit - creditsPending - creditsPosted
  return rest > 0n ? `"${rest}"` : '"0"'
}

/** @param available from `availableText`. */
export function balancesText(balances: FourBalances, available: string): string {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
  return `{"debits_pending":"${debitsPending}","debits_posted":"${debitsPosted}","credits_pending":"${creditsPending}","credits_posted":"${creditsPosted}","balance":"${creditsPosted - debitsPosted}","available":${available}}`
}
