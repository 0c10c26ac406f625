/**
 * The process that the crash test kills: opens a ledger and asks without end, a few requests at a time. Each answer is told as
 * one line on stdout: request, first sequence, statuses.
 */
import { openLedger } from '../src/index.ts'
import { ACCOUNTS, keyOf, transfersOf } from './crash-load.ts'

const IN_FLIGHT = 12

const [directory = '', first = '1'] = process.argv.slice(2)
const ledger = await openLedger({ directory, snapshotEveryBytes: 512 * 1024 })
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

await Promise.all(Array.from({ length: IN_FLIGHT }, () => askWithoutEnd()))
