import { expect, test } from 'vitest'
import { choose, readCommandLine, readCount } from './command-line.ts'

const PLAIN = {
  ...{ asks: 'run', names: [], quick: false, json: undefined, directory: undefined },
  ...{ transfers: undefined, accounts: undefined },
}

test.each([
  ['', {}],
  ['apply singles', { names: ['apply', 'singles'] }],
  ['--quick --json out.json', { quick: true, json: 'out.json' }],
  ['--json=out.json', { json: 'out.json' }],
  ['growth --transfers 100M --dir disk', { names: ['growth'], transfers: 1e8, directory: 'disk' }],
  ['--accounts 10_000', { accounts: 10_000 }],
  ['--list', { asks: 'list' }],
  ['apply --help', { asks: 'help', names: ['apply'] }],
  ['-h', { asks: 'help' }],
])('%j is understood', (line, expected) => {
  expect(readCommandLine(line.split(' ').filter((arg) => arg !== ''))).toEqual({
    ...PLAIN,
    ...expected,
  })
})

test.each([
  ['--fast', '--fast is unknown'],
  ['--json', '--json needs a value'],
  ['--quick=1', '--quick takes no value'],
  ['--transfers many', 'use a whole number'],
  ['--transfers 0', 'use a whole number'],
  ['--transfers 1.5M', 'use a whole number'],
])('%j is refused', (line, message) => {
  expect(() => readCommandLine(line.split(' '))).toThrow(message)
})

test('counts may be short', () => {
  const texts = ['7', '250k', '100M', '100m', '1_000_000', '1,000']
  expect(texts.map((text) => readCount(text, '--transfers'))).toEqual([
    7, 250e3, 1e8, 1e8, 1e6, 1e3,
  ])
})

const KNOWN = ['batches-10k', 'batches-1m', 'json', 'json-batches']

test.each([
  [['batches'], ['batches-10k', 'batches-1m']],
  [['json'], ['json']],
  [
    ['json-batches', 'batches-10k'],
    ['batches-10k', 'json-batches'],
  ],
  [
    ['batches', 'batches-1m'],
    ['batches-10k', 'batches-1m'],
  ],
])('%j chooses %j, in order of the list', (asked, chosen) => {
  expect(choose(KNOWN, asked)).toEqual(chosen)
})

test('an unknown workload is refused with those that there are', () => {
  expect(() => choose(KNOWN, ['batch'])).not.toThrow()
  expect(() => choose(KNOWN, ['nothing'])).toThrow('There are: batches-10k')
})
