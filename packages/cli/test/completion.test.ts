import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { captured } from '../src/program.fixture.ts'

/** What bash offers behind these words, the last of them begun. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const { stdout } = await captured(['completion', 'bash'])
  const ask =
    'COMP_WORDS=("$@"); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _tally; printf "%s\\n" "${COMPREPLY[@]}"'
  const out = execFileSync('bash', ['-c', `${stdout}\n${ask}`, 'bash', ...words], {
    encoding: 'utf8',
  })
  return out.trim().split('\n')
}

test('bash completes commands, subcommands, options and choices', async () => {
  expect(await offered('tally', 'acc')).toEqual(['account'])
  expect(await offered('tally', 'account', 'o')).toEqual(['open'])
  expect(await offered('tally', '--json', 'sample', 'b')).toEqual(['bank'])
  expect(await offered('tally', 'import', 'file.csv', '--che')).toEqual(['--check-balance'])
  expect(await offered('tally', 'completion', 'z')).toEqual(['zsh'])
})

test('where no word fits, bash falls back to files', async () => {
  expect(await offered('tally', 'import', 'book')).toEqual([''])
})
