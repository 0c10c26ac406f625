/** Packed batches that open accounts, one after the other, over one connection. */
import { ALL_ONES, PackedOperation } from '@tallystick/contract'
import { assert } from '@tallystick/money'

import {
  ADDRESS_DIGITS,
  ADDRESS_LENGTH,
  ADDRESS_PREFIX,
  addressOf,
  idBytesOf,
} from './account-names.ts'
import type { Answer } from './answer-reader.ts'
import { EURO } from './euro.ts'
import type { RequestMaker, Seat } from './maker.ts'
import { COMMAND_WORDS, PackedForm } from './packed-form.ts'
import { packedFault } from './packed-transfers.ts'
import { Xorshift } from './random.ts'
import { RequestKeys } from './request-keys.ts'
import type { LoadSpec } from './spec.ts'
import { putDecimal } from './template.ts'

/** Word of each field in a command. */
const Word = {
  subtreeLimit: 16,
  asset: 23,
  operation: 25,
  addressOffset: 28,
  addressLength: 29,
} as const
const HALF_CODE = 48
const ADDRESS_ROOM = (ADDRESS_LENGTH + 7) & ~7
const BYTES_PER_WORD = 4

export class PackedOpenings implements RequestMaker {
  readonly #spec: LoadSpec
  readonly #keys: RequestKeys
  readonly #forms: [PackedForm, PackedForm]
  #turn = 0
  #next = 0
  /** Commands of the requests under way, the oldest first. */
  readonly #counts: number[] = []

  constructor({ spec }: Seat) {
    assert(spec.connections === 1, 'accounts are opened in order')
    this.#spec = spec
    this.#keys = new RequestKeys(new Xorshift(spec.seed))
    this.#forms = [form(spec, spec.batch), form(spec, spec.batch)]
  }

  make(): Uint8Array {
    const first = this.#next % this.#spec.accounts
    this.#next += this.#spec.batch
    const count = Math.min(this.#spec.batch, this.#spec.accounts - first)
    this.#turn ^= 1
    const own = this.#forms[this.#turn === 0 ? 0 : 1]
    const chosen = count === own.count ? own : form(this.#spec, count)
    this.#counts.push(count)
    this.#keys.put(chosen.request, chosen.keyAt)
    fill(chosen, first, this.#spec.addressed)
    return chosen.request
  }

  fault(answer: Answer): string | undefined {
    const count = this.#counts.shift()
    assert(count !== undefined, 'an answer to a request')
    return packedFault(answer, count)
  }
}

function fill({ words, data, count }: PackedForm, first: number, addressed: boolean): void {
  const ids = Buffer.from(words.buffer, words.byteOffset, words.byteLength)
  for (let index = 0; index < count; index++) {
    const account = first + index
    if (!addressed) {
      words[index * COMMAND_WORDS] = account + 1
      continue
    }
    ids.set(idBytesOf(account), index * COMMAND_WORDS * BYTES_PER_WORD)
    putDecimal(data, index * ADDRESS_ROOM + ADDRESS_PREFIX.length, ADDRESS_DIGITS, account)
  }
}

/** Fields that are the same in every account. */
function form(spec: LoadSpec, count: number): PackedForm {
  const form = new PackedForm(spec, count, spec.addressed ? count * ADDRESS_ROOM : 0)
  for (let index = 0; index < count; index++) {
    const at = index * COMMAND_WORDS
    for (let word = 0; word < 4; word++) {
      form.words[at + Word.subtreeLimit + word] = Number(ALL_ONES & 0xffff_ffffn)
    }
    form.words[at + Word.asset] = EURO.number
    form.words[at + Word.operation] = PackedOperation.createAccount
    form.halves[at * 2 + HALF_CODE] = 1
    if (!spec.addressed) continue
    form.words[at + Word.addressOffset] = index * ADDRESS_ROOM
    form.words[at + Word.addressLength] = ADDRESS_LENGTH
    form.data.write(addressOf(0), index * ADDRESS_ROOM, 'latin1')
  }
  return form
}
