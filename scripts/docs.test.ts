import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'

import { packBatch, PackedOperation } from '@tallystick/contract'
import { accountIdOf, openLedger } from '@tallystick/engine'
import { expect, test } from 'vitest'

import { captured } from '../packages/cli/src/program.fixture.ts'
import { Metrics } from '../packages/server/src/metrics/metrics.ts'
import type { Setting } from '../packages/server/src/start/setting.ts'
import { Scrubbed } from '../packages/server/src/scrub/scrubber.ts'
import { silentLog } from '../packages/server/src/start/log.ts'
import { SETTINGS } from '../packages/server/src/start/settings.ts'
import { openTrust } from '../packages/server/src/trust/open-trust.ts'
import { drawSegment, smallSegment } from './draw-journal.ts'
import { eventPage } from './event-docs.ts'
import { ROOT, textFiles } from './source-files.ts'

const run = promisify(execFile)

const pages = textFiles().filter(({ path }) => path.endsWith('.md'))

const page = (path: string): string => {
  const found = pages.find((file) => file.path === path)
  if (found === undefined) throw new Error(`there is no ${path}`)
  return found.text
}

interface Block {
  /** What stands behind the backticks. */
  readonly kind: string
  readonly text: string
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', body = '']) => ({
    kind,
    text: body,
  }))
}

/** A heading's anchor, as code hosts make it. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

function anchorsOf(path: string): string[] {
  const prose = page(path).replaceAll(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/^#+ .*$/gm)].map(([heading]) => anchorOf(heading))
}

function isBroken(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? from : normalize(join(dirname(from), file))
  if (!existsSync(join(ROOT, path))) return true
  return anchor !== undefined && !anchorsOf(path).includes(anchor)
}

test.each(pages.map(({ path }) => path))('%s links to what is there', (path) => {
  const prose = page(path).replaceAll(/^```[\s\S]*?^```$|`[^`\n]*`/gm, '')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  const relative = targets.filter((target) => !/^[a-z]+:/.test(target))
  expect(relative.filter((target) => isBroken(path, target))).toEqual([])
})

/** The words of every `tally …` in the blocks of a page. */
function tallyCommands(path: string): string[][] {
  const lines = page(path).matchAll(/(?:\$ |&& |<\()(?:npx )?tally ([^\n]+)/g)
  return [...lines].map(
    ([, words = '']) =>
      words
        .replaceAll(/"?\$\([^)]*\)"?/g, 'VALUE')
        .split(/ [#|>&]|[;)]/)[0]
        ?.trim()
        .split(/\s+/) ?? [],
  )
}

const GLOBAL = ['--json', '--url', '--key']

const RUNBOOKS = pages.flatMap(({ path, text }) =>
  path.startsWith('docs/operations/') && text.includes('```console') ? [path] : [],
)

test.each(['README.md', 'docs/cli.md', 'docs/operations.md', ...RUNBOOKS])(
  '%s names commands and options of tally that exist',
  async (path) => {
    const commands = tallyCommands(path)
    expect(commands.length).toBeGreaterThan(0)
    for (const words of commands) {
      const options = words.filter((word) => /^--\w/.test(word) && !GLOBAL.includes(word))
      const rest = words.filter((word) => !word.startsWith('-'))
      const { stdout } = await captured([...rest, '--help'])
      expect(stdout, `tally ${words.join(' ')}`).not.toMatch(
        /^Usage: tally \[options\] \[command\]/,
      )
      const unknown = options.filter((option) => !stdout.includes(`${option} `))
      expect(unknown, `tally ${words.join(' ')}`).toEqual([])
    }
  },
)

test('docs/operations.md has the server’s settings, flag by flag', () => {
  const rows = [
    ...page('docs/operations.md').matchAll(/^\| (?:`--([a-z-]+)[^`]*`)? ?\| `(TALLY_\w+)`/gm),
  ]
  const written = rows.map(([, flag, env]) => ({ flag, env }))
  const settings = Object.values<Setting<unknown>>(SETTINGS)
  expect(written).toEqual(settings.map(({ flag, env }) => ({ flag, env })))
})

test('docs/operations.md has every metric, and no other', async () => {
  const ledger = await openLedger({ memory: true, proofs: true })
  const { proofs } = ledger
  if (proofs === undefined) throw new Error('there is no proof log')
  const settings = { keys: undefined, origin: undefined, witnesses: [], quorum: 0, log: silentLog }
  const trust = await openTrust(proofs, { ...settings, durable: () => 0 })
  const events = { followers: 0, paused: 0, lag: 0, given: 0 }
  const webhooks = {
    ...{ active: 0, disabled: 0, waiting: 0, ageSeconds: 0 },
    outcomes: { delivered: 0, failed: 0, dead: 0, withheld: 0 },
  }
  const broker = {
    ...{ kind: 'rabbitmq', status: 'connected' as const, lag: 0, unconfirmed: 0 },
    ...{ published: 0, connections: 0, losses: 0 },
  }
  const state = { status: 'ready', version: '18.4', detail: '', losses: 0 } as const
  const database = { state, connections: 0 }
  const following = {
    ...{ status: 'following' as const, sequence: 0, rebuildingUntil: 0 },
    ...{ lagEvents: 0, lagSeconds: 0, failures: 0 },
  }
  const figures = {
    ...{ rules: 0, firings: 0, evaluated: 0, lagEvents: 0, lagSeconds: 0, waiting: 0 },
    ...{ frozen: 0, notFrozen: 0, ticks: 0, failures: 0 },
  }
  const text = new Metrics().text({
    ledger,
    version: '0',
    trust,
    ...{
      scrubbed: new Scrubbed(),
      database,
      readModels: { state: following },
      checking: {
        agreement: { last: undefined, checks: 0 },
        jobs: { done: 0, failed: 0 },
      },
      events,
      rules: { figures },
      brokers: { publishers: [broker] },
      webhooks: { figures: () => webhooks },
    },
  })
  trust.close()
  await ledger.close()
  const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name)
  const table = page('docs/operations.md').matchAll(/^\| .*?`(?:tally|process)_.* \|$/gm)
  const written = [...table].flatMap(([row]) => [...row.matchAll(/`(\w+_\w+)/g)].map(([, n]) => n))
  expect(new Set(written)).toEqual(new Set(names))
})

const examples = blocksOf(page('docs/library.md')).flatMap(({ kind, text }, index, blocks) =>
  kind === 'ts run'
    ? [{ number: index / 2 + 1, code: text, printed: blocks[index + 1]?.text ?? '' }]
    : [],
)

test('docs/library.md has examples that run', () => {
  expect(examples.length).toBeGreaterThan(3)
})

test.each(examples)(
  'example $number of docs/library.md prints what stands below it',
  async (example) => {
    const args = ['--input-type=module-typescript', '--eval', example.code]
    const { stdout } = await run(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env.PATH },
    })
    expect(stdout).toBe(example.printed)
  },
)

test('docs/journal.md shows the bytes that are written', async () => {
  const [drawing] = blocksOf(page('docs/journal.md'))
  expect(drawing?.text.trim()).toBe(drawSegment(await smallSegment()))
})

test('docs/events.md has every type of event as the contract has it', () => {
  expect(page('docs/events.md')).toBe(eventPage(page('docs/events.md')))
})

test('docs/http.md shows a packed batch as it is', () => {
  const batch = packBatch(
    [
      {
        ...{
          operation: PackedOperation.createTransfer,
          id: 42n,
          amount: 500n,
          asset: 978,
          code: 1,
        },
        debitAccountId: accountIdOf('world:EUR-2'),
        creditAccountId: accountIdOf('users:1042:wallet'),
        ...{ pendingId: 0n, effectiveAt: 0n, timeout: 0, flags: 0 },
        metadata: new TextEncoder().encode('{"a":1}'),
      },
    ],
    { atomic: false },
  )
  const [dump = ''] = /(?:^ {4}000000.0 .*\n)+/m.exec(page('docs/http.md')) ?? []
  const shown = [...dump.matchAll(/^ {4}[0-9a-f]{8} ((?: {1,2}[0-9a-f]{2}){1,16})/gm)]
  const bytes = shown.map(([, row = '']) => row.replaceAll(' ', '')).join('')
  expect(bytes).toBe(Buffer.from(batch).toString('hex'))
})
