/** A whole import: rows read, mapped, sent, reported and checked. */
import { CommandError, usageError } from '../failure.ts'
import { ExitCode } from '../exit-code.ts'
import { type CheckResult, BalanceCheck } from './balance-check.ts'
import type { BookingMap } from './booking-map.ts'
import type { BookingTarget } from './booking-target.ts'
import { type AccountRefusal, type Answered, Importer } from './importer.ts'
import type { ImportProgress, ImportState } from './import-state.ts'
import { RefusalReport } from './refusal-report.ts'
import { RowMapper } from './row-mapper.ts'
import { recordsOf } from './row-reader.ts'

export interface ImportOptions {
  readonly path: string
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
    const { path, map, checkBalance, reportPath } = this.#options
    let mapper: RowMapper | undefined
    const skip = this.#before?.rows ?? 0
    for await (const record of recordsOf(path, map)) {
      if (mapper === undefined) {
        mapper = new RowMapper({ map, header: record, checkBalance })
        this.#report = new RefusalReport(reportPath, record, skip > 0)
        continue
      }
      const row = mapper.map(record, ++this.#rows)
      if (this.#rows <= skip) {
        if (!('reason' in row)) this.#check?.add(row)
        continue
      }
      const room = importer.add(row)
      if (room !== undefined) await room
      if (this.#check?.isFull === true) await this.#compareNow(importer)
    }
    if (mapper === undefined) throw usageError(`${path} is empty: not even a header.`)
    await importer.finish()
  }

  async #compareNow(importer: Importer): Promise<void> {
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
      skipped: this.#before?.rows ?? 0,
      ...this.#counts(),
      reasons: this.#report?.reasons ?? [],
      accountsOpened: this.#accountsOpened,
      accountsRefused: this.#accountsRefused,
      seconds,
      check: this.#check?.result(),
    }
  }
}
