/** Tables for people: no frames, a bold head, numbers to the right. */
import Table from 'cli-table3'
import type { Output } from './output.ts'

export interface Column {
  readonly title: string
  readonly right?: boolean
}

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Without a line feed at the end. */
export function tableText(
  output: Output,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({
    chars: NO_FRAME,
    head: columns.map(({ title }) => output.style('bold', title)),
    colAligns: columns.map(({ right = false }) => (right ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  return trimmed(table.toString())
}

/** Names and values, one pair per line. */
export function pairsText(
  output: Output,
  pairs: readonly (readonly [name: string, value: string])[],
): string {
  const width = Math.max(...pairs.map(([name]) => name.length))
  return pairs
    .map(([name, value]) => `${output.style('dim', name.padEnd(width))}  ${value}`.trimEnd())
    .join('\n')
}

const trimmed = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
