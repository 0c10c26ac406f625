/** Drives the journal's writer alone: bodies of zeros and ones, no ledger, no engine. */
import { type JournalWriter, openJournal, RealDisk } from '@tallystick/journal'
import { assert } from '@tallystick/money'

import { Samples } from '../load/samples.ts'
import type { EmbeddedStretch, JournalSpec } from './spec.ts'

const GROUP_BYTES = 16 * 1024 * 1024
const SEGMENT_BYTES = 256 * 1024 * 1024
/** Of the measured time. */
const WARM_UP = 0.3

export async function runJournal(spec: JournalSpec): Promise<EmbeddedStretch> {
  const { directory } = spec
  const journal = openJournal({
    ...{ disk: new RealDisk(), directory, groupBytes: GROUP_BYTES, segmentBytes: SEGMENT_BYTES },
  })
  const bell = new Bell()
  const ring = (): void => bell.ring()
  const writer = journal.startWriter({ onDurable: ring, onFree: ring, onFailed: fail })
  try {
    const work = (run: Run): Promise<void> =>
      spec.way === 'inline' ? runInline(spec, writer, run) : runThread(spec, writer, run, bell)
    // The first space is reserved and the code compiled before anything counts.
    await measured({ ...spec, seconds: spec.seconds * WARM_UP }, work)
    return await measured(spec, work)
  } finally {
    await journal.close()
  }
}

/** Wakes whoever waits for the writer. */
class Bell {
  #resolve = (): void => {}

  ring(): void {
    this.#resolve()
  }

  rung(): Promise<void> {
    return new Promise((resolve) => void (this.#resolve = resolve))
  }
}

function fail(error: Error): never {
  throw error
}

interface Run {
  readonly latencies: Samples
  readonly isOver: () => boolean
}

async function measured(
  spec: JournalSpec,
  work: (run: Run) => Promise<void>,
): Promise<EmbeddedStretch> {
  const latencies = new Samples()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const isOver = (): boolean => performance.now() - begun >= spec.seconds * 1_000
  await work({ latencies, isOver })
  const seconds = (performance.now() - begun) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return {
    requests: latencies.count,
    seconds,
    latencies: latencies.take(),
    cpuSeconds: (user + system) / 1e6,
  }
}

/** Between two frames the writer's thread may reserve space; only then has this thread to wait for it. */
async function runInline(
  spec: JournalSpec,
  writer: JournalWriter,
  { latencies, isOver }: Run,
): Promise<void> {
  while (latencies.count < spec.frames && !isOver()) {
    const begun = performance.now()
    const group = filled(spec, writer)
    assert(group !== undefined, 'an idle writer has a group')
    while (!writer.idle) await new Promise((resolve) => void setImmediate(resolve))
    writer.writeInline(group)
    latencies.add(performance.now() - begun)
  }
}

/** The latency of a frame is from its hand-over to the moment at which its durability is known here. */
async function runThread(
  spec: JournalSpec,
  writer: JournalWriter,
  { latencies, isOver }: Run,
  bell: Bell,
): Promise<void> {
  const handedOver: { readonly last: number; readonly at: number }[] = []
  let frames = 0
  for (;;) {
    const durable = writer.poll()
    for (
      let next = handedOver[0];
      next !== undefined && next.last <= durable;
      next = handedOver[0]
    ) {
      latencies.add(performance.now() - next.at)
      handedOver.shift()
    }
    const wantsMore = frames < spec.frames && !isOver()
    if (!wantsMore && handedOver.length === 0) return
    const group = wantsMore ? filled(spec, writer) : undefined
    if (group === undefined) {
      await bell.rung()
      continue
    }
    handedOver.push({ last: writer.nextSequence + spec.events - 1, at: performance.now() })
    writer.submit(group)
    frames++
  }
}

function filled(spec: JournalSpec, writer: JournalWriter): ReturnType<JournalWriter['take']> {
  const group = writer.take()
  if (group === undefined) return undefined
  group.body.fill(1, 0, spec.bodyBytes)
  group.bodyBytes = spec.bodyBytes
  group.firstSequence = writer.nextSequence
  group.count = spec.events
  return group
}
