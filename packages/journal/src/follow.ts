/**
 * Follows a journal that another thread is writing: whole frames in order, up to what the writer has told to be durable. It looks for
 * no end, since behind that everything may be half written.
 */
import type { Disk } from './disk.ts'
import { JournalCorrupt, JournalRefused } from './errors.ts'
import { FrameWalk, isFrame } from './frame-walk.ts'
import type { Frame } from './reader.ts'
import { checkLink } from './recovery.ts'
import { SegmentFiles } from './segment-files.ts'
import { type SegmentHeader, segmentNumber } from './segment-header.ts'
import { readHeader } from './segment-list.ts'
import { SegmentWindow } from './segment-window.ts'

export interface FollowOptions {
  readonly disk: Disk
  /** Directory of the segments. */
  readonly directory: string
  readonly journalId: Uint8Array
  /** The first frame given is the one that holds the event behind this one. */
  readonly after: number
}

export class JournalFollower {
  readonly #options: FollowOptions
  readonly #files: SegmentFiles
  #walk: FrameWalk | undefined
  #next: number

  constructor(options: FollowOptions) {
    this.#options = options
    this.#files = new SegmentFiles(options.disk, options.directory)
    this.#next = options.after + 1
  }

  /** Sequence of the next event that it will give. */
  get next(): number {
    return this.#next
  }

  /**
   * Frames up to the one that holds event `through`, which must be durable. A frame's body is valid until the next one is asked for.
   * Throws JournalCorrupt, JournalRefused, and what the disk throws.
   */
  *frames(through: number): IterableIterator<Frame> {
    this.#walk?.window.refresh()
    while (this.#next <= through) {
      const walk = (this.#walk ??= this.#begin())
      const step = walk.next()
      if (!isFrame(step)) {
        if (step.kind === 'broken') throw walk.corrupt(step.reason, step.at)
        this.#walk = this.#enterNext(walk)
      } else if (step.firstSequence + step.count > this.#next) {
        this.#next = step.firstSequence + step.count
        yield step
      }
    }
  }

  close(): void {
    this.#files.close()
  }

  /** At the beginning of the segment that holds the next event. */
  #begin(): FrameWalk {
    const { disk, directory } = this.#options
    const numbers = disk.readdir(directory).flatMap((name) => segmentNumber(name) ?? [])
    for (const number of numbers.sort((a, b) => b - a)) {
      const header = readHeader(this.#files, number)
      if (typeof header === 'string' || header.firstSequence > this.#next) continue
      return this.#enter(this.#check(header, number))
    }
    const reason = `no segment holds event ${this.#next}`
    throw new JournalRefused({ file: directory, reason })
  }

  #enterNext(walk: FrameWalk): FrameWalk {
    const number = walk.window.segment + 1
    const header = this.#headerOf(walk, number)
    checkLink(walk, header)
    return this.#enter(header)
  }

  #headerOf(walk: FrameWalk, number: number): SegmentHeader {
    const exists = this.#options.disk
      .readdir(this.#options.directory)
      .some((name) => segmentNumber(name) === number)
    if (!exists) throw walk.corrupt('no frame begins here')
    const header = readHeader(this.#files, number)
    if (typeof header !== 'string') return this.#check(header, number)
    const reason = `its header is ${header}, but its frames had been durable`
    throw new JournalCorrupt({ file: this.#files.path(number), offset: 0, reason })
  }

  #check(header: SegmentHeader, number: number): SegmentHeader {
    const { journalId } = this.#options
    if (header.number === number && header.journalId.equals(journalId)) return header
    const reason = 'it belongs to another journal or has another number'
    throw new JournalRefused({ file: this.#files.path(number), reason })
  }

  #enter(header: SegmentHeader): FrameWalk {
    const from = { sequence: header.firstSequence, chain: header.chain }
    return new FrameWalk(new SegmentWindow(this.#files, header.number), from)
  }
}
