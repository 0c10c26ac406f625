import { expect, test } from 'vitest'
import { atLeast, atMost, row } from './row.ts'
import { notes, table } from './table.ts'

const rows = [
  row({
    ...{ name: 'batches-10k', unit: 'transfers/s', value: 1_234_567 },
    latency: { p50: 6.1, p99: 12.34, max: 20 },
    baseline: { of: 'bare log', value: 6_000_000 },
    bar: atLeast(1_200_000),
    durability: 'fdatasync before the answer',
    note: 'server 1.2 cores',
  }),
  row({ name: 'restart', unit: 's', value: 12, bar: atMost(10), durability: 'none: reads' }),
]

test('figures stand under one another, with what they are held to', () => {
  expect(`\n${table(rows)}`).toMatchInlineSnapshot(`
    "
    name             value  unit             p50      p99      max   baseline  ratio          bar  holds
    ───────────  ─────────  ───────────  ───────  ───────  ───────  ─────────  ─────  ───────────  ─────
    batches-10k  1,234,567  transfers/s  6.10 ms  12.3 ms  20.0 ms  6,000,000  0.206  ≥ 1,200,000  yes
    restart           12.0  s                  –        –        –          –      –       ≤ 10.0  NO"
  `)
})

test('notes say what a figure means', () => {
  expect(`\n${notes(rows)}`).toMatchInlineSnapshot(`
    "
    batches-10k  durability: fdatasync before the answer; baseline: bare log; server 1.2 cores
    restart      durability: none: reads"
  `)
})
