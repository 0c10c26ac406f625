import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ShownLog } from '@tallystick/testkit'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  fileStore,
  type LogAlarm,
  memoryStore,
  type SeenStore,
  stateDirectory,
  Tallystick,
  type TallystickOptions,
} from '../src/index.ts'

const URL = 'https://ledger.example'

interface Client {
  readonly tally: Tallystick
  readonly alarms: LogAlarm[]
}

async function shown(events = 3): Promise<ShownLog> {
  const log = new ShownLog().grow(events)
  onTestFinished(() => log.close())
  return log
}

/** A client of the log by a name that is not this machine's. */
async function clientOf(
  log: ShownLog,
  { store = memoryStore(), ...options }: Partial<TallystickOptions> & { store?: SeenStore } = {},
): Promise<Client> {
  const address = await log.listen()
  const alarms: LogAlarm[] = []
  const tally = new Tallystick({
    ...{ url: URL, key: 'tk', retries: 0 },
    fetch: (input, init) => fetch(new Request(input).url.replace(URL, address), init),
    watch: { store, onAlarm: (alarm) => alarms.push(alarm) },
    ...options,
  })
  return { tally, alarms }
}

const alarmOf = async ({ tally }: Client): Promise<string | undefined> =>
  (await tally.log.check()).alarm?.code

test('a log that grows gives no alarm, at any size', async () => {
  const log = await shown(0)
  const client = await clientOf(log)
  for (const added of [0, 1, 2, 5, 0, 248, 1, 255, 300]) {
    log.grow(added)
    const { seen, alarm, failure } = await client.tally.log.check()
    expect([seen?.size, alarm, failure]).toEqual([BigInt(log.leaves.length), undefined, undefined])
  }
  expect(client.alarms).toEqual([])
})

test('a log with another history gives an alarm that stays, with the evidence', async () => {
  for (const grown of [0, 1, 400]) {
    const log = await shown(300)
    const client = await clientOf(log)
    await client.tally.log.check()
    const kept = log.checkpoint()
    log.leaves.length = 150
    log.grow(150 + grown, 1)
    expect(await alarmOf(client)).toBe('forked')
    const sentence = client.alarms[0]?.sentence
    expect(sentence).toContain(
      `a log of ${300 + grown} events that does not begin with the 300 events that this client saw on `,
    )
    const other = log.checkpoint()
    // The old history again takes nothing back.
    log.leaves.length = 0
    log.grow(301)
    expect(await alarmOf(client)).toBe('forked')
    const { seen } = await client.tally.log.watched()
    expect([seen?.checkpoint, seen?.alarm?.evidence]).toEqual([kept, other])
    expect(client.alarms).toHaveLength(1)
    await client.tally.log.forget()
    expect(await alarmOf(client)).toBeUndefined()
  }
})

test('a log that shrank gives an alarm, until what was taken away is back', async () => {
  const log = await shown(300)
  const client = await clientOf(log)
  await client.tally.log.check()
  const whole = [...log.leaves]
  log.leaves.length = 299
  expect(await alarmOf(client)).toBe('shrunk')
  expect(client.alarms[0]?.sentence).toContain('a log of 299 events, fewer than the 300 events')
  log.leaves = whole
  expect(await alarmOf(client)).toBeUndefined()
  expect((await client.tally.log.watched()).alarm).toBeUndefined()
})

test('a smaller tree that was signed has to be of the same history, too', async () => {
  const log = await shown(300)
  const client = await clientOf(log)
  await client.tally.log.check()
  const whole = [...log.leaves]
  log.leaves.length = 100
  log.grow(100, 1)
  expect(await alarmOf(client)).toBe('shrunk')
  const smaller = log.checkpoint()
  log.leaves = whole
  log.grow(1)
  expect(await alarmOf(client)).toBe('forked')
  const { seen } = await client.tally.log.watched()
  expect(seen?.alarm?.sentence).toContain('has shown a log of 200 events that the 300')
  expect(seen?.alarm?.evidence).toBe(smaller)
})

test('tiles that are missing or do not lead to the root prove nothing', async () => {
  const log = await shown(300)
  const client = await clientOf(log)
  await client.tally.log.check()
  log.grow(10)
  log.answer = (path) => (path.includes('/tile/') ? { status: 404 } : undefined)
  expect(await alarmOf(client)).toBe('unproven')
  expect(client.alarms[0]?.sentence).toContain('tile/0/001.p/54 is missing')
  const wrong = 'x'.repeat(256 * 32)
  log.answer = (path) => (path.endsWith('/tile/0/000') ? { status: 200, body: wrong } : undefined)
  log.grow(1)
  expect(await alarmOf(client)).toBe(undefined)
})

test('another key is an alarm, and one that both keys introduce is not', async () => {
  const log = await shown()
  const client = await clientOf(log)
  await client.tally.log.check()
  const [old] = log.keys
  const [next] = new ShownLog().keys
  if (old === undefined || next === undefined) throw new Error('a log has a key')
  log.keys = [next]
  expect(await alarmOf(client)).toBe('not_trusted')
  expect(client.alarms[0]?.sentence).toContain('no key of the log has signed it')
  log.keys = [old, next]
  expect(await alarmOf(client)).toBeUndefined()
  log.grow(1).keys = [next]
  expect(await alarmOf(client)).toBeUndefined()
  // What only the old one signs is not believed any more.
  log.grow(1).keys = [old]
  expect(await alarmOf(client)).toBe('not_trusted')
})

test('keys that were given are the only ones that count', async () => {
  const log = await shown()
  const stranger = new ShownLog().keys.map(({ vkey }) => vkey)
  const alarms: LogAlarm[] = []
  const watch = {
    store: memoryStore(),
    keys: stranger,
    onAlarm: (alarm: LogAlarm) => alarms.push(alarm),
  }
  const { tally } = await clientOf(log, { watch })
  expect((await tally.log.check()).alarm?.code).toBe('not_trusted')
  expect((await tally.log.watched()).seen).toBeUndefined()
  expect(alarms).toHaveLength(1)
  const right = { store: memoryStore(), keys: log.keys.map(({ vkey }) => vkey) }
  const other = await clientOf(log, { watch: right })
  expect(await other.tally.log.check()).toMatchObject({ seen: { size: 3n }, alarm: undefined })
})

test('on the own machine another ledger may begin at the same address', async () => {
  const log = await shown(30)
  const url = await log.listen()
  const store = memoryStore()
  const tally = new Tallystick({ url, key: 'tk', watch: { store } })
  await tally.log.check()
  const [fresh] = new ShownLog().keys
  log.keys = fresh === undefined ? [] : [fresh]
  log.leaves.length = 2
  const former = (await tally.log.watched()).seen?.checkpoint
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  expect(await tally.log.check()).toMatchObject({
    seen: { size: 2n, replaced: former },
    alarm: undefined,
  })
  expect(told.mock.calls).toEqual([[expect.stringContaining('shows another log than before')]])
  told.mockClear()
  log.leaves.length = 1
  expect((await tally.log.check()).alarm?.code).toBe('shrunk')
  expect(told.mock.calls).toEqual([[expect.stringMatching(/^tallystick: http.* its end was lost/)]])
  told.mockRestore()
})

test('what cannot be had is no alarm, and what was seen stays', async () => {
  const log = await shown()
  const client = await clientOf(log)
  await client.tally.log.check()
  const answers = [{ status: 503 }, { status: 404 }, { status: 200, body: '<html>' }]
  for (const answer of answers) {
    log.answer = () => answer
    const { seen, alarm, failure } = await client.tally.log.check()
    expect([seen?.size, alarm]).toEqual([3n, undefined])
    expect(failure).toMatch(/answers 503|no checkpoint/)
  }
  await log.close()
  expect((await client.tally.log.check()).failure).toContain('does not answer')
  expect(client.alarms).toEqual([])
})

test('a check runs beside the first request, and then once in a while', async () => {
  const log = await shown()
  const { tally } = await clientOf(log)
  await tally.accounts.get('a')
  await expect.poll(() => tally.log.watched()).toMatchObject({ seen: { size: 3n } })
  expect(log.asked).toEqual(['/v1/accounts/a', '/v1/log/checkpoint', '/v1/log'])
  for (let calls = 0; calls < 5; calls++) await tally.accounts.get('a')
  await tally.log.endWatch()
  expect(log.asked.filter((path) => path.startsWith('/v1/log'))).toHaveLength(2)
})

test('no request waits for a log that does not answer, and the end does not either', async () => {
  const log = await shown()
  log.answer = (path) => (path.startsWith('/v1/log') ? 'silence' : undefined)
  const { tally } = await clientOf(log)
  await tally.accounts.get('a')
  await tally.accounts.get('b')
  await tally.log.endWatch(0)
  expect(log.asked).toContain('/v1/accounts/b')
})

test('off, it asks nothing', async () => {
  const log = await shown()
  const { tally } = await clientOf(log, { watch: false })
  await tally.accounts.get('a')
  await tally.log.endWatch()
  expect(log.asked).toEqual(['/v1/accounts/a'])
})

test('a file keeps it for the next program, and an alarm too', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'tally-seen-')), 'state')
  onTestFinished(() => rmSync(join(directory, '..'), { recursive: true }))
  const store = fileStore(directory)
  if (store === undefined) throw new Error('there are files here')
  const log = await shown()
  const first = await clientOf(log, { store })
  await first.tally.log.check()
  const [name = ''] = readdirSync(directory)
  expect(name).toMatch(/^seen-https_ledger\.example-[0-9a-f]{8}\.json$/)
  expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
  log.leaves.length = 2
  const second = await clientOf(log, { store })
  expect(await alarmOf(second)).toBe('shrunk')
  expect(JSON.parse(readFileSync(join(directory, name), 'utf8'))).toMatchObject({
    format: 'tallystick/seen/v1',
    url: URL,
    alarm: { code: 'shrunk', evidence: log.checkpoint() },
  })
  const third = await clientOf(log, { store })
  await third.tally.accounts.get('a')
  await third.tally.log.endWatch()
  expect(third.alarms).toHaveLength(1)
  writeFileSync(join(directory, name), '{"format":"tallystick/seen/v1"')
  expect(await alarmOf(await clientOf(log, { store }))).toBeUndefined()
})

const fails = (): Promise<never> => Promise.reject(new Error('the disk is full'))

test('a store that fails stops no request', async () => {
  const log = await shown()
  const { tally } = await clientOf(log, { store: { read: fails, write: fails } })
  await tally.accounts.get('a')
  await tally.log.endWatch()
  await expect(tally.log.check()).rejects.toThrow('the disk is full')
  expect(await tally.accounts.get('a')).toEqual({})
})

test('where it is kept', () => {
  expect(stateDirectory({ TALLY_STATE: '/s', HOME: '/h' })).toBe('/s')
  expect(stateDirectory({ XDG_STATE_HOME: '/x', HOME: '/h' })).toBe('/x/tallystick')
  expect(stateDirectory({ HOME: '/h' })).toBe('/h/.local/state/tallystick')
  expect(stateDirectory({})).toBeUndefined()
})
