import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { formatId } from '@tallystick/contract'
import { rootsOfBook, verifyLedger } from '@tallystick/engine'
import { firstSignerRecord, signCheckpoint, SigningKey } from '@tallystick/proof'
import { freshSeed } from '@tallystick/testkit'
import {
  parseProofText,
  SignatureType,
  trustPolicy,
  verifyGrowth,
  verifyReceipt,
} from '@tallystick/verify'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

import { type ServerOptions, startServer, startWitness, type WitnessAddress } from '../src/index.ts'
import {
  idOf,
  mendChecksums,
  patchAmount,
  type Payment,
  TRUE_PAYMENTS,
  writeHistory,
} from './forged-history.ts'
import { type Call, callerOf, ROOT_KEY, testServer } from './harness.ts'
import { scratchDirectory } from './server-process.ts'

const ORIGIN = 'ledger.example/log'
/** Payments that were signed first, and all that were signed. */
const EARLY = 15

const OBSERVERS = [
  'start refuses',
  'tally verify',
  'signer refuses',
  'no writes',
  'checkpoint',
  'receipt',
  'witness',
] as const
type Observer = (typeof OBSERVERS)[number]

interface Forgery {
  readonly what: string
  readonly payments: readonly Payment[]
  /** What an auditor is told who has the newest checkpoint and a copy of the data. */
  readonly audit: RegExp
  /** After that: files changed without deciding anew. */
  readonly patch?: (directory: string) => void
  /** Who notices, with all files and no key; and with the key, signer.json made anew. */
  readonly withoutKey: readonly Observer[]
  readonly withKey: readonly Observer[]
}

const changed = (from: number, end = from + 1): Payment[] =>
  TRUE_PAYMENTS.map((payment, index) =>
    index >= from && index < end ? { ...payment, amount: payment.amount + 1_000n } : payment,
  )

const moved = (payments: readonly Payment[], from: number, to: number): Payment[] => {
  const [payment] = payments.slice(from, from + 1)
  const rest = payments.filter((each) => each !== payment)
  return payment === undefined ? rest : rest.toSpliced(to, 0, payment)
}

const PROVED = /^ok .*The 43 events lead to the checkpoint's root/m
const ANOTHER = /^WRONG .*Neither the entries nor the hash tiles lead to the checkpoint's root/m
const SHORTER = /^WRONG .*tile\/entries\/000\.p\/43 is missing/m

/** Of a history that goes on: whoever kept anything of it. */
const KEPT = ['checkpoint', 'receipt', 'witness'] as const
const NEW: Payment = { number: 77, amount: 5n }

const FORGERIES: readonly Forgery[] = [
  {
    what: 'a byte changed',
    audit: /is corrupt at offset \d+/,
    ...{ payments: TRUE_PAYMENTS, patch: (path) => patchAmount(path, 987_654_005n, 5n) },
    withoutKey: ['start refuses', 'tally verify'],
    withKey: ['start refuses', 'tally verify'],
  },
  {
    what: 'an amount changed, checksums and chain mended',
    audit: ANOTHER,
    payments: TRUE_PAYMENTS,
    patch: (path) => {
      patchAmount(path, 987_654_005n, 5n)
      mendChecksums(path)
    },
    withoutKey: ['tally verify', 'signer refuses'],
    withKey: ['tally verify', ...KEPT],
  },
  {
    what: 'an amount changed, all decided anew',
    audit: ANOTHER,
    ...{ payments: changed(5), withoutKey: ['signer refuses'], withKey: KEPT },
  },
  {
    what: 'an entry dropped, and one added at the end',
    audit: ANOTHER,
    payments: [...TRUE_PAYMENTS.slice(0, 5), ...TRUE_PAYMENTS.slice(6), NEW],
    ...{ withoutKey: ['signer refuses'], withKey: KEPT },
  },
  {
    what: 'an entry dropped',
    audit: SHORTER,
    payments: [...TRUE_PAYMENTS.slice(0, 5), ...TRUE_PAYMENTS.slice(6)],
    ...{ withoutKey: ['signer refuses', 'no writes'], withKey: KEPT },
  },
  {
    what: 'an entry inserted',
    audit: ANOTHER,
    payments: TRUE_PAYMENTS.toSpliced(5, 0, NEW),
    ...{ withoutKey: ['signer refuses'], withKey: KEPT },
  },
  {
    what: 'two entries swapped',
    audit: ANOTHER,
    payments: moved(TRUE_PAYMENTS, 5, 6),
    ...{ withoutKey: ['signer refuses'], withKey: KEPT },
  },
  {
    what: 'rewritten from a point on',
    audit: ANOTHER,
    payments: changed(20, 40),
    ...{ withoutKey: ['signer refuses'], withKey: ['receipt', 'witness'] },
  },
  {
    what: 'an old backup restored',
    audit: SHORTER,
    payments: TRUE_PAYMENTS.slice(0, 20),
    ...{ withoutKey: ['signer refuses', 'no writes'], withKey: ['receipt', 'witness'] },
  },
  {
    what: 'a fork that has grown longer',
    audit: ANOTHER,
    payments: [...TRUE_PAYMENTS.slice(0, 20), ...changed(20, 40).slice(20), NEW],
    ...{ withoutKey: ['signer refuses'], withKey: ['receipt', 'witness'] },
  },
  {
    what: 'nothing changed, and one added at the end',
    audit: PROVED,
    ...{ payments: [...TRUE_PAYMENTS, NEW], withoutKey: [], withKey: [] },
  },
  {
    what: 'nothing changed',
    audit: PROVED,
    ...{ payments: TRUE_PAYMENTS, withoutKey: [], withKey: [] },
  },
]

/** What the honest operator, a client and a witness have. */
interface Kept {
  readonly path: string
  readonly seed: number
  vkey: string
  /** Of the first payments. */
  checkpoint: string
  /** Of the last one. */
  receipt: string
}

const kept: Kept = {
  ...{ path: mkdtempSync(join(tmpdir(), 'tally-tampering-')), seed: freshSeed() },
  ...{ vkey: '', checkpoint: '', receipt: '' },
}
const at = (name: string): string => join(kept.path, name)
afterAll(() => rmSync(kept.path, { recursive: true, force: true }))

async function coveredBy(call: Call, { number }: Payment): Promise<string> {
  const { status, text } = await call('GET', `/v1/transfers/${formatId(idOf({ number }))}/receipt`)
  expect(status).toBe(200)
  return text
}

async function witnessOf(vkey: string, directory: string) {
  const policy = trustPolicy({ keys: [vkey] })
  const alarms: string[] = []
  const running = await startWitness({
    ...{ directory, name: 'witness.example/w', logKeys: [...policy.logKeys] },
    listen: { host: '127.0.0.1', port: 0 },
    onAlarm: (sentence) => alarms.push(sentence),
    onFailure: () => {},
  })
  const [key] = trustPolicy({ keys: [vkey], witnesses: [running.vkey], quorum: 1 }).witnessKeys
  if (key === undefined) throw new Error('the witness has no key')
  const witnesses: WitnessAddress[] = [{ key, url: running.url }]
  return { ...running, witnesses, alarms }
}

/** One life of the honest server. */
async function life<Result>(
  payments: readonly Payment[],
  options: ServerOptions,
  use: (call: Call) => Promise<Result>,
): Promise<Result> {
  rmSync(at('data'), { recursive: true, force: true })
  await writeHistory(at('data'), payments, kept.seed)
  const server = await startServer({
    ...{ data: at('data'), keys: at('keys'), logOrigin: ORIGIN, rootKey: ROOT_KEY },
    ...options,
  })
  try {
    return await use(callerOf(server.url))
  } finally {
    await server.close()
  }
}

beforeAll(async () => {
  console.log(`TALLY_SEED=${kept.seed}`)
  const early = TRUE_PAYMENTS.slice(0, EARLY)
  kept.vkey = await life(early, {}, async (call) => {
    const { json } = await call('GET', '/v1/log')
    return String(json.keys[0])
  })
  const witness = await witnessOf(kept.vkey, at('witness'))
  const asking = { witnesses: witness.witnesses, witnessQuorum: 1 }
  const [newest] = early.slice(-1)
  const [last] = TRUE_PAYMENTS.slice(-1)
  if (newest === undefined || last === undefined) throw new Error('there are no payments')
  kept.checkpoint = await life(
    early,
    asking,
    async (call) => parseProofText(await coveredBy(call, newest)).checkpoint,
  )
  kept.receipt = await life(TRUE_PAYMENTS, asking, (call) => coveredBy(call, last))
  await witness.close()
  if (witness.alarms.length > 0) throw new Error(witness.alarms.join('; '))
}, 60_000)

const filter = (from: string): boolean => !from.includes('lock.sqlite')

/** What lies there after somebody was at it: the files forged, what derives from them removed; with the key, the signer's memory made anew. */
async function forge(forgery: Forgery, hasKey: boolean): Promise<{ data: string; keys: string }> {
  const path = scratchDirectory()
  const [data, keys] = [join(path, 'data'), join(path, 'keys')]
  await writeHistory(data, forgery.payments, kept.seed)
  for (const derived of ['snapshots', 'ids', 'proofs']) {
    rmSync(join(data, derived), { recursive: true, force: true })
  }
  forgery.patch?.(data)
  cpSync(at('keys'), keys, { recursive: true, filter })
  cpSync(at('witness'), join(path, 'witness'), { recursive: true, filter })
  if (hasKey) writeFileSync(join(keys, 'signer.json'), firstSignerRecord(ORIGIN))
  return { data, keys }
}

const TALLY = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const VERIFIER = fileURLToPath(new URL('../../verify/src/main.ts', import.meta.url))

function command(...argv: readonly string[]): {
  readonly code: number | null
  readonly text: string
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...argv], { encoding: 'utf8' })
  return { code: status, text: stdout + stderr }
}

/** An auditor with one old checkpoint, the log's key, a copy of the data, and no server of the operator. @returns what the commands said, and how the last one ended. */
async function audit(forgery: Forgery): Promise<{ code: number | null; text: string }> {
  const { data } = await forge(forgery, true)
  const directory = join(data, '..', 'audit')
  const old = join(data, '..', 'old.checkpoint')
  writeFileSync(old, parseProofText(kept.receipt).checkpoint)
  const made = command(TALLY, 'log', 'export', directory, '--data', data, '--checkpoint', old)
  return made.code === 0 ? command(VERIFIER, 'full', directory, '--key', kept.vkey) : made
}

/** The sentences of a report that say what is wrong. */
const wrongIn = (text: string): string =>
  text
    .split('\n')
    .find((line) => /^(WRONG|tally:)/.test(line))
    ?.replace(/^\S+ +/, '')
    .replaceAll(/\/\S+\//g, '') ?? 'nothing'

/** Whoever notices. */
async function observersOf(forgery: Forgery, hasKey: boolean): Promise<Observer[]> {
  const { data, keys } = await forge(forgery, hasKey)
  const seen: Partial<Record<Observer, boolean>> = {}
  seen['tally verify'] = !(await verifyLedger({ directory: data })).sound
  const witness = await witnessOf(kept.vkey, join(data, '..', 'witness'))
  onTestFinished(() => witness.close())
  const call = await testServer({
    ...{ data, keys, logOrigin: ORIGIN, witnesses: witness.witnesses, witnessQuorum: 0 },
  }).then(
    (server) => server.call,
    () => undefined,
  )
  if (call === undefined) seen['start refuses'] = true
  else Object.assign(seen, await seenInLife(call))
  return OBSERVERS.filter((observer) => seen[observer] === true)
}

async function seenInLife(call: Call): Promise<Partial<Record<Observer, boolean>>> {
  const log = async () => (await call('GET', '/v1/log')).json
  const isSettled = async (): Promise<boolean> => {
    const { status, signed, events, witnesses } = await log()
    const [{ cosigned_at: cosignedAt, alarm }] = witnesses
    return status === 'refused' || (signed === events && (alarm || cosignedAt !== null))
  }
  await expect.poll(isSettled, { timeout: 20_000 }).toBe(true)
  const { status, witnesses } = await log()
  const ready = (await call('GET', '/readyz')).json.status
  return {
    'signer refuses': status === 'refused',
    'no writes': ready === 'behind_signed',
    witness: witnesses[0].alarm === true,
    checkpoint: await contradicts(call, kept.checkpoint),
    receipt: await contradicts(call, parseProofText(kept.receipt).checkpoint),
  }
}

/** Whether the log that is shown now is no continuation of a checkpoint that somebody kept. Of a log that shows none, nothing is believed anyway. */
async function contradicts(call: Call, older: string): Promise<boolean> {
  const newer = await call('GET', '/v1/log/checkpoint')
  if (newer.status === 404) return false
  const read = async (path: string) => {
    const { status, bytes } = await call('GET', `/v1/log/${path}`)
    return status === 404 ? undefined : bytes
  }
  const growth = { older, newer: newer.text, evidence: { read } }
  return !(await verifyGrowth(growth, trustPolicy({ keys: [kept.vkey] }))).proved
}

const text = (seen: readonly Observer[]): string => seen.join(', ') || 'nobody'

const audits: string[] = []
afterAll(() => console.log(['what tally-verify tells an auditor', ...audits].join('\n')))

const table: string[] = []
afterAll(() => console.log(['who notices, and by what', ...table].join('\n')))

test.each(FORGERIES)('$what: noticed as it is written here', async (forgery) => {
  const withoutKey = await observersOf(forgery, false)
  const withKey = await observersOf(forgery, true)
  table.push(forgery.what, `  all files         ${text(withoutKey)}`)
  table.push(`  and the key       ${text(withKey)}`)
  expect({ withoutKey, withKey }).toEqual({
    withoutKey: forgery.withoutKey,
    withKey: forgery.withKey,
  })
})

test.each(FORGERIES)(
  '$what: an auditor with one old checkpoint and the data is told',
  async (forgery) => {
    const { code, text: said } = await audit(forgery)
    audits.push(`${forgery.what.padEnd(48)}${wrongIn(said)}`)
    expect(said).toMatch(forgery.audit)
    expect(code === 0).toBe(forgery.audit === PROVED)
  },
)

/** What one is told who has kept nothing, and has the openings of a history that its forger signed. */
const REPLAYS: readonly [what: string, told: RegExp][] = [
  [
    'an amount changed, checksums and chain mended',
    /^WRONG .*Event 9: the debit account .* from .* and a transfer of 5 follow/m,
  ],
  ['an amount changed, all decided anew', /^ok .*The trial balance is zero/m],
  ['nothing changed', /^ok .*The trial balance is zero/m],
]

test.each(REPLAYS)('%s: what a replay from its openings says of it', async (what, told) => {
  const forgery = FORGERIES.find((each) => each.what === what)
  if (forgery === undefined) throw new Error(`there is no forgery ${what}`)
  const { data } = await forge(forgery, true)
  const [directory, note] = [join(data, '..', 'opened'), join(data, '..', 'forged.checkpoint')]
  const size = TRUE_PAYMENTS.length + 3
  const [root = new Uint8Array(0)] = await rootsOfBook({ directory: data }, [size])
  const key = SigningKey.generate(ORIGIN, SignatureType.ed25519)
  const head = { origin: ORIGIN, size: BigInt(size), root, extensions: [] }
  writeFileSync(note, signCheckpoint(head, [key]))
  const shown = ['log', 'export', directory, '--data', data, '--checkpoint', note, '--openings']
  expect(command(TALLY, ...shown).code).toBe(0)
  const { code, text: said } = command(
    ...[VERIFIER, 'full', directory, '--key', key.vkey, '--openings'],
  )
  audits.push(`replayed: ${what.padEnd(38)}${wrongIn(said)}`)
  expect(said).toMatch(told)
  expect(code).toBe(said.includes('WRONG') ? 1 : 0)
})

test('the receipt that was given out stays good by itself', async () => {
  const report = await verifyReceipt(kept.receipt, trustPolicy({ keys: [kept.vkey] }))
  expect(report.proved).toBe(true)
})
