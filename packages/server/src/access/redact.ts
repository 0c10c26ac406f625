/**
 * Takes out of an answer what its reader may not see: balances, limits and parents of accounts that are not his. One place for every answer, so that no
 * form of it is forgotten. Whoever may read all balances gets his answers as they were made.
 */
import type { Rights } from '@tallystick/access'
import { MediaType, type Scope } from '@tallystick/contract'

/** The right without which balances, limits and parents of an account are left out. */
export const SEEN: Scope = 'accounts:read'

export function redacts(rights: Rights | undefined): rights is Rights {
  return rights !== undefined && !rights.hasEverywhere(SEEN)
}

/** @param text an answer of that media type; what is neither JSON nor lines of it has nothing to take out. */
export function redacted(text: string, mediaType: string, rights: Rights): string {
  if (mediaType.startsWith(MediaType.ndjson)) {
    return text
      .split('\n')
      .map((line) => (line === '' ? '' : redactedJson(line, rights)))
      .join('\n')
  }
  return /[/+]json(;|$)/.test(mediaType) ? redactedJson(text, rights) : text
}

/** Numbers beyond 2^53 are text everywhere, so reading and writing it again changes nothing else. */
function redactedJson(text: string, rights: Rights): string {
  return JSON.stringify(redactedValue(JSON.parse(text), rights))
}

export function redactedValue(value: unknown, rights: Rights): unknown {
  if (Array.isArray(value)) return value.map((item) => redactedValue(item, rights))
  if (typeof value !== 'object' || value === null) return value
  const kept: Record<string, unknown> = {}
  const isForeign = 'needed' in value && isUnseen(Reflect.get(value, 'account'), rights)
  for (const [name, inner] of Object.entries(value)) {
    if (isForeign && LIMITS.has(name)) continue
    if (isForeign && name === 'detail') kept[name] = 'The limit of an account refused it.'
    else if (name === 'metadata' || name === 'private') kept[name] = inner
    else if (name === 'parent')
      kept[name] = isUnseen(inner, rights) ? null : redactedValue(inner, rights)
    else if (name === 'balances') kept[name] = balances(inner, rights)
    else kept[name] = redactedValue(inner, rights)
  }
  return kept
}

/** What a refusal says of the account whose limit refused. */
const LIMITS: ReadonlySet<string> = new Set(['account', 'needed', 'available', 'limit'])

/** By address, or those of the one account that the answer is about. */
function balances(value: unknown, rights: Rights): unknown {
  if (typeof value !== 'object' || value === null) return value
  const rows = Object.entries(value)
  if (rows.some(([, row]) => typeof row !== 'object' || row === null)) return value
  return Object.fromEntries(rows.filter(([address]) => rights.hasAt(SEEN, address)))
}

function isUnseen(address: unknown, rights: Rights): boolean {
  return typeof address === 'string' && !rights.hasAt(SEEN, address)
}
