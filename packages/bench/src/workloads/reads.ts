/**
 * Balance reads while writes run at full speed: 16 connections ask `GET /v1/accounts/{address}/balance` of random accounts out of 10,000, each with one request in flight,
 * while another process sends packed batches of 8,190 transfers without a pause over one connection. Readers and writer share the two cores with the
 * server. Reported: reads, and the rate of the writes meanwhile. Baseline: bare Fastify answering the same bytes, without any writes.
 */
import { MediaType } from '@tallystick/contract'

import { type Extent, Rig, stretchOf } from '../http/rig.ts'
import { type LoadReport, type LoadShape, transfersShape } from '../load/spec.ts'
import { cpuSeconds } from '../machine/process-usage.ts'
import { HelperProcess } from '../processes/helper-process.ts'
import { count, figure } from '../report/figure.ts'
import { atLeast, atMost, type Row, row } from '../report/row.ts'
import { Side } from '../stretches.ts'
import type { Context, Workload } from '../workload.ts'

const ACCOUNTS = 10_000
const CONNECTIONS = 16
const BATCH = 8_190

const READS = transfersShape({
  kind: 'balance',
  connections: CONNECTIONS,
  batch: 1,
  accounts: ACCOUNTS,
})
const WRITES: LoadShape = transfersShape({
  ...{ kind: 'packed', connections: 1, batch: BATCH, accounts: ACCOUNTS, addressed: true },
})

interface Sides {
  readonly reads: Side
  readonly writes: Side
  readonly bare: Side
}

export const reads: Workload = {
  name: 'reads',
  about: 'balance reads over HTTP while packed batches are written at full speed',
  quickSeconds: 6,
  async run(context) {
    const rig = await Rig.start(context)
    const writer = new HelperProcess('load-process.ts')
    try {
      return rowsOf(await measure(context, rig, writer))
    } finally {
      await writer.stop()
      await rig.stop()
    }
  },
}

async function measure({ quick }: Context, rig: Rig, writer: HelperProcess): Promise<Sides> {
  const extent: Extent = { requests: Number.MAX_SAFE_INTEGER, seconds: quick ? 0.4 : 2 }
  await rig.openAccounts(WRITES)
  await rig.load(WRITES, { ...extent, seconds: extent.seconds / 2 })
  const { sample } = await rig.load(READS, extent)
  await rig.startBare({ ...sample, mediaType: MediaType.json })
  await rig.bareStretch(READS, extent)
  const sides: Sides = { reads: new Side(), writes: new Side(), bare: new Side() }
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    const before = cpuSeconds(rig.server.pid)
    // The writer begins first and ends last, so that no read finds the server without writes.
    const longer = { ...extent, seconds: extent.seconds + 0.2 }
    const writing = writer.ask<LoadReport>(rig.specFor(WRITES, longer))
    const reading = await rig.load(READS, extent)
    const written = await writing
    const used = cpuSeconds(rig.server.pid) - before
    sides.reads.add(stretchOf(reading, READS, used))
    sides.writes.add(stretchOf(written, WRITES, used))
    sides.bare.add(await rig.bareStretch(READS, extent))
  }
  return sides
}

function rowsOf({ reads, writes, bare }: Sides): Row[] {
  const durability = 'none: reads'
  const written = `${count(writes.rate)} transfers/s meanwhile, p99 of a batch ${figure(writes.latency.p99)} ms`
  return [
    row({
      ...{ name: 'reads', unit: 'reads/s', value: reads.rate, latency: reads.latency, durability },
      baseline: { of: 'bare Fastify, same bodies, no writes', value: bare.rate },
      bar: atLeast(20_000),
      note: `${written}; server ${figure(reads.cpu('server').cores)} cores, reader ${figure(reads.cpu('client').cores)}`,
    }),
    row({
      ...{
        name: 'reads-p99',
        unit: 'ms',
        value: reads.latency.p99,
        latency: reads.latency,
        durability,
      },
      baseline: { of: 'bare Fastify, same bodies, no writes', value: bare.latency.p99 },
      bar: atMost(10),
      note: written,
    }),
  ]
}
