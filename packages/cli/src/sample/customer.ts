/** One customer of the sample bank: what comes in, what goes out and when, and a balance that the bank rounds. */
import { assert } from '@tallystick/money'
import type { Random } from './random.ts'

/** Hellers (hundredths of a crown), all of them whole. */
const CROWN = 100
const STATEMENT_FEE = 1_460
/** What the bank's own figure may be off by. */
const DRIFT_MAX = 80

const BANKS = [
  'AB',
  'CD',
  'EF',
  'GH',
  'IJ',
  'KL',
  'MN',
  'OP',
  'QR',
  'ST',
  'UV',
  'WX',
  'YZ',
] as const

type Operation =
  | ''
  | 'card_withdrawal'
  | 'cash_deposit'
  | 'cash_withdrawal'
  | 'transfer_in'
  | 'transfer_out'

export interface SampleBooking {
  readonly direction: 'credit' | 'debit'
  readonly operation: Operation
  /** Hellers. */
  readonly amount: number
  readonly purpose: string
  readonly bank: string
  readonly counterparty: string
}

/** A payment that comes back every month. */
interface Standing {
  readonly day: number
  readonly booking: SampleBooking
}

export class Customer {
  readonly id: number
  readonly #random: Random
  readonly #standing: readonly Standing[]
  readonly #income: Standing
  readonly #cashEvery: number
  readonly #mayOverdraw: boolean
  readonly #driftStep: number
  #balance = 0
  #bookings = 0
  /** The bank's figure less the balance: what its rounding of interest left over. */
  #drift = 0

  constructor(id: number, random: Random) {
    this.id = id
    this.#random = random
    this.#income = incomeOf(random)
    this.#standing = standingOf(random, this.#income.booking.amount)
    this.#cashEvery = random.between(8, 24)
    this.#mayOverdraw = random.percent(3)
    this.#driftStep = random.percent(3) ? 20 : 10
  }

  /** So far. */
  get bookings(): number {
    return this.#bookings
  }

  /** What the bank writes behind a booking. */
  get balanceAfter(): number {
    return this.#balance + this.#drift
  }

  /** Bookings of a day; each is to be written before the next is asked for, since `balanceAfter` goes along. */
  *bookingsOf(day: { readonly date: number; readonly isLast: boolean; readonly isFirst: boolean }) {
    if (day.isFirst) yield this.#book(cash('credit', this.#random.between(3, 15) * 100 * CROWN))
    yield* this.#comingIn(day.date)
    yield* this.#goingOut(day.date)
    if (day.isLast) yield* this.#endOfMonth()
  }

  *#comingIn(date: number) {
    if (this.#income.day === date) yield this.#book(this.#income.booking)
    if (this.#random.below(this.#cashEvery * 2) === 0) {
      yield this.#book(cash('credit', this.#random.between(5, 120) * 100 * CROWN))
    }
  }

  *#goingOut(date: number) {
    for (const { day, booking } of this.#standing) {
      if (day === date && this.#canPay(booking.amount)) yield this.#book(booking)
    }
    if (this.#random.below(this.#cashEvery) !== 0) return
    const amount = this.#withdrawal()
    if (amount > 0) yield this.#book(cash('debit', amount, this.#random.percent(1)))
  }

  /** A customer who may overdraw sometimes takes more than there is. */
  #withdrawal(): number {
    const most = Math.floor(this.#balance / (100 * CROWN))
    if (this.#mayOverdraw && this.#random.percent(12)) {
      return (Math.max(0, most) + this.#random.between(5, 40)) * 100 * CROWN
    }
    return most < 2 ? 0 : this.#random.between(1, Math.min(most, 300)) * 100 * CROWN
  }

  #canPay(amount: number): boolean {
    return this.#mayOverdraw ? amount <= this.#balance + 3_000 * CROWN : amount <= this.#balance
  }

  *#endOfMonth() {
    if (this.#balance < 0) {
      const interest = Math.max(10, tenths(Math.floor(-this.#balance / 200)))
      yield this.#book({ ...cash('debit', interest), purpose: 'overdraft_interest' })
      return
    }
    // The bank counts interest finer than it books it: the rest goes into its own balance alone.
    const interest = tenths(Math.floor(this.#balance / 300))
    if (interest > 0) {
      this.#round()
      yield this.#book({ ...cash('credit', interest), operation: '', purpose: 'interest' })
    }
    if (this.#balance > STATEMENT_FEE && this.#random.percent(60)) {
      yield this.#book({ ...cash('debit', STATEMENT_FEE), purpose: 'statement_fee' })
    }
  }

  #round(): void {
    const drift = this.#drift + this.#random.pick([-1, 0, 0, 0, 0, 1]) * this.#driftStep
    if (Math.abs(drift) <= DRIFT_MAX) this.#drift = drift
  }

  #book(booking: SampleBooking): SampleBooking {
    assert(booking.amount > 0, 'a booking moves something')
    this.#bookings++
    this.#balance += booking.direction === 'credit' ? booking.amount : -booking.amount
    return booking
  }
}

const tenths = (hellers: number): number => Math.floor(hellers / 10) * 10

function cash(direction: 'credit' | 'debit', amount: number, byCard = false): SampleBooking {
  const out = byCard ? 'card_withdrawal' : 'cash_withdrawal'
  const operation = direction === 'credit' ? 'cash_deposit' : out
  return { direction, operation, amount, purpose: '', bank: '', counterparty: '' }
}

function incomeOf(random: Random): Standing {
  const isPension = random.percent(20)
  const amount = isPension ? random.between(4_000, 7_000) : random.between(8_000, 45_000)
  const booking: SampleBooking = {
    direction: 'credit',
    operation: 'transfer_in',
    amount: amount * CROWN,
    purpose: isPension ? 'pension' : '',
    bank: random.pick(BANKS),
    counterparty: random.between(10_000_000, 99_999_999).toString(),
  }
  return { day: random.between(5, 14), booking }
}

/** Rent and the like: together less than the income, most of the time. */
function standingOf(random: Random, income: number): Standing[] {
  const share = (least: number, most: number): number =>
    Math.floor((income * random.between(least, most)) / 100 / CROWN) * CROWN + random.below(10) * 10
  const orders: Standing[] = [outgoing(random, 'household', share(15, 40))]
  if (random.percent(25)) orders.push(outgoing(random, 'insurance', share(2, 9)))
  if (random.percent(8)) orders.push(outgoing(random, 'loan', share(10, 25)))
  if (random.percent(35)) orders.push(outgoing(random, '', share(3, 15)))
  return orders
}

function outgoing(random: Random, purpose: string, amount: number): Standing {
  const booking: SampleBooking = {
    direction: 'debit',
    operation: 'transfer_out',
    amount: Math.max(CROWN, amount),
    purpose,
    bank: random.pick(BANKS),
    counterparty: random.between(10_000_000, 99_999_999).toString(),
  }
  return { day: random.between(5, 13), booking }
}
