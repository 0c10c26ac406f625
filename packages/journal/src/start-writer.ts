/** Makes a recovered journal ready for writing: cuts the torn tail, syncs what was found, reserves space, starts the thread. */
import assert from 'node:assert/strict'

import { Appender, type AppenderOptions } from './appender.ts'
import type { Disk } from './disk.ts'
import { Group } from './group.ts'
import { Writer } from './journal-writer.ts'
import type { JobRunner } from './job-runner.ts'
import { GROUP_BYTES, GROUPS, SEGMENT_BYTES, SEGMENT_HEADER_BYTES } from './limits.ts'
import { LocalRunner } from './local-runner.ts'
import { RealDisk } from './real-disk.ts'
import type { FrameLocation } from './reader.ts'
import type { RecoveredTail } from './recovery.ts'
import { encodeSegmentHeader } from './segment-header.ts'
import type { SegmentFiles } from './segment-files.ts'
import type { SegmentList } from './segment-list.ts'
import { SharedTail } from './shared-tail.ts'
import { ThreadRunner } from './thread-runner.ts'
import type { JournalWriter, WriterOptions } from './writer.ts'

/** A mark has no body: its group needs little more than a header. */
const MARK_GROUP_BYTES = 4_096

export interface StartOptions extends WriterOptions {
  readonly disk: Disk
  readonly directory: string
  readonly shard: number
  readonly journalId: Uint8Array
  readonly segmentBytes?: number
  readonly groupBytes?: number
  readonly groups?: number
  readonly list: SegmentList
  readonly tail: RecoveredTail
  readonly files: SegmentFiles
  readonly onFrame: (frame: FrameLocation) => void
}

export function startWriter(options: StartOptions): JournalWriter {
  const { disk, directory, shard, journalId } = options
  const groups = options.groups ?? GROUPS
  const tail = SharedTail.forGroups(groups + 1)
  disk.makeDirectory(directory)
  removeUnbegun(options)
  if (options.list.begun.length === 0) beginFirst(options, tail)
  else reopenNewest(options, tail)
  disk.syncDirectory(directory)
  tail.toldDurable = options.tail.toldDurable
  tail.durable = options.tail.nextSequence - 1
  const appenderOptions: AppenderOptions = {
    disk,
    directory,
    journalId,
    shard,
    groups,
    groupBytes: options.groupBytes ?? GROUP_BYTES,
    segmentBytes: options.segmentBytes ?? SEGMENT_BYTES,
  }
  return createWriter(options, appenderOptions, tail)
}

/** Files that are only prepared may have been prepared in part; a segment whose first write was torn has nothing to keep. */
function removeUnbegun({ list, files }: StartOptions): void {
  for (const { number } of list.unbegun) files.remove(number)
}

function beginFirst(options: StartOptions, tail: SharedTail): void {
  const { disk, shard, files, journalId } = options
  const firstSequence = options.tail.nextSequence
  const header = encodeSegmentHeader({ journalId, shard, firstSequence, number: 1, chain: 0 })
  tail.file = disk.open(files.path(1), 'create')
  const written = disk.pwrite(tail.file, header, 0)
  assert(written === header.length, "the first segment's header was not written whole")
  disk.fdatasync(tail.file)
  tail.segment = 1
  tail.offset = SEGMENT_HEADER_BYTES
  tail.reservedEnd = SEGMENT_HEADER_BYTES
  tail.chain = 0
}

function reopenNewest(options: StartOptions, tail: SharedTail): void {
  const { disk, list, files } = options
  tail.segment = list.begun.length
  tail.file = disk.open(files.path(tail.segment), 'write')
  // Whatever lies behind the last frame, holes included, gives way to space that is reserved anew.
  disk.truncate(tail.file, options.tail.offset)
  // A process that was killed may have left whole frames that were never synced; from here on they are answered from.
  disk.fdatasync(tail.file)
  tail.offset = options.tail.offset
  tail.reservedEnd = options.tail.offset
  tail.chain = options.tail.chain
}

function createWriter(
  options: StartOptions,
  appenderOptions: AppenderOptions,
  tail: SharedTail,
): JournalWriter {
  const { groups, groupBytes, disk } = appenderOptions
  const memories = Array.from({ length: groups }, () => new SharedArrayBuffer(groupBytes))
  memories.push(new SharedArrayBuffer(MARK_GROUP_BYTES))
  const buffers = memories.map((memory, index) => new Group(index, memory))
  const appender = new Appender(appenderOptions, tail, buffers)
  appender.prepare()
  // So that the first groups need no more, and find the tail free while the thread is still starting.
  appender.prepareMore()
  const thread = options.thread ?? disk instanceof RealDisk
  assert(!thread || disk instanceof RealDisk, 'a writer thread needs the real disk')
  const { disk: _disk, ...shareable } = appenderOptions
  const { defer = setImmediate } = options
  const runner = (wake: () => void): JobRunner =>
    thread
      ? new ThreadRunner(tail, { tail: tail.memory, groups: memories, options: shareable }, wake)
      : new LocalRunner({ tail, appender, defer, wake })
  return new Writer({
    tail,
    appender,
    groups: buffers,
    groupBytes,
    runner,
    onFrame: options.onFrame,
    onDurable: (durable) => options.onDurable?.(durable),
    onFree: () => options.onFree?.(),
    onFailed: (error) => options.onFailed?.(error),
    onClosed: () => closeFiles(options, tail),
  })
}

/** Gives the reserved space back, so that a closed journal is as long as its frames. */
function closeFiles({ disk, files }: StartOptions, tail: SharedTail): void {
  const sound = tail.failure === undefined
  if (sound) disk.truncate(tail.file, tail.offset)
  disk.close(tail.file)
  if (tail.nextFile < 0) return
  disk.close(tail.nextFile)
  if (sound) files.remove(tail.segment + 1)
}
