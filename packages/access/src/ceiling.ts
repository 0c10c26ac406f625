/**
 * A ceiling: how much one principal may move out of the accounts that it names, by transfer or by day of UTC, and what of it is used up
 * today. Charged when a transfer is decided, in the order of the log, so that no two requests can pass it together.
 */
import { AddressPatterns } from './address-pattern.ts'

/** What is counted: the amount of one transfer, the amounts of a day, or the transfers of a day. */
export type CeilingMeasure = 'transfer_amount' | 'daily_amount' | 'daily_count'

export interface CeilingRecord {
  readonly ceiling: string
  readonly principal: string
  readonly measure: CeilingMeasure
  /** Number of the asset; undefined: any, which only a count can have. */
  readonly asset: number | undefined
  /** Minor units, or transfers. */
  readonly limit: bigint
  /** Of the accounts that are debited. */
  readonly addresses: readonly string[]
  /** ns since 1970, as below. */
  readonly createdAt: bigint
  readonly revokedAt: bigint | undefined
  /** Days since 1970 of the newest transfer that was charged. */
  readonly day: bigint
  /** What that day's transfers came to. */
  readonly used: bigint
}

/** What is to be moved, out of which account. */
export interface Charge {
  /** Of the account that is debited; '' for one that is known by its id alone. */
  readonly address: string
  readonly asset: number
  readonly amount: bigint
  /** Of the event. */
  readonly at: bigint
}

const DAY_NS = 86_400_000_000_000n

export class Ceiling {
  readonly #record: CeilingRecord
  readonly #patterns = new AddressPatterns()
  #day: bigint
  #used: bigint

  constructor(record: CeilingRecord) {
    this.#record = record
    this.#day = record.day
    this.#used = record.used
    for (const pattern of record.addresses) this.#patterns.add(pattern)
  }

  get record(): CeilingRecord {
    return { ...this.#record, day: this.#day, used: this.#used }
  }
  get principal(): string {
    return this.#record.principal
  }
  get limit(): bigint {
    return this.#record.limit
  }
  /** The 128 bits of its id. */
  get number(): bigint {
    return numberOf(this.#record.ceiling)
  }
  get isLive(): boolean {
    return this.#record.revokedAt === undefined
  }

  /** Whether it says anything of such a transfer. */
  covers({ address, asset }: Pick<Charge, 'address' | 'asset'>): boolean {
    const own = this.#record.asset
    return (own === undefined || own === asset) && this.#patterns.covers(address)
  }

  /** Of what it counts. */
  needed({ amount }: Pick<Charge, 'amount'>): bigint {
    return this.#record.measure === 'daily_count' ? 1n : amount
  }

  available(at: bigint): bigint {
    const used = this.usedAt(at)
    return used < this.limit ? this.limit - used : 0n
  }

  /** When all of it is there again, ns; undefined: it counts each transfer by itself. */
  resetsAt(at: bigint): bigint | undefined {
    return resetOf(this.#record.measure, at)
  }

  /** @returns what takes it back. */
  charge(charge: Charge): () => void {
    const [day, used] = [this.#day, this.#used]
    const before = this.usedAt(charge.at)
    this.#day = charge.at / DAY_NS
    this.#used = before + this.needed(charge)
    return () => {
      this.#day = day
      this.#used = used
    }
  }

  revoke(at: bigint): Ceiling {
    return new Ceiling({ ...this.record, revokedAt: at })
  }

  /** Of the day of that moment. */
  usedAt(at: bigint): bigint {
    if (this.#record.measure === 'transfer_amount') return 0n
    return this.#day === at / DAY_NS ? this.#used : 0n
  }
}

/** The next midnight of UTC, ns. */
export function resetOf(measure: CeilingMeasure, at: bigint): bigint | undefined {
  return measure === 'transfer_amount' ? undefined : (at / DAY_NS + 1n) * DAY_NS
}

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function numberOf(id: string): bigint {
  let number = 0n
  for (const digit of id.slice(-26)) number = (number << 5n) | BigInt(DIGITS.indexOf(digit))
  return BigInt.asUintN(128, number)
}

/** The id with these 128 bits. */
export function ceilingIdOf(number: bigint): string {
  let text = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n)
    text += DIGITS.charAt(Number((number >> shift) & 31n))
  return `ceil_${text}`
}
