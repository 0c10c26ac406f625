/** Account proofs (decision 0014, "The document of an account proof"): read strictly, verified elsewhere. */
import { bytesOf, given, isAddress, objectOf, onlyKnown } from './json-fields.ts'
import { MalformedProof } from './proof-text.ts'
import { HASH_SIZE } from './sha256.ts'

export const ACCOUNT_PROOF_FORMAT = 'tallystick/account-proof/v1'

export interface AccountProof {
  /** Address. */
  readonly account: string
  /** `EUR/2`; null: there is no such account. */
  readonly asset: string | null
  /** What was asked, ns since 1970: the first moment that counts, and the first that no longer does; null: not limited. */
  readonly from: bigint | null
  readonly to: bigint | null
  /** A signed note, verbatim. */
  readonly checkpoint: string
  /** null: the list begins with the account's first entry. */
  readonly opening: RootProof | null
  /** Oldest first. */
  readonly entries: readonly EntryProof[]
  readonly closing: ClosingProof
  /** A place in `hashes` that no proof names: nobody checks what stands there. */
  readonly idleHash: number | undefined
}

/** Where a leaf stands in its tree. */
export interface PlaceProof {
  readonly index: bigint
  /** From the leaf's sibling up to the root's child; 32 bytes each. */
  readonly proof: readonly Uint8Array[]
}

/** A root of the tree over all accounts, as an event of the log, and the account in it. */
export interface RootProof extends PlaceProof {
  readonly leaf: Uint8Array
  readonly content: Uint8Array
  readonly statement: Uint8Array
  /** The account's leaf; either this or `absent`. */
  readonly account?: PlaceProof & { readonly state: Uint8Array }
  /** The leaves that stand where the account's would, in the order of their ids. */
  readonly absent?: readonly (PlaceProof & { readonly leaf: Uint8Array })[]
}

export interface ClosingProof extends RootProof {
  /** Leaf of the first event that the root no longer shows: it says until when. undefined: that is the statement itself. */
  readonly next?: PlaceProof & { readonly leaf: Uint8Array }
}

export interface EntryProof extends PlaceProof {
  readonly leaf: Uint8Array
  readonly side: 'debit' | 'credit'
  readonly preimage: Uint8Array
  /** Here and below: absent is what the reader may not see. */
  readonly content?: Uint8Array
  readonly metadata?: Uint8Array
  readonly other?: { readonly preimage: Uint8Array; readonly address?: string }
}

/** Of all of a document, and which of them a proof has named. */
class Hashes {
  readonly #hashes: readonly Uint8Array[]
  readonly #used = new Set<number>()

  constructor(value: unknown) {
    this.#hashes = listOf('hashes', value).map((text, at) => {
      const hash = bytesOf(`hashes[${at}]`, text)
      if (hash?.length === HASH_SIZE) return hash
      throw new MalformedProof(`"hashes[${at}]" is not a hash of 32 bytes`)
    })
  }

  at(name: string, place: unknown): Uint8Array {
    const hash = typeof place === 'number' ? this.#hashes[place] : undefined
    if (hash === undefined) {
      throw new MalformedProof(`"${name}" names the hash ${String(place)}, which is not there`)
    }
    this.#used.add(place as number)
    return hash
  }

  /** The first that no proof has named. */
  idle(): number | undefined {
    const idle = this.#hashes.findIndex((_, at) => !this.#used.has(at))
    return idle < 0 ? undefined : idle
  }
}

const FIELDS = 'format account asset from to checkpoint hashes opening entries closing'.split(' ')

/** Reads, verifies nothing. @throws MalformedProof that names the field */
export function parseAccountProof(text: string): AccountProof {
  const fields = objectOf('The document', parseJson(text))
  if (fields['format'] !== ACCOUNT_PROOF_FORMAT) {
    throw new MalformedProof(`The document is not of the format ${ACCOUNT_PROOF_FORMAT}`)
  }
  onlyKnown('The document', fields, FIELDS)
  const account = textOf('account', fields['account'])
  if (!isAddress(account)) throw new MalformedProof('"account" is not an address')
  const hashes = new Hashes(fields['hashes'])
  const { opening } = fields
  const proof = {
    account,
    asset: assetOf(fields['asset']),
    from: timeOf('from', fields['from']),
    to: timeOf('to', fields['to']),
    checkpoint: textOf('checkpoint', fields['checkpoint']),
    opening: opening === null ? null : rootOf('opening', opening, hashes),
    entries: listOf('entries', fields['entries']).map((entry, at) =>
      entryOf(`entries[${at}]`, entry, hashes),
    ),
    closing: closingOf(fields['closing'], hashes),
  }
  return { ...proof, idleHash: hashes.idle() }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MalformedProof('The text is not JSON', { cause })
  }
}

const ROOT_FIELDS = 'leaf index proof content statement account absent'.split(' ')

function closingOf(value: unknown, hashes: Hashes): ClosingProof {
  const { next, ...root } = objectOf('"closing"', value)
  const closing = rootOf('closing', root, hashes)
  return next === undefined ? closing : { ...closing, next: leafIn('closing.next', next, hashes) }
}

function rootOf(name: string, value: unknown, hashes: Hashes): RootProof {
  const fields = objectOf(`"${name}"`, value)
  onlyKnown(`"${name}"`, fields, ROOT_FIELDS)
  const { account, absent } = fields
  if ((account === undefined) === (absent === undefined)) {
    throw new MalformedProof(`"${name}" needs one of "account" and "absent"`)
  }
  return {
    ...placeOf(name, fields, hashes),
    leaf: needed(name, fields, 'leaf'),
    content: needed(name, fields, 'content'),
    statement: needed(name, fields, 'statement'),
    ...given('account', account === undefined ? undefined : accountOf(name, account, hashes)),
    ...given('absent', absent === undefined ? undefined : absentOf(name, absent, hashes)),
  }
}

function accountOf(root: string, value: unknown, hashes: Hashes): RootProof['account'] {
  const name = `${root}.account`
  const fields = objectOf(`"${name}"`, value)
  onlyKnown(`"${name}"`, fields, ['index', 'proof', 'state'])
  return { ...placeOf(name, fields, hashes), state: needed(name, fields, 'state') }
}

function absentOf(root: string, value: unknown, hashes: Hashes): RootProof['absent'] {
  return listOf(`${root}.absent`, value).map((neighbour, at) =>
    leafIn(`${root}.absent[${at}]`, neighbour, hashes),
  )
}

function leafIn(
  name: string,
  value: unknown,
  hashes: Hashes,
): PlaceProof & { readonly leaf: Uint8Array } {
  const fields = objectOf(`"${name}"`, value)
  onlyKnown(`"${name}"`, fields, ['index', 'proof', 'leaf'])
  return { ...placeOf(name, fields, hashes), leaf: needed(name, fields, 'leaf') }
}

const ENTRY_FIELDS = 'leaf index proof side preimage content metadata other'.split(' ')

function entryOf(name: string, value: unknown, hashes: Hashes): EntryProof {
  const fields = objectOf(`"${name}"`, value)
  onlyKnown(`"${name}"`, fields, ENTRY_FIELDS)
  const { side } = fields
  if (side !== 'debit' && side !== 'credit') {
    throw new MalformedProof(`"${name}.side" is neither debit nor credit`)
  }
  return {
    ...placeOf(name, fields, hashes),
    leaf: needed(name, fields, 'leaf'),
    side,
    preimage: needed(name, fields, 'preimage'),
    ...given('content', bytesOf(`${name}.content`, fields['content'])),
    ...given('metadata', bytesOf(`${name}.metadata`, fields['metadata'])),
    ...given('other', otherOf(`${name}.other`, fields['other'])),
  }
}

function otherOf(name: string, value: unknown): EntryProof['other'] {
  if (value === undefined) return undefined
  const fields = objectOf(`"${name}"`, value)
  onlyKnown(`"${name}"`, fields, ['preimage', 'address'])
  const preimage = needed(name, fields, 'preimage')
  const { address } = fields
  if (address === undefined) return { preimage }
  if (typeof address === 'string' && isAddress(address)) return { preimage, address }
  throw new MalformedProof(`"${name}.address" is not an address`)
}

function placeOf(name: string, fields: Record<string, unknown>, hashes: Hashes): PlaceProof {
  const { index, proof } = fields
  if (typeof index !== 'string' || !/^(0|[1-9][0-9]{0,18})$/.test(index)) {
    throw new MalformedProof(`"${name}.index" is not a number in a string`)
  }
  const places = listOf(`${name}.proof`, proof)
  return {
    index: BigInt(index),
    proof: places.map((place) => hashes.at(`${name}.proof`, place)),
  }
}

function needed(name: string, fields: Record<string, unknown>, field: string): Uint8Array {
  const bytes = bytesOf(`${name}.${field}`, fields[field])
  if (bytes === undefined) throw new MalformedProof(`"${name}" has no ${field}`)
  return bytes
}

function listOf(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[]
  throw new MalformedProof(`"${name}" is not a list`)
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new MalformedProof(`"${name}" is not a text`)
}

function assetOf(value: unknown): string | null {
  if (value === null) return null
  const text = textOf('asset', value)
  if (/^[A-Z][A-Z0-9_]{0,16}\/(0|[1-9]|[12][0-9]|30)$/.test(text)) return text
  throw new MalformedProof('"asset" is not a code and a scale, like EUR/2')
}

const TIME = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z$/

function timeOf(name: string, value: unknown): bigint | null {
  if (value === null) return null
  const [, seconds = '', decimals = ''] = TIME.exec(textOf(name, value)) ?? []
  const ms = Date.parse(`${seconds}Z`)
  if (ms >= 0) return BigInt(ms) * 1_000_000n + BigInt(decimals.padEnd(9, '0'))
  throw new MalformedProof(`"${name}" is not a time in UTC since 1970, like 2026-11-30T23:59:59Z`)
}
