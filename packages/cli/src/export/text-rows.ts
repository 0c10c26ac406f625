/** Rows as text: CSV with a header line, or one JSON object a line. */
import { stringify } from 'csv-stringify/sync'
import { wireText } from '../output/wire-text.ts'
import type { Cell, Row, Table } from './tables.ts'

export interface TextForm {
  /** What the file begins with. */
  readonly head: (table: Table) => string
  readonly row: (row: Row) => string
}

export const TEXT_FORMS: Readonly<Record<'csv' | 'ndjson', TextForm>> = {
  csv: {
    head: ({ columns }) => stringify([columns.map(({ name }) => name)]),
    row: ({ cells }) => csvLine(cells),
  },
  ndjson: { head: () => '', row: ({ value }) => `${wireText(value)}\n` },
}

export function csvLine(cells: readonly Cell[]): string {
  return stringify([cells.map((cell) => harmless(cellText(cell)))])
}

const cellText = (cell: Cell): string => (cell === null ? '' : String(cell))

/** A spreadsheet takes `=…` for a formula; amounts may begin with a minus. */
function harmless(cell: string): string {
  return /^[=+@\t\r]|^-(?!\d+$)/.test(cell) ? `'${cell}` : cell
}
