/** The digest of a parsed command: equal for requests that ask the same, however they are written. */
import { createHash, hash, type Hash } from 'node:crypto'

import { canonicalJson, type CreateTransfer, type OperationId, ROUTES } from '@tallystick/contract'
import { digestOf, type PackedBatch } from '@tallystick/engine'
import { COMMAND_SIZE } from '@tallystick/ledger'

import type { Asked } from './plan.ts'

const DOMAIN = 'tallystick/command/v1'

export function digestOfAsked(id: OperationId, asked: Asked): Uint8Array {
  if (id === 'createTransfer') {
    return digestOf(DOMAIN, id, transferText(asked.body as CreateTransfer))
  }
  const body = withoutDefaults(id, asked.body)
  return digestOf(DOMAIN, id, canonicalJson([asked.params ?? null, body]))
}

/** Of requests that nobody can repeat, since they have no key. */
export function digestAsSent(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(`${DOMAIN}/as-sent\n`).update(body).digest()
}

/** Of packed batches: to be updated with the body's bytes. */
export function packedDigest(): Hash {
  return createHash('sha256').update(`${DOMAIN}/packed\n`)
}

/**
 * Of a batch of plain transfers (`isPlainBatch`), whoever read it: of the packed commands, since each field is in them, and in one
 * spelling. Answers with and without balances are different requests, as in the general form.
 */
export function plainDigest({ memory, count }: PackedBatch, balances: boolean): Uint8Array {
  return createHash('sha256')
    .update(`${DOMAIN}/plain-batch\n${balances}\n`)
    .update(memory.u8.subarray(0, count * COMMAND_SIZE))
    .digest()
}

/** The same as the general form, in an order of its own: this one is made for every transfer. */
function transferText(body: CreateTransfer): string {
  const { code = 1, mode = 'exact', open_missing: open = false, id = '', metadata } = body
  const { reference = '', effective_at: effectiveAt = '' } = body
  const kept = metadata === undefined ? '{}' : canonicalJson(metadata)
  // Metadata and reference come last and quoted: no other part can hold a line feed.
  return `${body.debit_account}\n${body.credit_account}\n${body.amount}\n${body.asset}\n${code}\n${mode}\n${open}\n${id}\n${effectiveAt}\n${reference}\n${kept}`
}

/** What stands before the text's length. */
const ALONE_HEAD = Buffer.from(`${DOMAIN}\n14\ncreateTransfer\n`)
/** Everything behind the code, of a transfer that says no more. */
const ALONE_TAIL = Buffer.from('\nexact\nfalse\n\n\n\n{}')
/** Two addresses, an asset, an amount, a code and what stands around them. */
const alone = Buffer.alloc(2_048)
ALONE_HEAD.copy(alone)

/**
 * `digestOfAsked` of a transfer that was read from its bytes, without a text in between.
 * @param places `PlainBatchReader.places`.
 */
export function aloneDigest(body: Uint8Array, places: Int32Array): Uint8Array {
  let length = 4 + ALONE_TAIL.length
  for (let place = FIRST_PLACE; place < CODE_PLACE; place += 2)
    length += lengthAt(places, place) - 2
  const codeLength = lengthAt(places, CODE_PLACE)
  // Left out, the code is 1.
  length += codeLength === 0 ? 1 : codeLength
  let at = ALONE_HEAD.length
  at += alone.write(`${length}\n`, at, 'latin1')
  for (let place = FIRST_PLACE; place < CODE_PLACE; place += 2) {
    const to = (places[place + 1] ?? 0) - 1
    for (let from = (places[place] ?? 0) + 1; from < to; from++) alone[at++] = body[from] ?? 0
    alone[at++] = LINE_FEED
  }
  if (codeLength === 0) alone[at++] = ONE
  for (let index = 0; index < codeLength; index++) {
    alone[at++] = body[(places[CODE_PLACE] ?? 0) + index] ?? 0
  }
  for (let index = 0; index < ALONE_TAIL.length; index++) alone[at++] = ALONE_TAIL[index] ?? 0
  return hash('sha256', alone.subarray(0, at), 'buffer')
}

const LINE_FEED = 0x0a
const ONE = 0x31
/** The debit account's; credit account, amount and asset follow, in quotes. */
const FIRST_PLACE = 4
const CODE_PLACE = 12

function lengthAt(places: Int32Array, place: number): number {
  return (places[place + 1] ?? 0) - (places[place] ?? 0)
}

function withoutDefaults(id: OperationId, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return {}
  const route = ROUTES[id]
  const properties = 'body' in route && 'properties' in route.body ? route.body.properties : {}
  const kept = Object.entries(body).filter(([name, value]) => {
    const schema: unknown = Reflect.get(properties, name)
    const fallback: unknown =
      typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'default') : undefined
    return fallback === undefined || canonicalJson(fallback) !== canonicalJson(value)
  })
  return Object.fromEntries(kept)
}

/** Who it was asked for is a part of what was asked: under the same key for another, it is another request. */
export function digestFor(initiator: string, digest: Uint8Array): Uint8Array {
  return hash('sha256', Buffer.concat([Buffer.from(`for ${initiator}\n`), digest]), 'buffer')
}
