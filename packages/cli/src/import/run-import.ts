/** A whole import: rows read, mapped, sent, reported and checked. */
import { CommandError, usageError } from '../failure.ts'
import { ExitCode } from '../exit-code.ts'
import { type CheckResult, BalanceCheck } from './balance-check.ts'
import type { BookingMap } from './booking-map.ts'
import type { BookingTarget } from './booking-target.ts'
import { type AccountRefusal, type Answered, Importer } from './importer.ts'
import type { ImportProgress, ImportState } from './import-state.ts'
import { RefusalReport } from './refusal-report.ts'
import { type Booking, type RefusedRow, RowMapper } from './row-mapper.ts'
import { type CsvRecord, recordsOf } from './row-reader.ts'

export interface ImportOptions {
  readonly path: string
  /** Of the file, see `FileFacts`. */
  readonly isQuoted: boolean
  readonly map: BookingMap
  readonly target: BookingTarget
  /** Column of expected balances. */
  readonly checkBalance: string | undefined
  readonly reportPath: string
  /** undefined: nothing is kept, as in a dry run. */
  readonly state: ImportState | undefined
  readonly resume: boolean
  readonly onProgress: (progress: {
    stage: 'rows' | 'balances'
    done: number
    total?: number
  }) => void
}

export interface ImportResult {
  /** Rows of the file. */
  readonly rows: number
  /** Of them passed over, since a run before had their answers. */
  readonly skipped: number
  readonly created: number
  readonly existed: number
  readonly refused: number
  readonly reasons: readonly (readonly [string, number])[]
  readonly accountsOpened: number
  readonly accountsRefused: readonly AccountRefusal[]
  /** s, without the check of balances. */
  readonly seconds: number
  readonly check: CheckResult | undefined
}

export async function runImport(options: ImportOptions): Promise<ImportResult> {
  const run = new ImportRun(options)
  try {
    return await run.run()
  } finally {
    run.close()
  }
}

class ImportRun {
  readonly #options: ImportOptions
  readonly #check: BalanceCheck | undefined
  readonly #before: ImportProgress | undefined
  readonly #accountsRefused: AccountRefusal[] = []
  #mapper: RowMapper | undefined
  #report: RefusalReport | undefined
  #rows = 0
  #created = 0
  #existed = 0
  #accountsOpened = 0

  constructor(options: ImportOptions) {
    this.#options = options
    if (options.checkBalance !== undefined) this.#check = new BalanceCheck(options.target)
    this.#before = options.resume ? options.state?.read() : undefined
  }

  async run(): Promise<ImportResult> {
    const started = performance.now()
    const importer = new Importer({
      target: this.#options.target,
      onAnswered: (answered) => this.#answered(answered),
    })
    await this.#send(importer)
    const seconds = (performance.now() - started) / 1000
    await this.#compare()
    this.#options.state?.remove()
    return this.#result(seconds)
  }

  close(): void {
    this.#report?.close()
  }

  async #send(importer: Importer): Promise<void> {
    const { path, map, isQuoted } = this.#options
    const { delimiter } = map
    for await (const records of recordsOf(path, { delimiter, isQuoted })) {
      await this.#take(importer, records)
    }
    if (this.#mapper === undefined) throw usageError(`${path} is empty: not even a header.`)
    await importer.finish()
  }

  async #take(importer: Importer, records: readonly CsvRecord[]): Promise<void> {
    for (const record of records) {
      if (this.#mapper === undefined) {
        this.#mapper = this.#begin(record)
        continue
      }
      const room = this.#row(importer, this.#mapper.map(record, ++this.#rows))
      // Waiting without need costs a turn of the queue per row.
      if (room !== undefined) await room
    }
  }

  #begin(header: CsvRecord): RowMapper {
    const { map, checkBalance, reportPath } = this.#options
    const mapper = new RowMapper({ map, header, checkBalance })
    this.#report = new RefusalReport(reportPath, header, this.#skip > 0)
    return mapper
  }

  /** undefined, like most of the time: nothing to wait for. */
  #row(importer: Importer, row: Booking | RefusedRow): Promise<void> | undefined {
    if (row.row <= this.#skip) {
      if (!('reason' in row)) this.#check?.add(row)
      return undefined
    }
    const room = importer.add(row)
    return this.#check?.isFull === true ? this.#compareNow(importer) : room
  }

  get #skip(): number {
    return this.#before?.rows ?? 0
  }

  async #compareNow(importer: Importer): Promise<void> {
    // Also waits for the batch that has just been sent.
    await importer.finish()
    await this.#compare()
  }

  async #compare(): Promise<void> {
    const check = this.#check
    if (check === undefined) return
    const total = check.checked + check.waiting
    await check.compare(() =>
      this.#options.onProgress({ stage: 'balances', done: check.checked, total }),
    )
  }

  #answered(answered: Answered): void {
    const { done, refused, upToRow } = answered
    this.#created += answered.created
    this.#existed += answered.existed
    this.#accountsOpened += answered.accountsOpened
    this.#accountsRefused.push(...answered.accountsRefused)
    for (const row of refused) this.#report?.add(row)
    if (this.#check !== undefined) for (const booking of done) this.#check.add(booking)
    const progress = { rows: upToRow, ...this.#counts() }
    if (upToRow > 0) this.#saveProgress(progress)
    this.#options.onProgress({ stage: 'rows', done: upToRow })
  }

  #counts(): Omit<ImportProgress, 'rows'> {
    const { created = 0, existed = 0, refused = 0 } = this.#before ?? {}
    return {
      created: created + this.#created,
      existed: existed + this.#existed,
      refused: refused + (this.#report?.count ?? 0),
    }
  }

  #saveProgress(progress: ImportProgress): void {
    try {
      this.#options.state?.write(progress)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new CommandError(
        `Progress cannot be kept (${why}); name another place with --state.`,
        ExitCode.usage,
        'state_not_written',
      )
    }
  }

  #result(seconds: number): ImportResult {
    return {
      rows: this.#rows,
      skipped: this.#skip,
      ...this.#counts(),
      reasons: this.#report?.reasons ?? [],
      accountsOpened: this.#accountsOpened,
      accountsRefused: this.#accountsRefused,
      seconds,
      check: this.#check?.result(),
    }
  }
}
