/**
 * The journal alone: frames as large as those of 8,190 transfers, of 100 and of one, their bytes made up. The large ones are handed to the writer's thread,
 * three group buffers at most under way; the small ones are written and synced by the thread that asks, one after the other. Included: copying the
 * body, checksums, zero-filling ahead, segments, write, fdatasync. Left out: whatever decides. No bars: these rows say what the journal leaves
 * for the rest. Baseline: the bare log, same bytes.
 */
import type { EmbeddedStretch, JournalSpec } from '../embedded/spec.ts'
import { bodyBytes, frameSize } from '../frame-size.ts'
import { measureLog } from '../machine/log-baseline.ts'
import { makeDirectory, removeDirectory } from '../processes/end-with-us.ts'
import { askOnce } from '../processes/helper-process.ts'
import { bytes, count, figure } from '../report/figure.ts'
import { type Row, row } from '../report/row.ts'
import { Side } from '../stretches.ts'
import type { Context, Workload } from '../workload.ts'

const FRAMES = [
  { transfers: 8_190, way: 'thread', frames: 2_000 },
  { transfers: 100, way: 'inline', frames: 20_000 },
  { transfers: 1, way: 'inline', frames: 20_000 },
] as const

export const journal: Workload = {
  name: 'journal',
  about: 'the journal alone: frames of 8,190 transfers, of 100, of one',
  quickSeconds: undefined,
  async run(context) {
    const rows: Row[] = []
    for (const frame of FRAMES) rows.push(await rowFor(context, frame))
    return rows
  },
}

async function rowFor(context: Context, frame: (typeof FRAMES)[number]): Promise<Row> {
  const directory = makeDirectory(context.directory)
  try {
    const content = { requests: 1, transfers: frame.transfers, holdsPercent: 0 }
    const spec: JournalSpec = {
      ...{ directory, bodyBytes: bodyBytes(content), events: frame.transfers, way: frame.way },
      ...{ frames: frame.frames, seconds: context.quick ? 0.7 : 3 },
    }
    const seen = await askOnce<EmbeddedStretch>('journal-process.ts', spec)
    const side = new Side()
    side.add({ ...seen, items: seen.requests * frame.transfers, cpu: { journal: seen.cpuSeconds } })
    const size = frameSize(content)
    const bare = measureLog({
      directory,
      bytes: size,
      writes: frame.frames,
      seconds: context.quick ? 0.3 : 1,
    })
    return row({
      ...{ name: `journal-${frame.transfers}`, unit: 'transfers/s', value: side.rate },
      latency: side.latency,
      baseline: { of: 'bare log, same bytes', value: bare.writesPerSecond * frame.transfers },
      durability: 'fdatasync before the answer',
      note: `${count(seen.requests)} frames of ${bytes(size)}, ${figure(side.cpu('journal').cores)} cores`,
    })
  } finally {
    removeDirectory(directory)
  }
}
