/**
 * Bare memory: what a transfer cannot do without. For each of the same random pairs, two 64-bit sums are changed in each of two rows of
 * 256 bytes, and 160 bytes are written to a buffer. No id, no limit, no check, no history.
 */
import { Pairs } from '../load/pairs.ts'
import { Xorshift } from '../load/random.ts'

const ROW_WORDS = 256 / 8
const RECORD_WORDS = 160 / 8
/** As many places as the accounts of a pair. */
const SIDES = 2

export interface MemoryWork {
  readonly accounts: number
  readonly batch: number
  readonly seed: number
  readonly transfers: number
}

/** ns per transfer. */
export function measureMemory({ accounts, batch, seed, transfers }: MemoryWork): number {
  // Written once before: the first touch of a page costs more than all that is measured here.
  const rows = new BigUint64Array(accounts * ROW_WORDS).fill(1n)
  const records = new BigUint64Array(batch * RECORD_WORDS).fill(1n)
  const slots = new Uint32Array(batch * SIDES)
  const pairs = new Pairs(new Xorshift(seed), accounts, 'uniform')
  let ms = 0
  let done = 0
  while (done < transfers) {
    for (let index = 0; index < batch; index++) {
      pairs.next()
      slots[index * SIDES] = pairs.debit
      slots[index * SIDES + 1] = pairs.credit
    }
    const begun = performance.now()
    for (let index = 0; index < batch; index++) move(rows, records, slots, index)
    ms += performance.now() - begun
    done += batch
  }
  return (ms * 1e6) / done
}

function move(
  rows: BigUint64Array,
  records: BigUint64Array,
  slots: Uint32Array,
  index: number,
): void {
  const debit = (slots[index * SIDES] as number) * ROW_WORDS
  const credit = (slots[index * SIDES + 1] as number) * ROW_WORDS
  const debits = BigInt.asUintN(64, (rows[debit] as bigint) + 7n)
  const debitCount = BigInt.asUintN(64, (rows[debit + 1] as bigint) + 1n)
  const credits = BigInt.asUintN(64, (rows[credit + 2] as bigint) + 7n)
  const creditCount = BigInt.asUintN(64, (rows[credit + 3] as bigint) + 1n)
  rows[debit] = debits
  rows[debit + 1] = debitCount
  rows[credit + 2] = credits
  rows[credit + 3] = creditCount
  const at = index * RECORD_WORDS
  for (let word = 0; word < RECORD_WORDS; word += 4) {
    records[at + word] = debits
    records[at + word + 1] = debitCount
    records[at + word + 2] = credits
    records[at + word + 3] = creditCount
  }
}
