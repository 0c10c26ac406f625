/**
 * The journal: append-only, checksummed segments of opaque frames. It knows sequences and
 * checksums, nothing of money. Formats: docs/decisions/0001-the-book.md.
 */
export { DirectoryLock } from './directory-lock.ts'
export { diskErrorCode, isOutOfSpace } from './disk.ts'
export type { Disk, FileHandle, OpenMode } from './disk.ts'
export { DirectoryLocked, JournalCorrupt, JournalFailed, JournalRefused } from './errors.ts'
export { JournalFollower } from './follow.ts'
export { findBreak, findForeignFrame } from './find-break.ts'
export type { Break } from './find-break.ts'
export { Group } from './group.ts'
export type { Journal, JournalOptions, RecoveryReport } from './journal.ts'
export {
  bodyBytesMax,
  FRAME_HEADER_BYTES,
  frameBytes,
  GROUP_BYTES,
  GROUPS,
  SEGMENT_BYTES,
} from './limits.ts'
export { MemoryDisk } from './memory-disk.ts'
export { openJournal } from './open-journal.ts'
export type { Frame, FrameLocation, JournalReader, ReaderOptions } from './reader.ts'
export { PieceReader } from './piece-reader.ts'
export type { Piece, PiecePosition, PieceReaderOptions } from './piece-reader.ts'
export {
  isWholePrivateFrame,
  PRIVATE_FRAME_HEAD_BYTES,
  PRIVATE_FRAME_MAGIC,
  privateDirectory,
  privateFile,
  privateFrameBytes,
  wholePrivateFrames,
} from './private-frames.ts'
export type { ReadAhead, Stretch } from './read-ahead.ts'
export { RealDisk } from './real-disk.ts'
export { segmentName } from './segment-header.ts'
export type { JournalWriter, WriterOptions } from './writer.ts'
