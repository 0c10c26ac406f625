/** Drives the embedded ledger over a directory: packed batches, some in flight, every status checked. */
import { openLedger, type TallyLedger } from '@tallystick/engine'
import { assert } from '@tallystick/money'

import { EURO } from '../load/euro.ts'
import { Xorshift } from '../load/random.ts'
import { Samples } from '../load/samples.ts'
import { PackedBatches } from './packed-batches.ts'
import type { EmbeddedStretch, EngineSpec } from './spec.ts'

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
    const makers = Array.from({ length: spec.inFlight }, () => new PackedBatches(spec, random))
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
  makers: readonly PackedBatches[],
): Promise<EmbeddedStretch> {
  const latencies = new Samples()
  let sent = 0
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const work = async (maker: PackedBatches): Promise<void> => {
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
