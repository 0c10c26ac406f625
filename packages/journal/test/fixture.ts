/** Small journals for tests: frames whose bodies follow from their first sequence, so that a reader can check every byte. */
import {
  type Disk,
  type Journal,
  type JournalOptions,
  type JournalWriter,
  MemoryDisk,
  openJournal,
} from '../src/index.ts'

export const DIRECTORY = 'book'

export const JOURNAL_ID = Buffer.from('0123456789abcdef')

/** Segments and groups so small that a few frames fill them. */
export const SMALL = {
  groupBytes: 12_288,
  groups: 3,
  segmentBytes: 57_344,
  cacheBytes: 32_768,
} as const

export interface FrameShape {
  readonly count: number
  readonly bodyBytes: number
}

export function smallJournal(disk: Disk, options: Partial<JournalOptions> = {}): Journal {
  return openJournal({ disk, directory: DIRECTORY, journalId: JOURNAL_ID, ...SMALL, ...options })
}

/** The body that a frame with this first sequence and length has. */
export function bodyOf(firstSequence: number, bodyBytes: number): Buffer {
  const body = Buffer.alloc(bodyBytes)
  let state = (firstSequence * 2_654_435_761) >>> 0
  for (let at = 0; at < bodyBytes; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    body[at] = state >>> 24
  }
  return body
}

export function append(writer: JournalWriter, { count, bodyBytes }: FrameShape): number {
  const group = writer.take()
  if (group === undefined) throw new Error('no group is free')
  group.firstSequence = writer.nextSequence
  group.count = count
  group.bodyBytes = bodyBytes
  bodyOf(group.firstSequence, bodyBytes).copy(group.body)
  return writer.writeInline(group)
}

/** A disk with a journal of these frames, as a kill would leave it: reserved zeros behind the last frame, no mark. */
export function writtenDisk(
  shapes: readonly FrameShape[],
  options: Partial<JournalOptions> = {},
): MemoryDisk {
  const disk = new MemoryDisk()
  const writer = smallJournal(disk, options).startWriter()
  for (const shape of shapes) append(writer, shape)
  return disk
}

/** Every frame that a reader gives, as plain facts; throws where a body is not what was written. */
export function readAll(journal: Journal): { firstSequence: number; count: number }[] {
  return [...journal.reader.frames()].map(({ firstSequence, count, body }) => {
    if (!body.equals(bodyOf(firstSequence, body.length))) {
      throw new Error(`the body of ${firstSequence} is not what was written`)
    }
    return { firstSequence, count }
  })
}

/** All files of a disk with their bytes, to see that nothing was changed. */
export function imageOf(disk: MemoryDisk): Record<string, string> {
  const names = disk.readdir(DIRECTORY).sort()
  return Object.fromEntries(
    names.map((name) => [name, disk.contents(`${DIRECTORY}/${name}`).toString('base64')]),
  )
}
