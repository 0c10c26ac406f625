/** The report of a run: as text for people, as JSON for programs. */
import { type Machine, machineText } from '../machine/machine.ts'
import { figure } from './figure.ts'
import { type Row, shortfalls } from './row.ts'
import { notes, table } from './table.ts'

export function reportText(machine: Machine, rows: readonly Row[]): string {
  const short = shortfalls(rows)
  const barred = rows.filter(({ bar }) => bar !== null).length
  const verdict =
    barred === 0
      ? 'No figure here has a bar.'
      : short.length === 0
        ? `All ${barred} bars hold.`
        : `${short.length} of ${barred} bars fall short: ${short.map(shortfall).join(', ')}.`
  return [table(rows), '', notes(rows), '', machineText(machine), '', verdict, ''].join('\n')
}

function shortfall({ name, value, bar }: Row): string {
  return `${name} (${figure(value)}, bar ${figure(bar ?? 0)})`
}

/** An array of rows. Durability and the machine's sync time stand beside each figure, so that none travels without them. */
export function reportJson(machine: Machine, rows: readonly Row[]): string {
  const syncMs = machine.sync.p50
  const stated = rows.map((row) => ({ ...row, fdatasyncMs: syncMs, machine: machine.summary }))
  return `${JSON.stringify(stated, undefined, 2)}\n`
}
