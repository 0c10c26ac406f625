/** The contract of an opened journal, and what it is opened with. */
import type { Disk } from './disk.ts'
import type { JournalReader, ReaderOptions } from './reader.ts'
import type { JournalWriter, WriterOptions } from './writer.ts'

export interface JournalOptions extends ReaderOptions {
  readonly disk: Disk
  /** Directory of the segments; made by `startWriter` when it is not there. */
  readonly directory: string
  readonly shard?: number
  /** 16 bytes that the journal must have as its id, and that a new one gets; default: any, and random. */
  readonly journalId?: Uint8Array
  /** Fills with random bytes, for the id of a new journal; default: the system's. For simulations. */
  readonly random?: (into: Uint8Array) => void
  /** Sequence of the very first event of a new journal; default 1. */
  readonly firstSequence?: number
  /**
   * The caller will replay `reader.frames(from.sequence)` before it starts the writer, so frames before the newest segment
   * are not verified here. Without it the whole journal is verified while opening.
   */
  readonly from?: { readonly sequence: number }
  /** A sequence known to have been durable, for example a snapshot's: a journal that ends before it is corrupt. */
  readonly durableAtLeast?: number
  /** Size beyond which no segment grows; default 256 MiB. */
  readonly segmentBytes?: number
  /** Length of a group buffer; default 8 MiB. */
  readonly groupBytes?: number
  /** Number of group buffers; default 3. */
  readonly groups?: number
  /** Told while frames are verified: bytes done, bytes in all. */
  readonly onProgress?: (done: number, total: number) => void
}

/** What was found when the journal was opened. */
export interface RecoveryReport {
  readonly segments: number
  /** Newest sequence of a whole frame; `firstSequence - 1` when there is none. */
  readonly lastSequence: number
  /** The torn tail that `startWriter` cuts, or undefined when the last frame is followed by nothing but zeros. */
  readonly torn:
    | { readonly file: string; readonly offset: number; readonly reason: string }
    | undefined
  /** Bytes of frames, headers included. */
  readonly bytes: number
}

/**
 * A journal opened for reading. Nothing on disk is changed until `startWriter`, so this is also how
 * `verify` and `backup` look at a journal that another process is writing.
 */
export interface Journal {
  readonly id: Buffer
  readonly shard: number
  readonly report: RecoveryReport
  readonly reader: JournalReader
  /** Cuts the torn tail, reserves space and starts to write; once. The caller holds the directory's lock. */
  startWriter(options?: WriterOptions): JournalWriter
  /** Closes the writer, if any, and the reader. */
  close(): Promise<void>
}
