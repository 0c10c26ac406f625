import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'

import { OperatorMachine } from './operator-machine.ts'
import { PayingClient } from './paying-client.ts'
import { unrehearsed, WHOLE_PAGE_MS } from './runbook.ts'

test(
  'docs/operations/lost-disk.md: a wiped disk, with a server begun on it again, is back from the backup, and no answer that was a second old is missing',
  async () => {
    const machine = await OperatorMachine.make()
    const client = new PayingClient(machine)
    await machine.start()
    await client.open()
    const person = { subject: 'person:1', data: { name: 'Ada Lovelace' } }
    const named = await client.pay({}, person)
    expect(named.status).toBe(201)
    await client.payUntilOld(100)
    await machine.type('tally log checkpoint', 'ledger.example/log\n…')
    const killedAt = Date.now()
    machine.kill('tally')
    machine.kill('tally-backup')
    rmSync(machine.place('/var/lib/tally/data'), { recursive: true })
    await machine.type('systemctl restart tally')
    await machine.type('tally status --wait 5 || true', '…\nwrites     refused: behind_signed\n…')

    const page = machine.runbook('lost-disk')
    await page.follow('How it shows')
    await page.follow('First')
    await page.follow('1. Give the disk its place')
    await page.follow('2. Restore')
    await page.follow('3. If it was refused: let the log go on')
    await page.follow('4. Start')
    await page.follow('It is over when')
    expect(unrehearsed('lost-disk')).toEqual([])

    expect(await client.holdToAnswers(killedAt - 1_000)).toBeGreaterThan(50)
    const { id } = JSON.parse(named.text) as { id: string }
    const { text } = await client.ask(`/v1/transfers/${id}`)
    expect(JSON.parse(text)).toMatchObject({ private: person })
    expect((await client.pay()).status).toBe(201)
  },
  WHOLE_PAGE_MS,
)
