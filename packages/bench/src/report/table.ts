/** The report as a table for people; under it, what each figure means. */
import { figure } from './figure.ts'
import type { Row } from './row.ts'

const HEADINGS = ['name', 'value', 'unit', 'p50', 'p99', 'max', 'baseline', 'ratio', 'bar', 'holds']
/** Text columns; the others are numbers and end at the right. */
const TEXT = new Set(['name', 'unit', 'holds'])
const NONE = '–'

export function table(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cells)]
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  const shown = lines.map((line) =>
    line.map((cell, column) => pad(cell, column, widths)).join('  '),
  )
  shown.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '))
  return shown.map((line) => line.trimEnd()).join('\n')
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0
  return TEXT.has(HEADINGS[column] ?? '') ? cell.padEnd(width) : cell.padStart(width)
}

function cells(row: Row): string[] {
  const ms = (value: number | null): string => (value === null ? NONE : `${figure(value)} ms`)
  const sign = row.better === 'higher' ? '≥' : '≤'
  return [
    row.name,
    figure(row.value),
    row.unit,
    ms(row.p50),
    ms(row.p99),
    ms(row.max),
    row.baseline === null ? NONE : figure(row.baseline),
    row.ratio === null ? NONE : figure(row.ratio),
    row.bar === null ? NONE : `${sign} ${figure(row.bar)}`,
    row.holds === null ? NONE : row.holds ? 'yes' : 'NO',
  ]
}

/** One line per row: durability, what the baseline did, and what else was seen. */
export function notes(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  return rows
    .map((row) => {
      const beside = row.baselineOf === null ? [] : [`baseline: ${row.baselineOf}`]
      const said = [
        `durability: ${row.durability}`,
        ...beside,
        ...(row.note === '' ? [] : [row.note]),
      ]
      return `${row.name.padEnd(width)}  ${said.join('; ')}`
    })
    .join('\n')
}
