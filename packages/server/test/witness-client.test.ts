import { createServer, type RequestListener } from 'node:http'
import { readdirSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { SlowTree } from '@tallystick/testkit'
import { openCheckpoint, parseNote, parseVerifierKey, verifierKey } from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'

import {
  type GrowthProofs,
  type WitnessAddress,
  type WitnessAlarm,
  WitnessClient,
} from '../src/trust/witness-client.ts'
import { logKey, noteOf, ORIGIN, runWitness, submit, type TestWitness } from './log-and-witness.ts'

const proofsOf =
  (tree: SlowTree): GrowthProofs =>
  (first, { size }) =>
    Promise.resolve(tree.consistency(Number(first), Number(size)))

const addressOf = ({ url, vkey }: { url: string; vkey: string }): WitnessAddress => ({
  url,
  key: parseVerifierKey(vkey),
})

const names = ['witness.example/w1', 'witness.example/w2', 'witness.example/w3']
const runThree = (): Promise<TestWitness[]> => Promise.all(names.map((name) => runWitness(name)))

interface Setting {
  readonly tree: SlowTree
  readonly witnesses: readonly { url: string; vkey: string }[]
  readonly quorum: number
  readonly deadlineMs?: number
}

function clientOf({ tree, witnesses, quorum, deadlineMs = 10_000 }: Setting) {
  const alarms: WitnessAlarm[] = []
  const client = new WitnessClient({
    witnesses: witnesses.map(addressOf),
    quorum,
    deadlineMs,
    proofs: proofsOf(tree),
    onAlarm: (alarm) => alarms.push(alarm),
  })
  return { client, alarms }
}

/** A witness that answers what the test says. Closed with the test. */
async function fake(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Of nobody who answers. */
const SILENT_VKEY = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'
const silent = async () => ({ url: await fake(() => undefined), vkey: SILENT_VKEY })

test('all witnesses cosign, one size after the other, and readers believe it', async () => {
  const tree = new SlowTree()
  const witnesses = await runThree()
  const { client, alarms } = clientOf({ tree, witnesses, quorum: 3 })
  for (let round = 0; round < 5; round++) {
    tree.grow(round)
    const { note, isEnough } = await client.cosign(noteOf(tree)).quorum
    expect(isEnough).toBe(true)
    const policy = {
      origin: ORIGIN,
      logKeys: [logKey.verifierKey],
      witnessKeys: witnesses.map(({ vkey }) => parseVerifierKey(vkey)),
      quorum: 3,
    }
    const { checkpoint } = await openCheckpoint(note, policy)
    expect(checkpoint.size).toBe(BigInt(tree.size))
    expect(parseNote(note).signatures.map(({ name }) => name)).toEqual([ORIGIN, ...names])
  }
  expect(alarms).toEqual([])
  expect(client.states().map(({ name, size, failure }) => ({ name, size, failure }))).toEqual(
    names.map((name) => ({ name, size: BigInt(tree.size), failure: undefined })),
  )
})

test('a client that knows nothing of where the witnesses stand asks again from the size they tell', async () => {
  const tree = new SlowTree().grow(5)
  const witnesses = await runThree()
  await submit(witnesses[0]!.url, { tree, old: 0, size: 3 })
  await submit(witnesses[1]!.url, { tree, old: 0 })
  const { client, alarms } = clientOf({ tree: tree.grow(4), witnesses, quorum: 3 })
  expect((await client.cosign(noteOf(tree)).quorum).isEnough).toBe(true)
  // The same checkpoint again, also by another one.
  expect((await client.cosign(noteOf(tree)).quorum).isEnough).toBe(true)
  const again = clientOf({ tree, witnesses, quorum: 3 })
  expect((await again.client.cosign(noteOf(tree)).quorum).isEnough).toBe(true)
  expect([...alarms, ...again.alarms]).toEqual([])
})

test('the quorum does not wait for a witness that is silent, and the silent one has a deadline', async () => {
  const tree = new SlowTree().grow(5)
  const [first, second] = await runThree()
  const witnesses = [await silent(), first!, second!]
  const { client } = clientOf({ tree, witnesses, quorum: 2, deadlineMs: 1_500 })
  const run = client.cosign(noteOf(tree))
  const { isEnough, cosignatures } = await run.quorum
  expect(isEnough).toBe(true)
  expect(cosignatures.map(({ key }) => key.name)).toEqual(names.slice(0, 2))
  expect((await run.all).cosignatures).toHaveLength(2)
  expect(client.states()[0]).toMatchObject({
    ...{ failure: 'It did not answer in time.', size: undefined, alarm: undefined },
  })
})

test('without a quorum the checkpoint is given with what there is, and said not to be enough', async () => {
  const tree = new SlowTree().grow(5)
  const [first, second, third] = await runThree()
  await third!.close()
  const witnesses = [first!, second!, third!]
  const { client, alarms } = clientOf({ tree, witnesses, quorum: 3 })
  const { isEnough, cosignatures, note } = await client.cosign(noteOf(tree)).quorum
  expect(isEnough).toBe(false)
  expect(cosignatures).toHaveLength(2)
  expect(parseNote(note).signatures).toHaveLength(3)
  expect(client.states()[2]!.failure).toMatch(/ECONNREFUSED/)
  expect(alarms).toEqual([])
})

test('no witnesses and a quorum of none give the checkpoint as it is', async () => {
  const tree = new SlowTree().grow(1)
  const { client } = clientOf({ tree, witnesses: [], quorum: 0 })
  const note = noteOf(tree)
  expect(await client.cosign(note).quorum).toEqual({ note, cosignatures: [], isEnough: true })
})

test.each<[string, SlowTree, RegExp]>([
  ['another history of the same size', new SlowTree().grow(3).grow(4, 1), /another root/],
  ['another history that is longer', new SlowTree().grow(3).grow(9, 1), /for a continuation/],
  ['a restored backup', new SlowTree().grow(6), /has cosigned 7 leaves .* has 6 here/],
])('%s is an alarm, raised once and kept', async (_what, other, sentence) => {
  const [witness] = await runThree()
  await submit(witness!.url, { tree: new SlowTree().grow(7), old: 0 })
  const { client, alarms } = clientOf({ tree: other, witnesses: [witness!], quorum: 1 })
  for (let time = 0; time < 2; time++) {
    expect((await client.cosign(noteOf(other)).quorum).isEnough).toBe(false)
  }
  expect(alarms).toEqual([
    { witness: names[0], sentence: expect.stringMatching(sentence) as string },
  ])
  expect(client.states()[0]!.alarm).toMatch(sentence)
})

test('a witness that has lost its records is an alarm, and its cosignature does not count', async () => {
  const tree = new SlowTree().grow(4)
  const witness = await runWitness(names[0]!)
  const { client, alarms } = clientOf({ tree, witnesses: [witness], quorum: 1 })
  await client.cosign(noteOf(tree)).quorum
  const record = readdirSync(witness.directory).find((name) => name.endsWith('.json'))
  rmSync(`${witness.directory}/${record}`)
  tree.grow(2)
  expect((await client.cosign(noteOf(tree)).quorum).isEnough).toBe(false)
  expect(alarms[0]!.sentence).toMatch(/had cosigned 4 leaves, and now says 0/)
})

test.each<[string, RequestListener, RegExp]>([
  ['fails', (_, response) => response.writeHead(500).end('oops'), /answered 500: "oops"/],
  ['does not know the log', (_, response) => response.writeHead(404).end('?'), /answered 404/],
  ['knows no key of the log', (_, response) => response.writeHead(403).end('?'), /answered 403/],
  ['sends nothing', (_, response) => response.end(), /without a cosignature/],
  ['sends what is no line', (_, response) => response.end('hello\n'), /no signature line/],
  ['sends a line of another', (_, response) => response.end('— a AAAAAAA=\n'), /without a cosign/],
  [
    'sends a wrong signature',
    (_, response) => response.end(`— remora.n621.de 2net5w${'A'.repeat(96)}==\n`),
    /does not verify/,
  ],
  ['sends too much', (_, response) => response.end('a'.repeat(200_000)), /too long/],
  ['sends no text', (_, response) => response.end(Uint8Array.of(0xff)), /./],
  [
    'tells a size that is none',
    (_, response) => response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('05\n'),
    /a size that is none/,
  ],
  [
    'tells the same size whatever it is asked, with a parameter on its type',
    (_, response) =>
      response.writeHead(409, { 'content-type': 'text/x.tlog.size; charset=utf-8' }).end('3\n'),
    /Others submit/,
  ],
  [
    'sends elsewhere',
    (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    /redirect/,
  ],
  ['hangs up', (request) => request.socket.destroy(), /fetch failed/],
])('a witness that %s does not count, and is no alarm', async (_what, listener, failure) => {
  const tree = new SlowTree().grow(4)
  const witnesses = [{ url: await fake(listener), vkey: SILENT_VKEY }]
  const { client, alarms } = clientOf({ tree, witnesses, quorum: 1 })
  expect((await client.cosign(noteOf(tree)).quorum).cosignatures).toEqual([])
  expect(client.states()[0]!.failure).toMatch(failure)
  expect(alarms).toEqual([])
})

test('a cosignature of another checkpoint does not count', async () => {
  const tree = new SlowTree().grow(4)
  const witness = await runWitness(names[0]!)
  const old = await (await submit(witness.url, { tree, old: 0 })).text()
  const url = await fake((_, response) => response.end(old))
  const { client } = clientOf({ tree: tree.grow(1), witnesses: [{ ...witness, url }], quorum: 1 })
  expect((await client.cosign(noteOf(tree)).quorum).cosignatures).toEqual([])
  expect(client.states()[0]!.failure).toMatch(/does not verify/)
})

test('checkpoints that are asked for at once are cosigned in their order, without an alarm', async () => {
  const tree = new SlowTree().grow(30)
  const witnesses = await runThree()
  const { client, alarms } = clientOf({ tree, witnesses, quorum: 3 })
  const runs = Array.from({ length: 10 }, (_, index) =>
    client.cosign(noteOf(tree, 3 * (index + 1))),
  )
  for (const run of runs) expect((await run.all).isEnough).toBe(true)
  expect(alarms).toEqual([])
})

test('a checkpoint that is smaller than one that this client had cosigned is not asked about', async () => {
  const tree = new SlowTree().grow(9)
  const witness = await runWitness(names[0]!)
  const { client, alarms } = clientOf({ tree, witnesses: [witness], quorum: 1 })
  await client.cosign(noteOf(tree)).quorum
  expect((await client.cosign(noteOf(tree, 8)).quorum).isEnough).toBe(false)
  expect(client.states()[0]!.failure).toContain('A larger checkpoint was cosigned')
  expect(alarms).toEqual([])
})

test('a quorum that can never come, and one witness with two names, are refused at once', () => {
  const tree = new SlowTree()
  const witness = { url: 'http://127.0.0.1:1', vkey: SILENT_VKEY }
  const make = (witnesses: WitnessAddress[], quorum: number) => () =>
    new WitnessClient({ witnesses, quorum, deadlineMs: 1, proofs: proofsOf(tree) })
  const { key } = addressOf(witness)
  expect(make([{ url: '', key }], 2)).toThrow(/quorum of 2/)
  const twin = verifierKey('twin', 4, key.publicKey)
  expect(
    make(
      [
        { url: '', key },
        { url: '', key: twin },
      ],
      1,
    ),
  ).toThrow(/same public key/)
  expect(make([{ url: '', key: logKey.verifierKey }], 1)).toThrow(/not for cosignatures/)
})
