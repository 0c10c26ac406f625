/** Drives the embedded ledger over a directory: packed batches, some in flight, every status checked. */
import { openLedger, type TallyLedger } from '@tallystick/engine'
import { COMMAND_SIZE, CommandField, Memory, Operation, type PackedBatch } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import { EURO } from '../load/euro.ts'
import { Pairs } from '../load/pairs.ts'
import { Xorshift } from '../load/random.ts'
import { Samples } from '../load/samples.ts'
import { TransferIds } from '../load/transfer-ids.ts'
import type { EmbeddedStretch, EngineSpec } from './spec.ts'

const AMOUNT_MAX = 1_000

export async function runEngine(spec: EngineSpec): Promise<EmbeddedStretch[]> {
  const ledger = await openLedger({ directory: spec.directory })
  try {
    const openings = Array.from({ length: spec.accounts }, (_, index) => ({
      ...{ id: BigInt(index + 1), asset: EURO.number, code: 1 },
    }))
    const opened = await ledger.createAccounts(openings)
    assert(
      opened.every(({ status }) => status === 0),
      'every account is open',
    )
    const random = new Xorshift(spec.seed)
    const makers = Array.from({ length: spec.inFlight }, () => new Batches(spec, random))
    const stretches: EmbeddedStretch[] = []
    for (let stretch = 0; stretch <= spec.stretches; stretch++) {
      const measured = await runStretch(spec, ledger, makers)
      // The first one warms up.
      if (stretch > 0) stretches.push(measured)
    }
    return stretches
  } finally {
    await ledger.close()
  }
}

async function runStretch(
  spec: EngineSpec,
  ledger: TallyLedger,
  makers: readonly Batches[],
): Promise<EmbeddedStretch> {
  const latencies = new Samples()
  let sent = 0
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const work = async (maker: Batches): Promise<void> => {
    while (sent < spec.requests && performance.now() - begun < spec.seconds * 1_000) {
      sent++
      const batch = maker.make()
      const sentAt = performance.now()
      const statuses = await ledger.applyBatch(batch)
      latencies.add(performance.now() - sentAt)
      assert(
        statuses.every((status) => status === 0),
        'every transfer is done',
      )
    }
  }
  await Promise.all(makers.map(work))
  const seconds = (performance.now() - begun) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  return { requests: latencies.count, seconds, latencies: latencies.take(), cpuSeconds }
}

/** One caller's batches; the last one is free once it was answered. */
class Batches {
  readonly #batch: PackedBatch
  readonly #random: Xorshift
  readonly #pairs: Pairs
  readonly #ids: TransferIds

  constructor({ accounts, batch }: EngineSpec, random: Xorshift) {
    this.#random = random
    this.#pairs = new Pairs(random, accounts, 'uniform')
    this.#ids = new TransferIds(random, 'time')
    const dataOffset = batch * COMMAND_SIZE
    this.#batch = { memory: Memory.allocate(dataOffset), count: batch, dataOffset, dataLength: 0 }
    const { u8, u16, u32 } = this.#batch.memory
    for (let at = 0; at < dataOffset; at += COMMAND_SIZE) {
      u32[(at + CommandField.asset) >>> 2] = EURO.number
      u16[(at + CommandField.code) >>> 1] = 1
      u8[at + CommandField.operation] = Operation.createTransfer
    }
  }

  make(): PackedBatch {
    const { u32 } = this.#batch.memory
    this.#ids.begin()
    for (let at = 0; at < this.#batch.dataOffset; at += COMMAND_SIZE) {
      this.#ids.next()
      this.#pairs.next()
      u32.set(this.#ids.words, at >>> 2)
      u32[(at + CommandField.debitAccountId) >>> 2] = this.#pairs.debit + 1
      u32[(at + CommandField.creditAccountId) >>> 2] = this.#pairs.credit + 1
      u32[(at + CommandField.amount) >>> 2] = 1 + this.#random.below(AMOUNT_MAX)
    }
    return this.#batch
  }
}
