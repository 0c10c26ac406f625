/** The digest of a parsed command: equal for requests that ask the same, however they are written. */
import { createHash, type Hash } from 'node:crypto'

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
