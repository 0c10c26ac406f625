/**
 * The process that the crash test kills: opens a ledger and asks without end, a few requests at a time. Each answer is told as
 * one line on stdout: request, first sequence, statuses. Meanwhile it states the root over all accounts again and again.
 */
import { setTimeout as pause } from 'node:timers/promises'

import { openLedger } from '../src/index.ts'
import { ACCOUNTS, keyOf, transfersOf } from './crash-load.ts'

const IN_FLIGHT = 12

const [directory = '', first = '1'] = process.argv.slice(2)
const ledger = await openLedger({ directory, proofs: true, snapshotEveryBytes: 512 * 1024 })
await ledger.createAccounts(
  Array.from({ length: ACCOUNTS }, (_, index) => ({ id: BigInt(index + 1), asset: 978, code: 1 })),
)
process.stdout.write('ready\n')

let next = Number(first)

async function askWithoutEnd(): Promise<never> {
  for (;;) {
    const n = next++
    const results = await ledger.createTransfers(transfersOf(n), { key: keyOf(n) })
    const statuses = results.map(({ status }) => status).join(',')
    process.stdout.write(`${n} ${results[0]?.sequence} ${statuses}\n`)
  }
}

async function attestWithoutEnd(): Promise<never> {
  for (;;) {
    await ledger.attestAccounts()
    await pause(50)
  }
}

await Promise.all([attestWithoutEnd(), ...Array.from({ length: IN_FLIGHT }, () => askWithoutEnd())])
