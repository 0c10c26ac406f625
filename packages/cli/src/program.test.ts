import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ExitCode } from './exit-code.ts'
import { captured } from './program.fixture.ts'

const EXAMPLES = new URL('../../../examples/', import.meta.url).pathname

test.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.tally')))(
  'example %s plays to its committed output',
  async (name) => {
    const { code, stdout } = await captured(['play', join(EXAMPLES, name)])
    expect(code).toBe(ExitCode.ok)
    await expect(stdout).toMatchFileSnapshot(join(EXAMPLES, name.replace('.tally', '.out')))
  },
)

test('a scenario that comes out differently ends with 1 and says where', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tally-play-')), 'wrong.tally')
  writeFileSync(path, 'account A\naccount B\ntransfer T A B 5 -> exceeds_credits\n')
  const { code, stdout, stderr } = await captured(['play', path])
  expect(code).toBe(ExitCode.refused)
  expect(stdout).toContain('!! expected exceeds_credits, was created')
  expect(stderr).toContain('line 3')
  const json = await captured(['play', path, '--json'])
  expect(JSON.parse(json.stdout.split('\n')[2] ?? '')).toMatchObject({
    line: 3,
    answer: 'created 5',
  })
})

test('a scenario that cannot be read is a wrong file', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tally-play-')), 'malformed.tally')
  writeFileSync(path, 'accuont A\n')
  const { code, stderr } = await captured(['play', path])
  expect(stderr).toContain('line 1: "accuont" is not a step')
  expect(code).toBe(ExitCode.usage)
})

test.each([
  [[], 'Usage: tally', ExitCode.usage],
  [['nonsense'], "unknown command 'nonsense'", ExitCode.usage],
  [['balance'], "missing required argument 'address'", ExitCode.usage],
  [['balance', 'a', '--colour'], "unknown option '--colour'", ExitCode.usage],
  [['balance', 'a', '--by', 'night', '--key', 'k'], '--by must be', ExitCode.usage],
  [['balance', 'a'], 'There is no key', ExitCode.usage],
  [['account', 'open', 'a'], "required option '--asset", ExitCode.usage],
  [['play', 'no-such-file'], 'ENOENT', ExitCode.usage],
  [['import', 'no-such-file', '--map', 'bank'], 'ENOENT', ExitCode.usage],
  [['import', 'no-such-file', '--map', 'my.json'], 'There is no map', ExitCode.usage],
  [['completion', 'fish'], 'Allowed choices are bash, zsh', ExitCode.usage],
  [['sample', 'bank', '--rows', 'many'], '--rows must be a whole number', ExitCode.usage],
  [
    ['statement', 'a', '--month', '2026-11', '--from', '2026-11-01', '--key', 'k'],
    'not both',
    ExitCode.usage,
  ],
])('tally %j says "%s" and ends with %i', async (argv, why, expected) => {
  const { code, stderr } = await captured(argv)
  expect(stderr).toContain(why)
  expect(code).toBe(expected)
})

test('an error is JSON where answers are', async () => {
  const { stderr } = await captured(['balance', 'a', '--json'])
  expect(JSON.parse(stderr)).toMatchObject({ object: 'error', code: 'usage' })
})

test('help ends well and has examples, for every command', async () => {
  const { stdout, code } = await captured(['--help'])
  expect(code).toBe(ExitCode.ok)
  expect(stdout).toContain('Exit codes:')
  const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] ?? '')
  expect(names).toContain('import')
  const passedOn = ['help', 'start', 'bench', 'account', 'sample']
  for (const name of names.filter((each) => !passedOn.includes(each))) {
    const help = await captured([name, '--help'])
    expect(help.stdout).toMatch(new RegExp(`Usage: tally ${name}[^]*Examples:`))
  }
})

test('colours only on a terminal, and not with NO_COLOR', async () => {
  const args = ['balance', 'a']
  const esc = '\u001b['
  expect((await captured(args)).stderr).not.toContain(esc)
  expect((await captured(args, { isTTY: true })).stderr).toContain(esc)
  const plain = await captured(args, { isTTY: true, variables: { NO_COLOR: '1' } })
  expect(plain.stderr).not.toContain(esc)
})

test('the sample goes to standard output whole', async () => {
  const { stdout } = await captured(['sample', 'bank', '--rows', '30', '--accounts', '3'])
  expect(stdout.split('\n')).toHaveLength(32)
})

test('a completion knows every command', async () => {
  for (const name of ['bash', 'zsh']) {
    const { stdout } = await captured(['completion', name])
    expect(stdout).toContain('"tally account") ')
    expect(stdout).toContain('--check-balance')
  }
})
