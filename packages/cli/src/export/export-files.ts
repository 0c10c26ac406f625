/** One run of an export into files: every row to its table's file, and the files to their places once all of it is there. */
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { ParquetFiles } from './parquet-files.ts'
import type { Row, Table } from './tables.ts'
import { TEXT_FORMS, type TextForm } from './text-rows.ts'
import { WholeFiles } from './whole-files.ts'

export type Format = 'csv' | 'ndjson' | 'parquet'

/** Where the rows of an export go. */
interface Sink {
  put(table: Table, row: Row): void | Promise<void>
  /** All rows were put. */
  end(): Promise<void>
  /** Lets go of its files, finished or not. */
  close(): void
}

export interface ExportFilesOptions {
  readonly format: Format
  /** Each with the file that it becomes, absolute. */
  readonly files: ReadonlyMap<Table, string>
  readonly force: boolean
  readonly amountsAsText: boolean
}

/** @param fill puts the rows. @throws CommandError and what `fill` throws; then nothing is left. */
export async function exportFiles(
  { format, files, force, amountsAsText }: ExportFilesOptions,
  fill: (put: Sink['put']) => Promise<void>,
): Promise<void> {
  const whole = new WholeFiles({ paths: [...files.values()], force })
  try {
    const paths = new Map([...files].map(([table, path]) => [table, whole.unfinished(path)]))
    const sink =
      format === 'parquet'
        ? await parquetSink(whole.directory, paths, amountsAsText)
        : new TextSink(paths, TEXT_FORMS[format])
    try {
      await fill((table, row) => sink.put(table, row))
      await sink.end()
    } finally {
      sink.close()
    }
    whole.finish()
  } finally {
    whole.clear()
  }
}

async function parquetSink(
  directory: string,
  paths: ReadonlyMap<Table, string>,
  amountsAsText: boolean,
): Promise<Sink> {
  const parquet = await ParquetFiles.open({ directory, tables: [...paths.keys()], amountsAsText })
  return {
    put: (table, row) => parquet.put(table, row),
    end: async () => {
      for (const [table, path] of paths) await parquet.write(table, path)
    },
    close: () => parquet.close(),
  }
}

class TextSink implements Sink {
  readonly #form: TextForm
  readonly #streams: ReadonlyMap<Table, WriteStream>

  constructor(paths: ReadonlyMap<Table, string>, form: TextForm) {
    this.#form = form
    this.#streams = new Map([...paths].map(([table, path]) => [table, createWriteStream(path)]))
    for (const [table, stream] of this.#streams) stream.write(form.head(table))
  }

  async put(table: Table, row: Row): Promise<void> {
    const stream = this.#streams.get(table)
    if (stream?.write(this.#form.row(row)) === false) await once(stream, 'drain')
  }

  async end(): Promise<void> {
    for (const stream of this.#streams.values()) {
      stream.end()
      await once(stream, 'close')
    }
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.destroy()
  }
}
