/** Fields that many writes have, from the wire's text to the ledger's values. What is wrong with them is a 400. */
import {
  canonicalJson,
  METADATA_BYTES_MAX,
  metadataRefusal,
  parseId,
  parseTime,
} from '@tallystick/contract'
import { type LookUpKey, referenceKey } from '@tallystick/engine'
import { parseAmount } from '@tallystick/money'

import { findCardNumber } from '../http/card-number.ts'
import { newId, referenceId, type ReferenceKind } from '../http/ids.ts'
import { allow, refuse, Refused } from '../http/refused.ts'
import { isCommitment } from '../private/private-data.ts'
import type { Asking, Planning } from './plan.ts'

const NO_BYTES = new Uint8Array(0)

/** @throws Refused */
export function amountOf(text: string, param: string, zero: 'refused' | 'allowed'): bigint {
  const amount = parseAmount(text)
  if (amount === undefined) return refuse('amount_too_large', param, `${param} passes 2^128 − 1.`)
  if (amount === 0n && zero === 'refused') {
    return refuse('amount_must_not_be_zero', param, `${param} must be above 0.`)
  }
  return amount
}

/** ns; 0n = not given. @throws Refused */
export function effectiveOf(text: string | undefined, param: string): bigint {
  if (text === undefined) return 0n
  const at = timeOf(text, param)
  // The ledger reads 0 as "now".
  if (at === 0n)
    return refuse('invalid_time', param, `${param} must be after the beginning of 1970.`)
  return at
}

/** @throws Refused */
export function timeOf(text: string, param: string): bigint {
  const at = parseTime(text)
  if (at !== undefined) return at
  return refuse('invalid_time', param, `${text} is not a time of the calendar from 1970 to 2554.`)
}

/** Canonical bytes. @throws Refused */
export function metadataOf(
  metadata: object | undefined,
  param: string,
  { allowCardNumbers }: Pick<Planning, 'allowCardNumbers'>,
): Uint8Array {
  if (metadata === undefined) return NO_BYTES
  const own = ownMetadata(metadata)
  allow(metadataRefusal(own, param))
  if (!allowCardNumbers) refuseCardNumber(own, param)
  const text = canonicalJson(metadata)
  if (text === '{}') return NO_BYTES
  const bytes = Buffer.from(text)
  if (bytes.length <= METADATA_BYTES_MAX) return bytes
  const detail = `${param} takes ${bytes.length} bytes with what stands for private data; ${METADATA_BYTES_MAX} is the most.`
  return refuse('metadata_too_large', param, detail)
}

/** Without the commitment that stands for private data: nobody can send one, its name is refused in what comes in. */
function ownMetadata(metadata: object): object {
  const { private: commitment, ...own } = metadata as { private?: unknown }
  return isCommitment(commitment) ? own : metadata
}

function refuseCardNumber(metadata: object, param: string): void {
  const found = findCardNumber(metadata, param)
  if (found === undefined) return
  throw new Refused({
    code: 'card_number_refused',
    param: found,
    detail: `${found} holds what looks like a card number. --allow-card-numbers (TALLY_ALLOW_CARD_NUMBERS) lets the server keep such texts.`,
  })
}

export interface Named {
  readonly id?: string | undefined
  readonly reference?: string | undefined
}

export interface Name {
  readonly id: bigint
  readonly reference: string | undefined
  readonly keys: readonly LookUpKey[]
}

const NO_KEYS: readonly LookUpKey[] = []

/** The id: as given, the reference's, or a new one. @throws Refused */
export function nameOf({ id, reference }: Named, kind: ReferenceKind, asking: Asking): Name {
  if (reference !== undefined) {
    if (id !== undefined) {
      return refuse('id_and_reference', 'reference', 'A reference is the id: give one of them.')
    }
    const keys = [referenceKey(asking.owner, kind, reference)]
    return { id: referenceId(asking.owner, kind, reference), reference, keys }
  }
  if (id === undefined) return { id: newId(asking.nowMs), reference, keys: NO_KEYS }
  return { id: givenId(id, 'id'), reference, keys: NO_KEYS }
}

function givenId(text: string, param: string): bigint {
  const id = parseId(text)
  return id ?? refuse('invalid_field', param, `${param} is not an id.`)
}
