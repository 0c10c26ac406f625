import { expect, test } from 'vitest'

import { OperatorMachine } from './operator-machine.ts'
import { fits, Runbook, stepsOf } from './runbook.ts'

const page = (...lines: readonly string[]): string =>
  ['# A page', '', '## Do it', '', '```console', ...lines, '```', ''].join('\n')

const doneAt = async (text: string): Promise<string> => {
  const env = { PATH: process.env['PATH'] ?? '' }
  const machine = await OperatorMachine.make()
  return new Runbook({ name: 'a page', text }, { cwd: machine.path, env, standIns: {} }).follow(
    'Do it',
  )
}

test('commands go into one shell, and what comes back is held to the page', async () => {
  const text = page(
    '$ A=1; echo one \\',
    '  two; echo $A',
    'one two',
    '1',
    '$ echo $A; echo three >&2',
    '…',
    'three',
  )
  expect(await doneAt(text)).toBe('one two\n1\n1\nthree\n')
})

test.each([
  ['another word comes back', ['$ echo one', 'two']],
  ['a line too much comes back', ['$ echo one; echo two', 'one']],
  ['nothing is expected', ['$ echo one']],
  ['the command ends with another code', ['$ echo one; false', 'one']],
  ['there is no such command', ['$ tallyy status', '…']],
])('a page is wrong when %s', async (_, lines) => {
  await expect(doneAt(page(...lines))).rejects.toThrow('does not go as it stands there')
})

test('an ellipsis stands for lines, or for a part of one, and for nothing else', () => {
  expect(fits('a\nb\nc\n', '…\nc')).toBe(true)
  expect(fits('a 17 b\n', 'a … b')).toBe(true)
  expect(fits('a\n', 'a\n…')).toBe(true)
  expect(fits('a\nb\n', 'a …')).toBe(false)
  expect(fits('xa\n', 'a')).toBe(false)
})

test('steps are named by their headings, in the order of the page', () => {
  const text = `${page('$ one', 'x')}\n## Then\n\n1. so:\n\n   \`\`\`console\n   $ two\n   y\n   \`\`\`\n`
  expect(stepsOf(text)).toEqual([
    { heading: 'Do it', commands: [{ text: 'one', expected: 'x' }] },
    { heading: 'Then', commands: [{ text: 'two', expected: 'y' }] },
  ])
})
