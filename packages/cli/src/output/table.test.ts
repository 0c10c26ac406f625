import { expect, test } from 'vitest'
import { metadataText } from '../commands/show.ts'
import { Output } from './output.ts'
import { printable } from './printable.ts'
import { pairsText, tableText } from './table.ts'

const output = (isTTY: boolean): Output => {
  const sink = { write: () => true, isTTY }
  return new Output({ stdout: sink, stderr: sink, json: false, noColor: false })
}

const COLUMNS = [{ title: 'account' }, { title: 'balance', right: true }]

test('a table has its numbers to the right and nothing behind a line', () => {
  const text = tableText(output(false), COLUMNS, [
    ['a', '1.00'],
    ['longer', '-12.00'],
  ])
  expect(text).toBe('account  balance\na           1.00\nlonger    -12.00')
})

test('colours do not move columns, and stay colours', () => {
  const terminal = output(true)
  const red = terminal.style('red', '-12.00')
  const text = tableText(terminal, COLUMNS, [['a', red]])
  expect(text).toContain(`a         ${red}`)
  expect(pairsText(terminal, [['balance', red]])).toContain(red)
})

test('what others wrote cannot speak to the terminal', () => {
  expect(printable('a\u001b[2Jb\u009b1mc\nd')).toBe('a\\u001b[2Jb\\u009b1mc\\u000ad')
  expect(printable('one\ntwo\r', { lines: true })).toBe('one\ntwo\\u000d')
  expect(metadataText({ note: '\u009b31m' })).toBe('{"note":"\\u009b31m"}')
})
