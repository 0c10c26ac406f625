/** Rows of a CSV file as they are read, and how many there will be. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { usageError } from '../failure.ts'

const LINE_FEED = 10
const QUOTE = 34
const CHUNK_BYTES = 1 << 18
/** Records that are handed on together: one at a time costs a turn of the event loop's queue each. */
const RECORDS = 1_000

export interface FileFacts {
  readonly bytes: number
  /** ms since 1970. */
  readonly changedAt: number
  /** Lines after the header; a cell with a line feed in it makes it a little more than there are rows. */
  readonly rows: number
  /** Whether a quotation mark is anywhere; without one, lines and cells are what they look like. */
  readonly isQuoted: boolean
}

export type CsvRecord = readonly string[]

export async function factsOf(path: string): Promise<FileFacts> {
  const { size, mtimeMs } = await stat(path)
  let lines = 0
  let last = LINE_FEED
  let isQuoted = false
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = chunk as Buffer
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1))
      lines++
    isQuoted ||= bytes.includes(QUOTE)
    last = bytes.at(-1) ?? last
  }
  if (last !== LINE_FEED) lines++
  return { bytes: size, changedAt: mtimeMs, rows: Math.max(0, lines - 1), isQuoted }
}

interface ReadOptions {
  readonly delimiter: string
  readonly isQuoted: boolean
}

/** All records in order, the header first, some at a time. Too many or too few cells come as they are. @throws CommandError */
export function recordsOf(
  path: string,
  options: ReadOptions,
): AsyncGenerator<readonly CsvRecord[], void, undefined> {
  return options.isQuoted ? parsed(path, options) : split(path, options)
}

/** Three times as fast as a parser, and the same where there is no quotation mark; a test compares them. */
async function* split(
  path: string,
  { delimiter }: ReadOptions,
): AsyncGenerator<readonly CsvRecord[], void, undefined> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  // Takes a byte order mark away, and keeps the halves of a character together.
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split(/\r?\n/)
    rest = lines.pop() ?? ''
    yield recordsIn(lines, delimiter)
  }
  yield recordsIn([(rest + decoder.decode()).replace(/\r$/, '')], delimiter)
}

function recordsIn(lines: readonly string[], delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = []
  for (const line of lines) if (line !== '') records.push(line.split(delimiter))
  return records
}

async function* parsed(
  path: string,
  { delimiter }: ReadOptions,
): AsyncGenerator<readonly CsvRecord[], void, undefined> {
  const parser = parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true })
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let records: CsvRecord[] = []
  try {
    for await (const record of parser) {
      records.push(record as string[])
      if (records.length < RECORDS) continue
      yield records
      records = []
    }
    yield records
  } catch (error) {
    throw csvError(path, error)
  }
}

function csvError(path: string, error: unknown): unknown {
  const isCsv = error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')
  return isCsv ? usageError(`${path} is not CSV: ${error.message}`) : error
}
