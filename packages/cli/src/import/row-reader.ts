/** Rows of a CSV file as they are read, and how many there will be. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { usageError } from '../failure.ts'

const LINE_FEED = 10
const CHUNK_BYTES = 1 << 20

export interface FileFacts {
  readonly bytes: number
  /** ms since 1970. */
  readonly changedAt: number
  /** Lines after the header; a cell with a line feed in it makes it a little more than there are rows. */
  readonly rows: number
}

export async function factsOf(path: string): Promise<FileFacts> {
  const { size, mtimeMs } = await stat(path)
  let lines = 0
  let last = LINE_FEED
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = chunk as Buffer
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1))
      lines++
    last = bytes.at(-1) ?? last
  }
  if (last !== LINE_FEED) lines++
  return { bytes: size, changedAt: mtimeMs, rows: Math.max(0, lines - 1) }
}

/** All records, the header first. Rows with too many or too few cells come as they are. @throws CommandError */
export async function* recordsOf(
  path: string,
  options: { readonly delimiter: string },
): AsyncGenerator<readonly string[], void, undefined> {
  const parser = parse({
    delimiter: options.delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const record of parser) yield record as string[]
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!code.startsWith('CSV_')) throw error
    throw usageError(`${path} is not CSV: ${error instanceof Error ? error.message : ''}`)
  }
}
