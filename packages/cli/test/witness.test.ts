import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatAddCheckpoint, signCheckpoint, SigningKey } from '@tallystick/proof'
import { freshSeed, Prng, SlowTree } from '@tallystick/testkit'
import {
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  SignatureType,
  verifyNote,
} from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'
import { captured } from '../src/program.fixture.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ORIGIN = 'ledger.example/log'
const NAME = 'witness.example/w1'
const logKey = SigningKey.generate(ORIGIN, SignatureType.ed25519)

interface Running {
  readonly child: ChildProcess
  readonly closed: Promise<unknown[]>
  readonly url: string
  readonly vkey: string
  readonly stderr: () => string
}

function scratchDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'tally-witness-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** `tally witness` as a process; killed with the test. */
async function start(cwd: string, ...more: readonly string[]): Promise<Running> {
  const args = ['witness', '--json', '--listen', '127.0.0.1:0', '--name', NAME]
  const child = spawn(process.execPath, [MAIN, ...args, '--origin-key', logKey.vkey, ...more], {
    cwd,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = once(child, 'close')
  let stderr = ''
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString()
  })
  const [line] = (await Promise.race([once(child.stdout, 'data'), closed])) as [Buffer]
  const { url, vkey } = JSON.parse(String(line)) as { url: string; vkey: string }
  return { child, closed, url, vkey, stderr: () => stderr }
}

async function kill({ child, closed }: Running): Promise<void> {
  child.kill('SIGKILL')
  await closed
}

const noteOf = (tree: SlowTree, size = tree.size): string =>
  signCheckpoint({ origin: ORIGIN, ...tree.head(size), extensions: [] }, [logKey])

/** @param old the size that the witness is said to have. */
async function submit(url: string, tree: SlowTree, old: number, size = tree.size) {
  const body = formatAddCheckpoint(BigInt(old), tree.consistency(old, size), noteOf(tree, size))
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
  return { status: response.status, body: await response.text() }
}

/** Whether an answer is a cosignature of the checkpoint by this key. */
async function isCosignature(note: string, body: string, vkey: string): Promise<boolean> {
  const { verified } = await verifyNote(parseNote(note + body), [parseVerifierKey(vkey)])
  return verified.length === 1
}

test('a witness makes its key once, prints it, and ends in order on Ctrl-C', async () => {
  const cwd = scratchDirectory()
  const first = await start(cwd)
  expect(first.vkey).toMatch(/^witness\.example\/w1\+[0-9a-f]{8}\+B/)
  expect(statSync(join(cwd, 'witness', 'witness.key')).mode & 0o777).toBe(0o600)
  const tree = new SlowTree().grow(3)
  const { status, body } = await submit(first.url, tree, 0)
  expect(status).toBe(200)
  const { witnesses } = await openCheckpoint(noteOf(tree) + body, {
    origin: ORIGIN,
    logKeys: [logKey.verifierKey],
    witnessKeys: [parseVerifierKey(first.vkey)],
    quorum: 1,
  })
  expect(witnesses).toHaveLength(1)
  first.child.kill('SIGINT')
  expect((await first.closed)[0]).toBe(0)
  const second = await start(cwd)
  expect(second.vkey).toBe(first.vkey)
  expect(await submit(second.url, tree, 0)).toEqual({ status: 409, body: '3\n' })
})

test('after kill -9 between two requests, a rollback and a fork are refused as before', async () => {
  const cwd = scratchDirectory()
  const tree = new SlowTree().grow(7)
  const before = await start(cwd)
  expect((await submit(before.url, tree, 0)).status).toBe(200)
  await kill(before)
  const after = await start(cwd)
  // A smaller tree of the same history, whatever it says that the witness had.
  expect(await submit(after.url, tree, 0, 5)).toEqual({ status: 409, body: '7\n' })
  expect((await submit(after.url, tree, 5, 5)).status).toBe(409)
  expect((await submit(after.url, tree, 7, 5)).status).toBe(400)
  const fork = tree.cut(6).grow(1, 1)
  expect((await submit(after.url, fork, 7)).status).toBe(409)
  expect((await submit(after.url, fork.grow(4, 1), 7)).status).toBe(422)
  expect(after.stderr()).toContain('alarm: ')
  expect((await submit(after.url, tree.grow(2), 7)).status).toBe(200)
})

test('whenever a witness is killed, it knows every size that it cosigned, and no other history', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const cwd = scratchDirectory()
  const tree = new SlowTree().grow(4_000)
  let size = 0
  for (let life = 0; life < 6; life++) {
    const witness = await start(cwd)
    const told = await submit(witness.url, tree, tree.size)
    // What was answered is known, and at most the one request more that was on its way.
    const known = told.status === 200 ? tree.size : Number(told.body)
    expect([size, size + 1], `TALLY_SEED=${seed}`).toContain(known)
    size = known
    const timer = setTimeout(() => witness.child.kill('SIGKILL'), 20 + prng.below(150))
    size = await growUntilKilled(witness, tree, size)
    clearTimeout(timer)
    await witness.closed
  }
  const last = await start(cwd)
  const other = tree.cut(2).grow(size, 1)
  const newest = Number((await submit(last.url, tree, tree.size)).body)
  expect((await submit(last.url, other, newest, newest)).status).toBe(409)
  expect(newest).toBeGreaterThan(6)
})

/** One leaf after the other. @returns the last size that was cosigned. */
async function growUntilKilled(witness: Running, tree: SlowTree, from: number): Promise<number> {
  for (let size = from; ; size++) {
    const answer = await submit(witness.url, tree, size, size + 1).catch(() => undefined)
    if (answer === undefined) return size
    expect(answer.status).toBe(200)
    expect(await isCosignature(noteOf(tree, size + 1), answer.body, witness.vkey)).toBe(true)
  }
}

test('of many checkpoints posted for one log at one time, those that are cosigned are one history', async () => {
  const witness = await start(scratchDirectory())
  const base = new SlowTree().grow(5)
  expect((await submit(witness.url, base, 0)).status).toBe(200)
  const branches = [1, 2, 3].map((branch) => base.cut(5).grow(40, branch))
  const posts = Array.from({ length: 60 }, async (_, index) => {
    const branch = branches[index % 3]!
    const { status } = await submit(witness.url, branch, 5, 6 + (index % 7))
    return { branch, status }
  })
  const answers = await Promise.all(posts)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(59)
})

test('a witness for another log, or with a wrong command line, says so', async () => {
  const cwd = scratchDirectory()
  const none = await captured(['witness'], { cwd })
  expect(none.stderr).toContain('--origin-key ORIGIN+KEYID+BASE64')
  expect(none.code).toBe(2)
  const wrong = await captured(['witness', '--origin-key', `${logKey.vkey}x`], { cwd })
  expect(wrong.stderr).toContain('no verifier key')
  expect(wrong.code).toBe(2)
  const listen = ['witness', '--origin-key', logKey.vkey, '--listen', 'nowhere']
  expect((await captured(listen, { cwd })).code).toBe(2)
  const running = await start(cwd)
  await kill(running)
  const renamed = ['witness', '--origin-key', logKey.vkey, '--name', 'other', '--listen', ':0']
  const { code, stderr } = await captured(renamed, { cwd })
  expect(stderr).toContain('is not the key of other')
  expect(code).toBe(2)
})
