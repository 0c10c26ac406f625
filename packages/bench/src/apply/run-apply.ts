/** Drives the state machine alone: no journal, no engine, no socket. Every status is checked. */
import {
  BodyField,
  COMMAND_SIZE,
  CommandField,
  Ledger,
  Memory,
  NO_SUBTREE_LIMIT,
  Operation,
  type PackedBatch,
  type Recall,
  TransferFlags,
  writeU128,
} from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import { EURO } from '../load/euro.ts'
import { Pairs } from '../load/pairs.ts'
import { Xorshift } from '../load/random.ts'
import { Samples } from '../load/samples.ts'
import { TransferIds } from '../load/transfer-ids.ts'
import { measureMemory } from './bare-memory.ts'
import type { ApplyReport, ApplySpec, ApplyStretch } from './spec.ts'

const GROUP_BYTES = 16 * 1024 * 1024
const EVENTS_MAX = 32_768
const AMOUNT_MAX = 1_000
const TIMEOUT_MAX = 5
const BEGIN_NS = 1_700_000_000_000_000_000n
/** Nothing is ever read back: no hold is captured, no id comes twice. A false match of the table of ids finds an empty record. */
const emptyRecord = Memory.allocate(256)
const noRecall: Recall = {
  load: () => {},
  read: (sequence, cursor) => void cursor.at(emptyRecord, 0, sequence, 0n),
}

export function runApply(spec: ApplySpec): ApplyReport {
  const bench = new ApplyBench(spec)
  bench.openAccounts()
  const stretches = spec.stretches.map((_, index) => bench.stretch(index)).slice(1)
  const { accounts, batch, seed } = spec
  const memoryNs = measureMemory({
    accounts,
    batch,
    seed,
    transfers: spec.stretches[0]?.transfers ?? 0,
  })
  return { stretches, memoryNs, resident: process.memoryUsage.rss() }
}

class ApplyBench {
  readonly #spec: ApplySpec
  readonly #ledger: Ledger
  readonly #random: Xorshift
  readonly #ids: TransferIds
  readonly #group = Memory.allocate(GROUP_BYTES)
  readonly #offsets = new Uint32Array(EVENTS_MAX)
  readonly #batch: PackedBatch
  #now = BEGIN_NS

  constructor(spec: ApplySpec) {
    this.#spec = spec
    this.#random = new Xorshift(spec.seed)
    this.#ids = new TransferIds(this.#random, spec.ids)
    this.#ledger = new Ledger({
      recall: noRecall,
      oldIds: { empty: true, largest: -1, transfer: () => 0, touch: () => 0 },
      hashSeed: spec.seed,
    })
    this.#batch = packed(spec.batch)
    const { u16, u32, u8 } = this.#batch.memory
    for (let at = 0; at < spec.batch * COMMAND_SIZE; at += COMMAND_SIZE) {
      u32[(at + CommandField.asset) >>> 2] = EURO.number
      u16[(at + CommandField.code) >>> 1] = 1
      u8[at + CommandField.operation] = Operation.createTransfer
    }
  }

  openAccounts(): void {
    const { accounts, batch } = this.#spec
    for (let first = 0; first < accounts; first += batch) {
      const count = Math.min(batch, accounts - first)
      const openings = packed(count)
      const { u16, u32, u8 } = openings.memory
      for (let index = 0; index < count; index++) {
        const at = index * COMMAND_SIZE
        u32[at >>> 2] = first + index + 1
        writeU128(openings.memory, at + CommandField.subtreeLimit, NO_SUBTREE_LIMIT)
        u32[(at + CommandField.asset) >>> 2] = EURO.number
        u16[(at + CommandField.code) >>> 1] = 1
        u8[at + CommandField.operation] = Operation.createAccount
      }
      this.#apply(openings)
    }
  }

  stretch(index: number): ApplyStretch {
    const { spread, transfers } = this.#spec.stretches[index] ?? { spread: 'uniform', transfers: 0 }
    const pairs = new Pairs(this.#random, this.#spec.accounts, spread)
    const latencies = new Samples()
    let cpu = 0
    let done = 0
    while (done < transfers) {
      this.#fill(pairs)
      const before = process.threadCpuUsage()
      latencies.add(this.#apply(this.#batch))
      const { user, system } = process.threadCpuUsage(before)
      cpu += user + system
      done += this.#spec.batch
    }
    const taken = latencies.take()
    const seconds = taken.reduce((sum, ms) => sum + ms, 0) / 1_000
    return { spread, transfers: done, seconds, cpuSeconds: cpu / 1e6, latencies: taken }
  }

  #fill(pairs: Pairs): void {
    const { u16, u32 } = this.#batch.memory
    const random = this.#random
    this.#ids.begin()
    for (let index = 0; index < this.#spec.batch; index++) {
      const at = index * COMMAND_SIZE
      this.#ids.next()
      pairs.next()
      u32.set(this.#ids.words, at >>> 2)
      u32[(at + CommandField.debitAccountId) >>> 2] = pairs.debit + 1
      u32[(at + CommandField.creditAccountId) >>> 2] = pairs.credit + 1
      u32[(at + CommandField.amount) >>> 2] = 1 + random.below(AMOUNT_MAX)
      const isHold = random.below(100) < this.#spec.holdsPercent
      u32[(at + CommandField.timeout) >>> 2] = isHold ? 1 + random.below(TIMEOUT_MAX) : 0
      u16[(at + CommandField.flags) >>> 1] = isHold ? TransferFlags.pending : 0
    }
  }

  /** @returns ms in the ledger. */
  #apply(batch: PackedBatch): number {
    const ledger = this.#ledger
    const begun = performance.now()
    const target = { memory: this.#group, start: 0, offsets: this.#offsets, proposed: this.#now }
    const group = ledger.open(target)
    ledger.resolve(batch)
    const { first, count } = ledger.apply(batch)
    ledger.seal()
    const ms = performance.now() - begun
    // The clock of the ledger goes as fast as the ledger does.
    this.#now += BigInt(Math.round(ms * 1e6))
    assert(count === batch.count, 'an event for each command')
    for (let index = first; index < first + count; index++) {
      assert(this.#group.u8[group.recordAt(index) + 1] === 0, 'every command is done')
    }
    assert(group.position > BodyField.records, 'records were written')
    return ms
  }
}

function packed(count: number): PackedBatch {
  const dataOffset = count * COMMAND_SIZE
  return { memory: Memory.allocate(dataOffset), count, dataOffset, dataLength: 0 }
}
