import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ImportState, importDigest } from './import-state.ts'

const progress = { rows: 8_000, created: 7_990, existed: 0, refused: 10 }
const place = (): string => join(mkdtempSync(join(tmpdir(), 'tally-state-')), 'state.json')

test('progress is read back by the same import alone', () => {
  const path = place()
  expect(new ImportState(path, 'a').read()).toBeUndefined()
  new ImportState(path, 'a').write(progress)
  expect(new ImportState(path, 'a').read()).toEqual(progress)
  expect(new ImportState(path, 'b').read()).toBeUndefined()
  new ImportState(path, 'a').remove()
  expect(new ImportState(path, 'a').read()).toBeUndefined()
})

test.each(['', '{', 'null', '{"digest":"a"}', '{"digest":"a","progress":{"rows":"1"}}'])(
  'a state of %s is none',
  (text) => {
    const path = place()
    writeFileSync(path, text)
    expect(new ImportState(path, 'a').read()).toBeUndefined()
  },
)

test('another file, map or server is another import', () => {
  const facts = { bytes: 1, changedAt: 2, rows: 3, isQuoted: false }
  const parts = { path: 'a', facts, map: '{}', url: 'u' }
  const digests = [
    importDigest(parts),
    importDigest({ ...parts, facts: { ...facts, changedAt: 3 } }),
    importDigest({ ...parts, map: '{ }' }),
    importDigest({ ...parts, url: 'v' }),
  ]
  expect(new Set(digests).size).toBe(4)
})
