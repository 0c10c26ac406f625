import { setTimeout as sleep } from 'node:timers/promises'

import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { balanceOf, callerOf, ROOT_KEY } from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

const ROUNDS = 5
const LIFE_MS = 12
const TILL = 'partners:acme:till'
const FEES = 'partners:acme:fees'

/** Keys of two persons who may do everything. */
async function persons(url: string): Promise<{ ada: string; bob: string }> {
  const root = callerOf(url)
  for (const principal of ['ada', 'bob']) {
    await root('POST', '/v1/principals', { principal, kind: 'person' })
    await root('POST', '/v1/grants', { principal, role: 'admin', addresses: ['*'] })
  }
  // The first key of an administrator ends the root key.
  const ada = await root('POST', '/v1/keys', { principal: 'ada' })
  const bob = await callerOf(url, ada.json.secret)('POST', '/v1/keys', { principal: 'bob' })
  return { ada: ada.json.secret, bob: bob.json.secret }
}

test('approved right before a kill, it is done once', async () => {
  const seed = Number(process.env['TALLY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`TALLY_TEST_SEED=${seed}`)
  const random = new Prng(seed)
  const path = scratchDirectory()
  const start = () => startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  let server = start()
  let url = await urlOf(server)
  const root = callerOf(url)
  for (const address of [TILL, FEES]) {
    await root('POST', '/v1/accounts', { address, asset: 'EUR/2' })
  }
  const paid = { debit_account: TILL, credit_account: FEES, amount: '1000', asset: 'EUR/2' }
  const { json: transfer } = await root('POST', '/v1/transfers', paid)
  const { ada, bob } = await persons(url)
  const policy = { policy: 'two', action: 'reversals' }
  await callerOf(url, ada)('POST', '/v1/approval-policies', policy)
  for (let round = 1; round <= ROUNDS; round++) {
    const reverse = `/v1/transfers/${transfer.id}/reverse`
    const waits = await callerOf(url, ada)('POST', reverse, { amount: '10' })
    const { id, digest } = waits.json.approval
    const approve = (to: string) =>
      callerOf(to, bob)(
        'POST',
        `/v1/approvals/${id}/approve`,
        { digest },
        { 'idempotency-key': id },
      )
    const cut = approve(url).catch(() => undefined)
    await sleep(random.below(LIFE_MS))
    server.child.kill('SIGKILL')
    await Promise.all([server.exit, cut])
    server = start()
    url = await urlOf(server)
    const done = await approve(url)
    expect(done.json).toMatchObject({ status: 'approved', results: ['created'] })
    expect((await approve(url)).json).toEqual(done.json)
    expect(await balanceOf(callerOf(url, ada), FEES)).toBe(String(1000 - 10 * round))
  }
}, 60_000)
