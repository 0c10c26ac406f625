/** Requests as JSON, as a client without our SDK would send them: single transfers, batches of transfers, reads of a balance. */
import { ADDRESS_DIGITS, ADDRESS_PREFIX } from './account-names.ts'
import type { Answer } from './answer-reader.ts'
import { EURO } from './euro.ts'
import { BATCHES, head, JSON_BODY, KEY_LENGTH, type RequestMaker, type Seat } from './maker.ts'
import { Pairs } from './pairs.ts'
import { Xorshift } from './random.ts'
import { RequestKeys } from './request-keys.ts'
import { hole, putDecimal, putUuid, Template } from './template.ts'
import { TransferIds } from './transfer-ids.ts'

const ACCOUNT = ADDRESS_PREFIX + hole(ADDRESS_DIGITS)
const AMOUNT_DIGITS = 3
const KEY = `idempotency-key: ${hole(KEY_LENGTH)}`
const UUID_LENGTH = 36
const MOVED = `"debit_account":"${ACCOUNT}","credit_account":"${ACCOUNT}","amount":"${hole(AMOUNT_DIGITS)}","asset":"${EURO.text}"`
const NOTHING_REFUSED = '"refused":0'

/** One transfer; its id is left to the server, its idempotency is that of its key. */
export class SingleTransfers implements RequestMaker {
  readonly #template: Template
  readonly #random: Xorshift
  readonly #pairs: Pairs
  readonly #keys: RequestKeys

  constructor({ spec, index }: Seat) {
    this.#random = new Xorshift(spec.seed + index * 7_919)
    this.#pairs = new Pairs(this.#random, spec.accounts, spec.spread)
    this.#keys = new RequestKeys(this.#random)
    this.#template = new Template(head(spec, 'POST /v1/transfers', [JSON_BODY, KEY]), `{${MOVED}}`)
  }

  make(): Uint8Array {
    const bytes = this.#template.next()
    const [key = 0, debit = 0, credit = 0, amount = 0] = this.#template.holes
    this.#pairs.next()
    this.#keys.put(bytes, key)
    putDecimal(bytes, debit, ADDRESS_DIGITS, this.#pairs.debit)
    putDecimal(bytes, credit, ADDRESS_DIGITS, this.#pairs.credit)
    putDecimal(bytes, amount, AMOUNT_DIGITS, 100 + this.#random.below(900))
    return bytes
  }

  fault({ status }: Answer): string | undefined {
    return status === 201 ? undefined : `status ${status}`
  }
}

/** A batch of transfers, each with an id of its own. */
export class JsonBatches implements RequestMaker {
  readonly #template: Template
  readonly #random: Xorshift
  readonly #pairs: Pairs
  readonly #ids: TransferIds
  readonly #keys: RequestKeys
  readonly #batch: number

  constructor({ spec, index }: Seat) {
    this.#random = new Xorshift(spec.seed + index * 7_919)
    this.#pairs = new Pairs(this.#random, spec.accounts, spec.spread)
    this.#ids = new TransferIds(this.#random, spec.ids)
    this.#keys = new RequestKeys(this.#random)
    this.#batch = spec.batch
    const command = `{"operation":"create_transfer","id":"${hole(UUID_LENGTH)}",${MOVED}}`
    const commands = Array.from({ length: spec.batch }, () => command).join(',')
    const route = spec.balances ? BATCHES : `${BATCHES}?balances=false`
    this.#template = new Template(head(spec, route, [JSON_BODY, KEY]), `{"commands":[${commands}]}`)
  }

  make(): Uint8Array {
    const bytes = this.#template.next()
    const { holes } = this.#template
    this.#keys.put(bytes, holes[0] ?? 0)
    this.#ids.begin()
    for (let index = 0; index < this.#batch; index++) {
      const at = 1 + index * 4
      this.#ids.next()
      this.#pairs.next()
      putUuid(bytes, holes[at] ?? 0, this.#ids.words)
      putDecimal(bytes, holes[at + 1] ?? 0, ADDRESS_DIGITS, this.#pairs.debit)
      putDecimal(bytes, holes[at + 2] ?? 0, ADDRESS_DIGITS, this.#pairs.credit)
      putDecimal(bytes, holes[at + 3] ?? 0, AMOUNT_DIGITS, 100 + this.#random.below(900))
    }
    return bytes
  }

  fault({ status, body }: Answer): string | undefined {
    if (status !== 200) return `status ${status}`
    return body.includes(NOTHING_REFUSED) ? undefined : 'a transfer was refused'
  }
}

/** The balance of any account, as it is now. */
export class BalanceReads implements RequestMaker {
  readonly #template: Template
  readonly #random: Xorshift
  readonly #accounts: number

  constructor({ spec, index }: Seat) {
    this.#random = new Xorshift(spec.seed + index * 7_919)
    this.#accounts = spec.accounts
    this.#template = new Template(head(spec, `GET /v1/accounts/${ACCOUNT}/balance`, []), '')
  }

  make(): Uint8Array {
    const bytes = this.#template.next()
    const [account = 0] = this.#template.holes
    putDecimal(bytes, account, ADDRESS_DIGITS, this.#random.below(this.#accounts))
    return bytes
  }

  fault({ status }: Answer): string | undefined {
    return status === 200 ? undefined : `status ${status}`
  }
}
