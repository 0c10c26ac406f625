import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factsOf, recordsOf } from './row-reader.ts'

const directory = mkdtempSync(join(tmpdir(), 'tally-rows-'))

function fileOf(content: string | Uint8Array): string {
  const path = join(directory, 'rows.csv')
  writeFileSync(path, content)
  return path
}

async function read(path: string, isQuoted: boolean, delimiter = ','): Promise<string[][]> {
  const all: string[][] = []
  for await (const records of recordsOf(path, { delimiter, isQuoted })) {
    all.push(...records.map((record) => [...record]))
  }
  return all
}

test.each([
  ['a,b\n1,2\n', 1, false],
  ['a,b\n1,2', 1, false],
  ['a,b\r\n1,"2"\r\n3,4\r\n', 2, true],
  ['', 0, false],
])('%j has %i rows', async (content, rows, isQuoted) => {
  expect(await factsOf(fileOf(content))).toMatchObject({ rows, isQuoted, bytes: content.length })
})

test('quoted cells may have delimiters, quotes and line feeds in them', async () => {
  const path = fileOf('a,b\n"1,5","say ""no""\nor yes"\n')
  expect(await read(path, true)).toEqual([
    ['a', 'b'],
    ['1,5', 'say "no"\nor yes'],
  ])
})

test.each([true, false])(
  'a byte order mark is no part of the header (parser: %s)',
  async (isQuoted) => {
    const path = fileOf('\uFEFFa;b\r\n\r\nč;2\r\n')
    expect(await read(path, isQuoted, ';')).toEqual([
      ['a', 'b'],
      ['č', '2'],
    ])
  },
)

test('a character that two chunks share stays whole', async () => {
  const lines = Array.from({ length: 40_000 }, (_, row) => `${row},žluťoučký`)
  const path = fileOf(`${lines.join('\r\n')}\r\n`)
  expect(await read(path, false)).toEqual(lines.map((line) => line.split(',')))
})

test('without quotation marks, splitting reads what a parser reads', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', 'é', '.', '-') })
  const row = fc.array(cell, { minLength: 2, maxLength: 4 })
  const property = fc.asyncProperty(
    fc.array(row, { minLength: 1 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    async (rows, end, endsWithLine) => {
      const text = rows.map((cells) => cells.join(',')).join(end) + (endsWithLine ? end : '')
      const path = fileOf(text)
      expect(await read(path, false)).toEqual(await read(path, true))
    },
  )
  await fc.assert(property, { numRuns: 50 })
})

test('what is not CSV is said to be so', async () => {
  await expect(read(fileOf('a,b\n"1,2\n'), true)).rejects.toThrow('is not CSV')
})
