import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

import { callerOf } from './harness.ts'
import { grantee } from './keys.ts'
import { OperatorMachine } from './operator-machine.ts'
import { PayingClient } from './paying-client.ts'
import { unrehearsed, WHOLE_PAGE_MS } from './runbook.ts'

const PAYMENT = {
  ...{ debit_account: 'users:1', credit_account: 'users:thief' },
  ...{ amount: '100', asset: 'EUR/2', code: 1 },
}

test(
  'docs/operations/leaked-key.md: an API key, the root key and a key of the log are replaced, and what was done with them is listed',
  async () => {
    const machine = await OperatorMachine.make()
    await machine.start()
    const client = new PayingClient(machine)
    await client.open()
    const call = callerOf(machine.url, machine.key)
    await call('POST', '/v1/accounts', { address: 'users:thief', asset: 'EUR/2', code: 1 })
    await client.payUntilOld(3)
    const addresses = ['users:*']
    const acme = await grantee({ url: machine.url, call }, 'acme', { role: 'cashier', addresses })
    const stolen = await acme.call('POST', '/v1/transfers', PAYMENT)
    expect(stolen.status).toBe(201)

    const page = machine.runbook('leaked-key')
    page.standIn({
      key_01M8AJTFAFW6JRXC9YC9KDF9CM: acme.keyId,
      req_01M8AJV0000000000000000000: stolen.json.request_id,
    })
    await page.follow('First')
    await page.follow('1. An API key')
    expect((await acme.call('POST', '/v1/transfers', PAYMENT)).status).toBe(401)

    const leaked = machine.key
    await page.follow('2. The root key')
    expect((await callerOf(machine.url, leaked)('GET', '/v1/assets')).status).toBe(401)
    expect((await client.pay()).status).toBe(201)

    const [file = ''] = readdirSync(machine.place('/etc/tally/keys')).filter((name) =>
      name.startsWith('log.'),
    )
    page.standIn({ '5202289b': file.slice(4, 12) })
    await page.follow('3. A key of the proof log')
    await page.follow('It is over when')
    const { json } = await callerOf(machine.url, machine.key)('GET', '/v1/log')
    expect(json.keys).toHaveLength(1)
    expect(json.keys[0]).not.toContain(file.slice(4, 12))
    expect(unrehearsed('leaked-key')).toEqual([])
  },
  WHOLE_PAGE_MS,
)
