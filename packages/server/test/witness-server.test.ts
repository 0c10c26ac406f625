import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { ADD_CHECKPOINT_BYTES_MAX, addSignatures } from '@tallystick/proof'
import { SlowTree } from '@tallystick/testkit'
import {
  formatNote,
  openCheckpoint,
  parseNote,
  parseSignatureLines,
  parseVerifierKey,
} from '@tallystick/verify'
import { expect, test } from 'vitest'

import { logKey, noteOf, ORIGIN, runWitness, submit } from './log-and-witness.ts'
import { scratchDirectory } from './server-process.ts'

const answerOf = async (response: Promise<Response>) => {
  const { status, headers } = await response
  return { status, type: headers.get('content-type'), body: await (await response).text() }
}

test('a witness cosigns a growing log, and anyone can check it with its printed key', async () => {
  const { url, vkey, directory, failures } = await runWitness('witness.example/w1')
  const tree = new SlowTree()
  for (let old = 0; old < 12; old += 3) {
    tree.grow(3)
    const response = await submit(url, { tree, old })
    expect(response.status).toBe(200)
    const lines = parseSignatureLines(await response.text())
    const note = formatNote(addSignatures(parseNote(noteOf(tree)), lines))
    const { witnesses } = await openCheckpoint(note, {
      origin: ORIGIN,
      logKeys: [logKey.verifierKey],
      witnessKeys: [parseVerifierKey(vkey)],
      quorum: 1,
    })
    const seconds = Math.abs(Number(witnesses[0]!.timestamp) - Date.now() / 1_000)
    expect(seconds).toBeLessThan(60)
  }
  expect(failures).toEqual([])
  const files = readdirSync(directory)
  expect(files.filter((name) => /^[0-9a-f]{64}\.json$/.test(name))).toHaveLength(1)
  for (const name of files.filter((name) => !name.endsWith('.sqlite'))) {
    expect(statSync(join(directory, name)).mode & 0o077).toBe(0)
  }
})

test('its size is told with the content type of the specification', async () => {
  const { url } = await runWitness('w')
  const tree = new SlowTree().grow(5)
  await submit(url, { tree, old: 0 })
  expect(await answerOf(submit(url, { tree, old: 0 }))).toEqual({
    ...{ status: 409, type: 'text/x.tlog.size', body: '5\n' },
  })
})

test('a fork and a wrong proof are alarms for the one who runs it, a rollback just gets the size', async () => {
  const { url, alarms } = await runWitness('w')
  const tree = new SlowTree().grow(9)
  await submit(url, { tree, old: 0 })
  expect((await submit(url, { tree, old: 4, size: 6 })).status).toBe(409)
  expect(alarms).toEqual([])
  const fork = tree.cut(8).grow(1, 1)
  expect(await answerOf(submit(url, { tree: fork, old: 9 }))).toMatchObject({
    ...{ status: 409, type: 'text/plain; charset=utf-8' },
  })
  const longer = tree.cut(4).grow(9, 1)
  expect((await submit(url, { tree: longer, old: 9 })).status).toBe(422)
  expect(alarms).toHaveLength(2)
  expect(alarms[0]).toContain('two histories')
})

test('what is no add-checkpoint gets a sentence', async () => {
  const { url, failures } = await runWitness('w')
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
    fetch(url + path, { method: 'POST', body })
  expect(await answerOf(fetch(`${url}/`))).toMatchObject({ status: 404 })
  expect(await answerOf(post('/add-checkpoint/', ''))).toMatchObject({ status: 404 })
  expect((await fetch(`${url}/add-checkpoint`)).headers.get('allow')).toBe('POST')
  expect(await answerOf(post('/add-checkpoint', ''))).toMatchObject({ status: 400 })
  expect(await answerOf(post('/add-checkpoint', Uint8Array.of(0xff)))).toMatchObject({
    status: 400,
  })
  const large = 'a'.repeat(ADD_CHECKPOINT_BYTES_MAX + 1)
  expect(await answerOf(post('/add-checkpoint', large))).toMatchObject({ status: 413 })
  const other = noteOf(new SlowTree().grow(1)).replaceAll('ledger', 'lodger')
  expect(await answerOf(post('/add-checkpoint', `old 0\n\n${other}`))).toMatchObject({
    status: 404,
  })
  expect(failures).toEqual([])
})

test('a damaged record stops the cosigning of its log, and is told', async () => {
  const { url, directory, failures } = await runWitness('w')
  const tree = new SlowTree().grow(2)
  await submit(url, { tree, old: 0 })
  const [record = ''] = readdirSync(directory).filter((name) => name.endsWith('.json'))
  writeFileSync(join(directory, record), '')
  expect(await answerOf(submit(url, { tree, old: 2 }))).toMatchObject({ status: 500 })
  expect(failures.map(String)).toEqual([expect.stringContaining('cannot be read') as string])
})

test('of two histories posted at one time to two witnesses over one directory, one is cosigned', async () => {
  const directory = join(scratchDirectory(), 'shared')
  const first = await runWitness('w', directory)
  const second = await runWitness('w', directory)
  expect(second.vkey).toBe(first.vkey)
  const base = new SlowTree().grow(4)
  await submit(first.url, { tree: base, old: 0 })
  const branches = [1, 2].map((branch) => base.cut(4).grow(5, branch))
  const posts = Array.from({ length: 16 }, (_, index) => {
    const { url } = [first, second][index % 2]!
    return submit(url, { tree: branches[(index >> 1) % 2]!, old: 4, size: 6 + (index % 3) })
  })
  const statuses = (await Promise.all(posts)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  expect(new Set(statuses)).toEqual(new Set([200, 409]))
})

test('the key of a witness keeps its name', async () => {
  const directory = join(scratchDirectory(), 'w')
  await runWitness('w', directory)
  await expect(runWitness('another', directory)).rejects.toThrow(/not the key of another/)
})
