import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { freshSeed } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { TRUE_PAYMENTS, writeHistory } from './forged-history.ts'
import { callerOf } from './harness.ts'
import { OperatorMachine } from './operator-machine.ts'
import { unrehearsed, WHOLE_PAGE_MS } from './runbook.ts'

const DATA = '/var/lib/tally/data'

/** A ledger of some payments, signed and backed up, and what others keep of it: its newest checkpoint and its key. */
async function signed(seed: number): Promise<OperatorMachine> {
  const machine = await OperatorMachine.make()
  await writeHistory(machine.place(DATA), TRUE_PAYMENTS, seed)
  await machine.start()
  await machine.allSigned()
  await machine.type('tally log checkpoint --out /mnt/backup/kept.checkpoint')
  const { json } = await callerOf(machine.url, machine.key)('GET', '/v1/log')
  writeFileSync(machine.place('/mnt/backup/ledger.vkey'), `${json.keys[0]}\n`)
  return machine
}

test(
  'docs/operations/suspected-tampering.md: a payment that was changed and decided anew is found by the backup and by whoever kept a checkpoint, and the true history goes on',
  async () => {
    const seed = freshSeed()
    console.log(`TALLY_SEED=${seed}`)
    const machine = await signed(seed)
    await machine.type('systemctl stop tally tally-backup')
    // Decided anew with another amount, and gone on since: longer than what was signed.
    const changed = TRUE_PAYMENTS.map((payment) =>
      payment.number === 5 ? { ...payment, amount: 1n } : payment,
    )
    changed.push({ number: 77, amount: 5n }, { number: 78, amount: 5n })
    rmSync(machine.place(DATA), { recursive: true })
    await writeHistory(machine.place(DATA), changed, seed)
    await machine.type('systemctl start tally; tally status --wait 60 || true')
    await machine.logIs(({ status }) => status === 'refused')

    const page = machine.runbook('suspected-tampering')
    await page.follow('First')
    expect(await page.follow('1. Ask the journal itself')).toContain('Everything agrees.')
    expect(await page.follow('2. Ask the backup')).toContain('another history')
    const kept = await page.follow('3. Ask what others keep')
    expect(kept).toContain('does not agree (other_history)')
    expect(kept).toContain('NOT PROVED')
    const found = await page.follow('4. Find what was changed')
    expect(found).toMatch(/^< .*987654005/m)
    await page.follow('5. Go on with the true history')
    await page.follow('It is over when')
  },
  WHOLE_PAGE_MS,
)

test(
  'docs/operations/suspected-tampering.md: a byte that a disk has changed is mended from the backup',
  async () => {
    const machine = await signed(freshSeed())
    await machine.type('systemctl stop tally tally-backup')
    const path = join(machine.place(DATA), 'book', '0000000001.book')
    const at = 9_000
    const [byte = 0] = readFileSync(path).subarray(at)
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.of(byte ^ 1), 0, 1, at)
    closeSync(file)
    await machine.type('systemctl start tally')
    await machine.ended('tally')
    expect(machine.log()).toMatch(/is corrupt at offset \d+/)

    const page = machine.runbook('suspected-tampering')
    await page.follow('First')
    expect(await page.follow('1. Ask the journal itself')).toContain('is corrupt at offset')
    expect(await page.follow('2. Ask the backup')).toContain('damaged here')
    await page.follow('The disk did it: mend the file')
    await page.follow('It is over when')
    expect(unrehearsed('suspected-tampering')).toEqual([])
  },
  WHOLE_PAGE_MS,
)
