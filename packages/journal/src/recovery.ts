/**
 * Finds the end of a journal without changing anything. A broken frame is the unacknowledged tail, to be cut, unless something
 * proves that it had been durable: then it is corruption, and nothing may be cut.
 */
import { JournalCorrupt } from './errors.ts'
import { findLaterFrame } from './evidence.ts'
import { FrameWalk, isFrame } from './frame-walk.ts'
import { SEGMENT_HEADER_BYTES } from './limits.ts'
import type { RecoveryReport } from './journal.ts'
import type { Frame } from './reader.ts'
import type { SegmentFiles } from './segment-files.ts'
import type { SegmentHeader } from './segment-header.ts'
import type { SegmentList } from './segment-list.ts'
import { SegmentWindow } from './segment-window.ts'
import { isZero } from './zeros.ts'

/** The place behind the last whole frame. */
export interface RecoveredTail {
  readonly offset: number
  readonly chain: number
  readonly nextSequence: number
  /** The durable sequence that the last whole frame tells. */
  readonly toldDurable: number
  readonly torn: RecoveryReport['torn']
}

export interface RecoveryOptions {
  readonly files: SegmentFiles
  readonly list: SegmentList
  readonly durableAtLeast: number
  readonly onFrame: (frame: Frame) => void
}

/** Walks the newest segment that was begun, to the end of the journal. */
export function recoverTail(options: RecoveryOptions, newest: SegmentHeader): RecoveredTail {
  const { files, list, onFrame } = options
  const walk = walkSegment(files, newest)
  let toldDurable = newest.firstSequence - 1
  for (;;) {
    const step = walk.next()
    if (isFrame(step)) {
      toldDurable = step.durable
      onFrame(step)
      continue
    }
    const stop = step.kind === 'broken' ? step : undefined
    const from = stop?.end ?? walk.position.offset + 8
    const later = findLaterFrame(walk.window, { from, sequence: walk.position.sequence })
    // Another process may be writing: what was being written a moment ago may be whole now.
    if (later !== undefined && becameWhole(walk)) continue
    if (later !== undefined) {
      throw walk.corrupt(
        `${stop?.reason ?? 'no frame begins here'}, but the frame at ${later} was written after it was durable`,
        stop?.at,
      )
    }
    const { offset, sequence, chain } = walk.position
    const torn = checkTorn(walk, stop)
    checkUnbegun(options, walk, torn)
    if (sequence - 1 < options.durableAtLeast) {
      throw walk.corrupt(
        `the journal ends with ${sequence - 1}, but ${options.durableAtLeast} had been durable`,
        stop?.at,
      )
    }
    const tornHeader = tornSegment(files, list)
    return {
      offset,
      chain: chain ?? 0,
      nextSequence: sequence,
      toldDurable,
      torn: torn ?? tornHeader,
    }
  }
}

/** Walks a segment that others follow: it must be whole, and end where the next one says. */
export function verifyClosed(
  files: SegmentFiles,
  header: SegmentHeader,
  next: SegmentHeader,
  onFrame: (frame: Frame) => void,
): void {
  const walk = walkSegment(files, header)
  for (let step = walk.next(); ; step = walk.next()) {
    if (isFrame(step)) {
      onFrame(step)
      continue
    }
    if (step.kind === 'broken') throw walk.corrupt(step.reason, step.at)
    checkLink(walk, next)
    return
  }
}

/** Asserts that a walk which found no more frames ended where the next segment begins. */
export function checkLink(walk: FrameWalk, next: SegmentHeader): void {
  const { sequence, chain } = walk.position
  if (sequence === next.firstSequence && (chain === undefined || chain === next.chain)) return
  throw walk.corrupt(`frames are missing before sequence ${next.firstSequence} of the next segment`)
}

function walkSegment(files: SegmentFiles, header: SegmentHeader): FrameWalk {
  return new FrameWalk(new SegmentWindow(files, header.number), {
    sequence: header.firstSequence,
    chain: header.chain,
  })
}

/**
 * An unbegun segment with frames had a header once. The first segment's header is synced before any frame; another's is synced
 * with its first frame, which may be whole although that write was torn.
 */
export function checkUnbegunFrames(files: SegmentFiles, list: SegmentList, sequence: number): void {
  for (const { number } of list.unbegun) {
    const window = new SegmentWindow(files, number)
    const from = SEGMENT_HEADER_BYTES
    if (findLaterFrame(window, { from, sequence, strictly: number > 1 }) === undefined) continue
    const reason = 'its header is broken, but its frames had been durable'
    throw new JournalCorrupt({ file: files.path(number), offset: 0, reason })
  }
}

/** The segment whose very first write was torn, if there is one. */
export function tornSegment(files: SegmentFiles, list: SegmentList): RecoveryReport['torn'] {
  const torn = list.unbegun.find(({ header }) => header === 'broken')
  if (torn === undefined) return undefined
  return { file: files.path(torn.number), offset: 0, reason: "the segment's header is broken" }
}

function checkUnbegun(
  options: RecoveryOptions,
  walk: FrameWalk,
  torn: RecoveryReport['torn'],
): void {
  const { files, list } = options
  // A segment is begun only after every frame of the one before is durable.
  const begun = list.unbegun.find(({ header }) => header === 'broken')
  if (torn !== undefined && begun !== undefined) {
    throw walk.corrupt(`${torn.reason}, but ${files.path(begun.number)} was begun after it`)
  }
  checkUnbegunFrames(files, list, walk.position.sequence)
}

function becameWhole(walk: FrameWalk): boolean {
  walk.window.refresh()
  const { position } = walk
  const before = { ...position }
  const whole = isFrame(walk.next())
  Object.assign(position, before)
  return whole
}

/** Whether anything but zeros lies behind the last whole frame. */
function checkTorn(walk: FrameWalk, stop: { reason: string } | undefined): RecoveryReport['torn'] {
  const { window, position } = walk
  const file = window.files.path(window.segment)
  if (stop !== undefined) return { file, offset: position.offset, reason: stop.reason }
  for (let at = position.offset; at < window.size;) {
    const length = Math.min(1024 * 1024, window.size - at)
    const bytes = window.bytes(at, length)
    if (bytes === undefined || isZero(bytes)) at += length
    else return { file, offset: position.offset, reason: 'parts of a frame without its beginning' }
  }
  return undefined
}
