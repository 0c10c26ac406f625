/** Packed batches of transfers: 128 bytes each, ids new, accounts and amounts at random. */
import { PackedOperation, PackedTransferFlags, unpackBatchAnswer } from '@tallystick/contract'
import { assert } from '@tallystick/money'

import { AddressedIds, type AccountIds, countedIds } from './account-names.ts'
import type { Answer } from './answer-reader.ts'
import { EURO } from './euro.ts'
import type { RequestMaker, Seat } from './maker.ts'
import { COMMAND_WORDS, PackedForm } from './packed-form.ts'
import { Pairs } from './pairs.ts'
import { Xorshift } from './random.ts'
import { RequestKeys } from './request-keys.ts'
import type { LoadSpec } from './spec.ts'
import { TransferIds } from './transfer-ids.ts'

/** Word of each field in a command; flags and code are halves of words. */
const Word = { debit: 4, credit: 8, amount: 12, timeout: 22, asset: 23, operation: 25 } as const
const HALF_CODE = 48
const HALF_FLAGS = 49
const AMOUNT_MAX = 1_000
const TIMEOUT_MAX = 5

export class PackedTransfers implements RequestMaker {
  readonly #forms: readonly [PackedForm, PackedForm]
  readonly #random: Xorshift
  readonly #pairs: Pairs
  readonly #ids: TransferIds
  readonly #keys: RequestKeys
  readonly #accounts: AccountIds
  readonly #holdsPercent: number
  #turn = 0

  constructor({ spec, index }: Seat) {
    this.#random = new Xorshift(spec.seed + index * 7_919)
    this.#pairs = new Pairs(this.#random, spec.accounts, spec.spread)
    this.#ids = new TransferIds(this.#random, spec.ids)
    this.#keys = new RequestKeys(this.#random)
    this.#accounts = idsFor(spec)
    this.#holdsPercent = spec.holdsPercent
    this.#forms = [form(spec), form(spec)]
  }

  make(): Uint8Array {
    this.#turn ^= 1
    const form = this.#forms[this.#turn === 0 ? 0 : 1]
    this.#keys.put(form.request, form.keyAt)
    this.#ids.begin()
    const { words, halves, count } = form
    for (let index = 0; index < count; index++) {
      const at = index * COMMAND_WORDS
      this.#ids.next()
      this.#pairs.next()
      words.set(this.#ids.words, at)
      this.#accounts.copyTo(words, at + Word.debit, this.#pairs.debit)
      this.#accounts.copyTo(words, at + Word.credit, this.#pairs.credit)
      words[at + Word.amount] = 1 + this.#random.below(AMOUNT_MAX)
      const isHold = this.#holdsPercent > 0 && this.#random.below(100) < this.#holdsPercent
      words[at + Word.timeout] = isHold ? 1 + this.#random.below(TIMEOUT_MAX) : 0
      halves[at * 2 + HALF_FLAGS] = isHold ? PackedTransferFlags.pending : 0
    }
    return form.request
  }

  fault(answer: Answer): string | undefined {
    return packedFault(answer, this.#forms[0].count)
  }
}

/** Fields that are the same in every transfer. */
function form(spec: LoadSpec): PackedForm {
  const form = new PackedForm(spec, spec.batch, 0)
  for (let index = 0; index < spec.batch; index++) {
    const at = index * COMMAND_WORDS
    form.words[at + Word.asset] = EURO.number
    form.words[at + Word.operation] = PackedOperation.createTransfer
    form.halves[at * 2 + HALF_CODE] = 1
  }
  return form
}

/** Connections of one load share the table of ids: it is large. */
const tables = new Map<number, AddressedIds>()

function idsFor({ addressed, accounts }: LoadSpec): AccountIds {
  if (!addressed) return countedIds
  let table = tables.get(accounts)
  if (table === undefined) {
    table = new AddressedIds(accounts)
    tables.set(accounts, table)
  }
  return table
}

/** @param count commands that were sent. */
export function packedFault({ status, body }: Answer, count: number): string | undefined {
  if (status !== 200) return `status ${status}`
  const { statuses } = unpackBatchAnswer(body)
  assert(statuses.length === count, 'a status for each command')
  const refused = statuses.findIndex((status) => status !== 0)
  return refused < 0 ? undefined : `command ${refused} has status ${String(statuses[refused])}`
}
