/** A whole copy of a journal that another one is held against, or mended from: a backup, or another data directory. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { bookDirectory } from '@tallystick/engine'
import { JournalCorrupt, RealDisk } from '@tallystick/journal'

import { BackupSource } from './backup-source.ts'
import { type NewPiece, pieceReaderOf, readPiece, readRange } from './data-directory.ts'
import { BackupDamaged } from './errors.ts'
import { type CheckSignature, type PieceEntry, type ProvedState, sha256Of } from './manifest.ts'
import { openStore, type StoreOptions } from './open-store.ts'
import { PIECE_BYTES } from './tail.ts'

export interface Source {
  /** As a person wrote it. */
  readonly name: string
  /** Hex. */
  readonly journalId: string
  readonly shard: number
  /** All of them, in order, without a gap. */
  readonly pieces: readonly PieceEntry[]
  /** The newest state that somebody proved. */
  readonly state: ProvedState | undefined
  /** @throws BackupDamaged when the bytes are not what they should be. */
  read(piece: PieceEntry): Promise<Buffer>
  close(): void
}

/** @param place a data directory, or whatever backups are in. @throws BackupRefused, BackupDamaged, StoreFailed; JournalCorrupt, JournalRefused. */
export async function openSource(
  place: string,
  options: StoreOptions & { readonly checkSignature?: CheckSignature } = {},
): Promise<Source> {
  const store = await openStore(place, options)
  if (existsSync(join(bookDirectory(store.name), '0000000001.book'))) {
    return directorySource(store.name, 0)
  }
  const backup = await BackupSource.open(store, options.checkSignature)
  const { journalId, shard, state } = backup.manifest
  return {
    ...{ name: store.name, journalId, shard, state, pieces: backup.pieces },
    read: (piece) => backup.read(piece),
    close: () => store.close(),
  }
}

/** Reads the whole directory, up to where it is damaged. */
function directorySource(directory: string, shard: number): Source {
  const data = { disk: new RealDisk(), directory, shard }
  const reader = pieceReaderOf(data)
  const pieces: PieceEntry[] = []
  for (let piece = next(); piece !== undefined; piece = next()) pieces.push(piece.entry)
  return {
    ...{ name: directory, shard, pieces, state: undefined },
    journalId: reader.journalId.toString('hex'),
    read: async (piece) => {
      const bytes = readRange(data, piece)
      if (bytes !== undefined && sha256Of(bytes) === piece.sha256) return bytes
      const object = `${directory}: segment ${piece.from.segment}`
      throw new BackupDamaged({ object, offset: piece.from.offset, reason: 'it has changed' })
    },
    close: () => {},
  }

  function next(): NewPiece | undefined {
    try {
      return readPiece(reader, PIECE_BYTES)
    } catch (error) {
      if (error instanceof JournalCorrupt) return undefined
      throw error
    }
  }
}
