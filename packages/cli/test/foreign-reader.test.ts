import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { SigningKey } from '@tallystick/proof'
import { Tallystick } from '@tallystick/sdk'
import { startServer } from '@tallystick/server'
import { SignatureType } from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const READER = fileURLToPath(
  new URL('../../../scripts/services/foreign-reader.ts', import.meta.url),
)
const ROOT_KEY = 'tk_root_0123456789abcdef0123456789abcdef'
/** A third level of tiles begins behind 65,536. */
const EVENTS = Number(process.env['TALLY_TEST_EVENTS'] ?? 70_000)
const BATCH = 8_000
const PROOFS = 50
const hasGo = spawnSync('go', ['version']).status === 0

test.runIf(hasGo)(
  'a reader that others wrote verifies checkpoint, entries, tiles and proofs',
  async () => {
    const server = await startServer({ rootKey: ROOT_KEY, logOrigin: 'ledger.example/log' })
    onTestFinished(() => server.close())
    const tally = new Tallystick({ url: server.url, key: ROOT_KEY, watch: false })
    for (const address of ['bank', 'shop']) await tally.accounts.create({ address, asset: 'EUR/2' })
    for (let sent = 0; sent < EVENTS; sent += BATCH) {
      const transfers = Array.from({ length: Math.min(BATCH, EVENTS - sent) }, () => ({
        ...{ debitAccount: 'bank', creditAccount: 'shop', asset: 'EUR/2', amount: 1n },
        operation: 'create_transfer' as const,
      }))
      await tally.batches.createPacked(transfers)
    }
    const signed = async (): Promise<number> => Number((await tally.log.get()).signed)
    await expect.poll(signed, { timeout: 60_000 }).toBeGreaterThanOrEqual(EVENTS)
    const { keys } = await tally.log.get()
    const args = ['-prefix', `${server.url}/v1/log`, '-key', keys[0] ?? '', '-proofs', `${PROOFS}`]
    const { stdout } = await run(process.execPath, [READER, ...args], {
      env: { ...process.env, TALLY_KEY: ROOT_KEY },
    })
    console.log(stdout.trim())
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ origin: 'ledger.example/log', signatures: 1, entries: await signed() },
      ...{ inclusion_proofs: PROOFS, consistency_proofs: PROOFS },
    })
    const stranger = SigningKey.generate('ledger.example/log', SignatureType.ed25519).vkey
    await expect(
      run(process.execPath, [READER, ...args.with(3, stranger)], {
        env: { ...process.env, TALLY_KEY: ROOT_KEY },
      }),
    ).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('checkpoint: ') })
  },
)
