/** What a run reports, and the table in which it is printed: the same text for the same answers. */
import type { Balances } from './state-machine.ts'

export interface StepRow {
  readonly kind: 'step'
  /** In the scenario's text; 0: nobody asked for it. */
  readonly line: number
  readonly text: string
  readonly answer: string
  /** How the answer differs from what the scenario expects. */
  readonly problem?: string
}

/** An account that the step above may have changed. */
export interface AccountRow {
  readonly kind: 'account'
  readonly name: string
  readonly balances: Balances
}

export interface Report {
  readonly rows: readonly (StepRow | AccountRow)[]
}

export const problems = (report: Report): string[] =>
  report.rows.flatMap((row) =>
    row.kind === 'step' && row.problem !== undefined
      ? [`line ${row.line}: ${row.text}: ${row.problem}`]
      : [],
  )

const TITLES = ['debits pending', 'posted', 'credits pending', 'posted']

export function render(report: Report): string {
  const steps = report.rows.filter((row) => row.kind === 'step')
  const accounts = report.rows.filter((row) => row.kind === 'account')
  const textWidth = Math.max(0, ...steps.map(({ text }) => text.length))
  const nameWidth = Math.max(0, ...accounts.map(({ name }) => name.length))
  const widths = TITLES.map((title, column) =>
    Math.max(title.length, ...accounts.map((row) => numbers(row)[column]?.length ?? 0)),
  )
  const cells = (texts: readonly string[]): string =>
    texts.map((text, column) => text.padStart(widths[column] ?? 0)).join('  ')
  const lines = report.rows.map((row) =>
    row.kind === 'account'
      ? `        ${row.name.padEnd(nameWidth)}  ${cells(numbers(row))}`
      : renderStep(row, textWidth),
  )
  const head = `        ${''.padEnd(nameWidth)}  ${cells(TITLES)}`
  return [...(accounts.length > 0 ? [head] : []), ...lines].map((line) => `${line}\n`).join('')
}

function renderStep({ line, text, answer, problem }: StepRow, width: number): string {
  const number = (line === 0 ? '' : String(line)).padStart(4)
  const complaint = problem === undefined ? '' : `  !! ${problem}`
  return `${number}  ${text.padEnd(width)}  ${answer}${complaint}`.trimEnd()
}

const numbers = ({ balances }: AccountRow): string[] =>
  [
    balances.debitsPending,
    balances.debitsPosted,
    balances.creditsPending,
    balances.creditsPosted,
  ].map(String)
