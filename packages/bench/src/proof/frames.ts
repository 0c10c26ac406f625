/** Frames of transfers as they lie in a book (docs/decisions/0001), their numbers made up. */
import {
  BodyField,
  Memory,
  MovedField,
  MovedForm,
  Operation,
  PENDING_SIZE,
  RecordField,
  RULES_VERSION,
} from '@tallystick/ledger'

import { EURO } from '../load/euro.ts'
import { Pairs } from '../load/pairs.ts'
import type { Xorshift } from '../load/random.ts'
import type { ProofSpec, Sort } from './spec.ts'

const REQUEST_BYTES = 96
const BEGIN_NS = 1_700_000_000_000_000_000n
/** Words of a record from its id on that are filled at random: id, amount and both sides. */
const RANDOM_FROM = RecordField.id / 4

/** The body of one frame, at the beginning of the memory. */
export function makeFrame(spec: ProofSpec, random: Xorshift, sort: Sort): Memory {
  const { batch } = spec
  const recordBytes = MovedField.sections + (sort === 'posts' ? PENDING_SIZE : 0)
  const requestsAt = BodyField.records + batch * recordBytes
  const offsetsAt = requestsAt + REQUEST_BYTES
  const memory = Memory.allocate(offsetsAt + batch * 4)
  const { u16, u32, u64 } = memory
  const pairs = new Pairs(random, spec.accounts, 'uniform')
  for (let index = 0; index < batch; index++) {
    const at = BodyField.records + index * recordBytes
    u32[(offsetsAt >>> 2) + index] = at
    for (let word = RANDOM_FROM; word < recordBytes / 4; word++) {
      u32[(at >>> 2) + word] = random.u32()
    }
    pairs.next()
    u16[at >>> 1] = Operation.createTransfer
    u16[(at + RecordField.form) >>> 1] = sort === 'posts' ? MovedForm.pending : 0
    u16[(at + RecordField.words) >>> 1] = recordBytes / 8
    u16[(at + RecordField.code) >>> 1] = 1
    u32[(at + RecordField.asset) >>> 2] = EURO.number
    u32[(at + MovedField.debitSlot) >>> 2] = pairs.debit
    u32[(at + MovedField.creditSlot) >>> 2] = pairs.credit
  }
  u64[BodyField.timestamp >>> 3] = BEGIN_NS
  for (let word = 0; word < 8; word++) u32[(BodyField.salt >>> 2) + word] = random.u32()
  u32[BodyField.rulesVersion >>> 2] = RULES_VERSION
  u32[BodyField.requestCount >>> 2] = 1
  u32[BodyField.recordCount >>> 2] = batch
  u32[BodyField.requestsOffset >>> 2] = requestsAt
  u32[BodyField.offsetsOffset >>> 2] = offsetsAt
  const request = requestsAt >>> 2
  u32[request] = REQUEST_BYTES
  u32[request + 3] = batch
  for (let word = 4; word < 16; word++) u32[request + word] = random.u32()
  return memory
}
