/**
 * Tables as Parquet, by DuckDB. Rows are gathered in a database file of DuckDB's beside the target and written from there, so that memory stays bounded however
 * long the tables are. Amounts are exact or refused.
 */
import { join } from 'node:path'
import type * as duckModule from '@duckdb/node-api'
import type {
  DuckDBAppender,
  DuckDBConnection,
  DuckDBInstance,
  DuckDBType,
  DuckDBValue,
} from '@duckdb/node-api'
import { parseTime } from '@tallystick/contract'
import { ExitCode } from '../exit-code.ts'
import { CommandError } from '../failure.ts'
import type { Cell, Column, Row, Table } from './tables.ts'

type Duck = typeof duckModule

/** Which an installation of ours was tried with. */
const DUCKDB = '@duckdb/node-api@1.5.6-r.1'
const MEMORY = '256MB'
/** Of one row group: what a reader holds at a time. */
const GROUP_ROWS = 100_000
/** DuckDB's own measure. */
const CHUNK_ROWS = 2_048
/** What DECIMAL(38,0) holds ends below it; a u128 can have one digit more. */
const DECIMAL_END = 10n ** 38n
/** TIMESTAMP_NS holds what is below; it is the year 2262. */
const TIMESTAMP_END = (1n << 63n) - 1n

export interface ParquetOptions {
  /** For DuckDB's own files; removed by whoever made it. */
  readonly directory: string
  readonly tables: readonly Table[]
  /** Amounts as texts: of any size. */
  readonly amountsAsText: boolean
}

export class ParquetFiles {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #sheets = new Map<Table, Sheet>()

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.#connection = connection
  }

  /** @throws CommandError when DuckDB is not there. */
  static async open({ directory, tables, amountsAsText }: ParquetOptions): Promise<ParquetFiles> {
    const duck = await loadDuck()
    const instance = await duck.DuckDBInstance.create(join(directory, '.rows.duckdb'), {
      memory_limit: MEMORY,
      threads: '2',
      temp_directory: join(directory, '.spill'),
      // Nothing is ever fetched from the network.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    const files = new ParquetFiles(instance, await instance.connect())
    for (const table of tables) await files.#add(duck, table, amountsAsText)
    return files
  }

  async #add(duck: Duck, table: Table, amountsAsText: boolean): Promise<void> {
    const fields = table.columns.flatMap((column, place) =>
      fieldsOf(duck, column, amountsAsText).map((field) => ({ ...field, place })),
    )
    const columns = fields.map(({ name, type }) => `"${name}" ${type.toString()}`)
    await this.#connection.run(`create table "${table.name}" (${columns.join(', ')})`)
    const appender = await this.#connection.createAppender(table.name)
    this.#sheets.set(table, new Sheet({ duck, fields, appender }))
  }

  /** @throws CommandError when an amount does not fit. */
  put(table: Table, row: Row): void {
    this.#sheets.get(table)?.put(row)
  }

  /** Writes the whole table as a file of its own. */
  async write(table: Table, path: string): Promise<void> {
    this.#sheets.get(table)?.end()
    const order = table.order === undefined ? '' : ` order by "${table.order}"`
    await this.#connection.run(
      `copy (select * from "${table.name}"${order}) to '${path.replaceAll("'", "''")}' (format parquet, compression zstd, row_group_size ${GROUP_ROWS})`,
    )
  }

  close(): void {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }
}

/** One column of the file: a column of the table, or one of two that it takes. */
interface Field {
  readonly name: string
  readonly type: DuckDBType
  /** @param cell not null. */
  readonly of: (cell: Cell) => DuckDBValue
}

interface PlacedField extends Field {
  /** Of its column in the table. */
  readonly place: number
}

/** The rows of one table on their way, a chunk at a time. */
class Sheet {
  readonly #duck: Duck
  readonly #fields: readonly PlacedField[]
  readonly #types: DuckDBType[]
  readonly #appender: DuckDBAppender
  #rows: DuckDBValue[][] = []

  constructor({
    duck,
    fields,
    appender,
  }: {
    readonly duck: Duck
    readonly fields: readonly PlacedField[]
    readonly appender: DuckDBAppender
  }) {
    this.#duck = duck
    this.#fields = fields
    this.#types = fields.map(({ type }) => type)
    this.#appender = appender
  }

  put({ cells }: Row): void {
    const values = this.#fields.map(({ of, place }) => {
      const cell = cells[place] ?? null
      return cell === null ? null : of(cell)
    })
    if (this.#rows.push(values) === CHUNK_ROWS) this.#flush()
  }

  end(): void {
    this.#flush()
    this.#appender.closeSync()
  }

  #flush(): void {
    if (this.#rows.length === 0) return
    const chunk = this.#duck.DuckDBDataChunk.create(this.#types)
    chunk.setRows(this.#rows)
    this.#appender.appendDataChunk(chunk)
    this.#rows = []
  }
}

function fieldsOf(duck: Duck, { name, type }: Column, amountsAsText: boolean): readonly Field[] {
  switch (type) {
    case 'text':
    case 'json':
      return [{ name, type: duck.VARCHAR, of: String }]
    case 'whole':
      return [{ name, type: duck.BIGINT, of: (cell) => BigInt(cell ?? 0) }]
    case 'code':
      return [{ name, type: duck.INTEGER, of: Number }]
    case 'boolean':
      return [{ name, type: duck.BOOLEAN, of: Boolean }]
    case 'amount':
      return [amountsAsText ? { name, type: duck.VARCHAR, of: String } : decimal(duck, name)]
    case 'time':
      return [
        { name, type: duck.TIMESTAMP_NS, of: (cell) => timestamp(duck, nsOf(cell)) },
        { name: `${name}_ns`, type: duck.UBIGINT, of: nsOf },
      ]
  }
}

function decimal(duck: Duck, name: string): Field {
  const of = (cell: Cell): DuckDBValue => {
    const amount = BigInt(cell ?? 0)
    if (amount < DECIMAL_END && amount > -DECIMAL_END) {
      return new duck.DuckDBDecimalValue(amount, 38, 0)
    }
    throw new CommandError(
      `${name} has an amount of 39 digits, ${amount}, and Parquet's decimals end at 38: --amounts text writes all amounts as texts. Nothing was written.`,
      ExitCode.refused,
      'amount_too_long',
    )
  }
  return { name, type: duck.DECIMAL(38, 0), of }
}

function nsOf(cell: Cell): bigint {
  const ns = parseTime(String(cell))
  if (ns === undefined) throw new Error(`the server shows the time ${String(cell)}`)
  return ns
}

/** Value dates reach further than nanoseconds in 63 bits: those are in the column beside it alone. */
function timestamp(duck: Duck, ns: bigint): DuckDBValue {
  return ns < TIMESTAMP_END ? new duck.DuckDBTimestampNanosecondsValue(ns) : null
}

/** Large, and for this alone: installed by who wants it. */
async function loadDuck(): Promise<Duck> {
  try {
    return await import('@duckdb/node-api')
  } catch (error) {
    const why = error instanceof Error && !isMissing(error) ? ` (${error.message})` : ''
    throw new CommandError(
      `Parquet needs DuckDB, which is not installed here${why}: npm install ${DUCKDB}, where tally was installed, adds it (70 MB).`,
      ExitCode.usage,
      'duckdb_missing',
    )
  }
}

function isMissing(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}
