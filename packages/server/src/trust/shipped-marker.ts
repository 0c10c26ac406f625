/**
 * How far a follower has carried the journal, as `tally backup --follow --marker FILE` says it: `{"journal":…,"sequence":…,"written_at":…}`. With it a
 * checkpoint is only published once its events lie elsewhere too.
 */
import { readFile } from 'node:fs/promises'

import { diskErrorCode } from '@tallystick/journal'

interface MarkerOptions {
  readonly path: string
  /** Of this book, hex: what is said of another is not heeded. */
  readonly journalId: string
  /** Newest durable event. */
  readonly durable: () => number
}

export class ShippedMarker {
  readonly #options: MarkerOptions
  /** Said of a book that had more than this one: of a life before a restore. It counts no more, also when the book has grown. */
  #stale: string | undefined

  constructor(options: MarkerOptions) {
    this.#options = options
  }

  /** Events that were carried; 0 as long as nothing is known. */
  async shipped(): Promise<number> {
    const { path, journalId, durable } = this.#options
    const text = await textOf(path)
    if (text === undefined || text === this.#stale) return 0
    const { journal, sequence } = fieldsOf(text)
    if (journal !== journalId || !Number.isSafeInteger(sequence)) return 0
    if (Number(sequence) <= durable()) return Number(sequence)
    this.#stale = text
    return 0
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function fieldsOf(text: string): { journal?: unknown; sequence?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
