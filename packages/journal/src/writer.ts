/** The contract of a journal writer, and what one is started with. */
import type { Group } from './group.ts'

export interface WriterOptions {
  /** Use a writer thread for submitted groups. Possible on the real disk only; default: there, yes. */
  readonly thread?: boolean
  /**
   * Called on this thread when submitted groups became durable, with the newest durable sequence;
   * not for `writeInline`, and not for what a `poll` has already told.
   */
  readonly onDurable?: (durable: number) => void
  /** Called when a group is free again after `take` had none to give. */
  readonly onFree?: () => void
  /** Called once when a write or sync has failed for good. The process must stop. */
  readonly onFailed?: (error: Error) => void
  /** Without a thread: how a submitted group's write is put off; default `setImmediate`. For the simulator. */
  readonly defer?: (write: () => void) => void
}

/**
 * Owner of the journal's tail; the only caller of fdatasync on it. Groups are written in the order
 * in which they are handed over, one write and one sync each.
 *
 * Either `writeInline` (this thread writes and syncs: lowest latency for small groups) or `submit`
 * (the writer thread does, while this one fills the next group). Only one writes at a time:
 * `writeInline` needs `idle`.
 *
 *     const group = writer.take()
 *     …encode into group.body; set firstSequence, count, bodyBytes…
 *     writer.idle && small ? writer.writeInline(group) : writer.submit(group)
 */
export interface JournalWriter {
  /** `failed` is for good: see `failure`. */
  readonly state: 'open' | 'failed' | 'closed'
  readonly failure: Error | undefined
  /** True when nothing is submitted or being reserved, so that `writeInline` may be called. */
  readonly idle: boolean
  /** Sequence that the next group has to begin with. */
  readonly nextSequence: number
  /** The longest body that a group can have. */
  readonly bodyBytesMax: number
  /** A free group, emptied, or nothing while all of them are filled or on their way; `onFree` tells when to ask again. */
  take(): Group | undefined
  /** Gives a taken group back unwritten. */
  giveBack(group: Group): void
  /**
   * Whether a group with a body of `bodyBytes` (all of it, not only what is added) is sure to find
   * space behind everything submitted. To be asked before anything is decided; false means that the
   * disk is full, and also makes the writer try again for space.
   */
  hasRoom(bodyBytes: number): boolean
  /** Writes and syncs a group on this thread; returns the newest durable sequence. Throws `JournalFailed`. */
  writeInline(group: Group): number
  /** Hands a group over; it is durable once `poll` or `onDurable` says a sequence that covers it. */
  submit(group: Group): void
  /** The newest durable sequence as of now; takes note of finished groups, so that they can be taken again. */
  poll(): number
  /** Blocks this thread until everything submitted is durable; returns the newest durable sequence. */
  drain(): number
  /**
   * Writes a frame without events when the newest durable sequence is not yet told by a frame on disk: with it
   * even a damaged last group is known to be damage and not a torn tail. Needs `idle`; `close` does it by itself.
   */
  mark(): void
  /** Drains, marks, ends the thread and closes the files. */
  close(): Promise<void>
}
