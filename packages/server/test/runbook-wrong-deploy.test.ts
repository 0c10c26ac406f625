import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'

import { markNewestFrame } from './forged-history.ts'
import { OperatorMachine } from './operator-machine.ts'
import { PayingClient } from './paying-client.ts'
import { unrehearsed, WHOLE_PAGE_MS } from './runbook.ts'

const BOOK = '/var/lib/tally/data/book/0000000001.book'
const NEWER = '/opt/tallystick-2'

/** `/opt/tallystick` is a link to a version, as the page has it. */
async function deployed(): Promise<OperatorMachine> {
  const machine = await OperatorMachine.make()
  rmSync(machine.place('/opt/tallystick'))
  machine.install('/opt/tallystick-1')
  symlinkSync(machine.place('/opt/tallystick-1'), machine.place('/opt/tallystick'))
  await machine.start()
  return machine
}

/** What a shell does as `/opt/tallystick-2`. */
function deploy(machine: OperatorMachine, script: string): void {
  rmSync(machine.place(NEWER), { recursive: true, force: true })
  mkdirSync(machine.place(NEWER))
  machine.write(`${NEWER}/node_modules/.bin/tally`, `#!/bin/sh\n${script}\n`, 0o755)
}

test(
  'docs/operations/wrong-deploy.md: a wrong setting, a wrong program, data that the old program refuses, and the way back that costs money',
  async () => {
    const machine = await deployed()
    const client = new PayingClient(machine)
    await client.open()
    await client.payUntilOld(100)

    await machine.type('cp -p /etc/tally/tally.env /etc/tally/tally.env.before')
    await machine.type('echo TALLY_SCRUB_DAY=7 >> /etc/tally/tally.env; systemctl restart tally')
    await machine.ended('tally')
    const page = machine.runbook('wrong-deploy')
    await page.follow('How it shows')
    await page.follow('1. A wrong setting: take the old ones')
    await client.holdToAnswers()

    deploy(machine, 'echo "Error: Cannot find module" >&2; exit 1')
    await machine.type('ln -sfn /opt/tallystick-2 /opt/tallystick; systemctl restart tally')
    await page.follow('2. A wrong program: take the old one')
    await client.holdToAnswers()

    // A newer program: it marks what it writes, and reads what it has marked.
    await machine.allSigned()
    const { durable_sequence: before } = JSON.parse((await client.ask('/readyz')).text) as {
      durable_sequence: string
    }
    const paidBefore = client.acknowledged.length
    await machine.type('systemctl stop tally-backup')
    expect((await client.pay()).status).toBe(201)
    await machine.type('systemctl stop tally')
    const unmarked = machine.place('/var/tmp/incident/unmarked.book')
    copyFileSync(machine.place(BOOK), unmarked)
    markNewestFrame(machine.place('/var/lib/tally/data'))
    deploy(
      machine,
      `[ -e ${unmarked} ] && mv ${unmarked} ${machine.place(BOOK)}\nexec ${machine.place('/opt/tallystick-1')}/node_modules/.bin/tally "$@"`,
    )
    await page.follow('3. The old program refuses the data: put the newer one back')
    expect((await client.pay()).status).toBe(201)
    await client.holdToAnswers()

    await machine.allSigned()
    page.standIn({ '103': before, '104': String(Number(before) + 1) })
    await page.follow('4. Last resort: back to the moment before the deploy')
    await page.follow('It is over when')
    const [lost] = client.acknowledged.splice(paidBefore)
    await client.holdToAnswers()
    const gone = await client.ask(`/v1/transfers/${lost?.id}`)
    expect(gone.status).toBe(404)
    expect(unrehearsed('wrong-deploy')).toEqual([])
  },
  WHOLE_PAGE_MS,
)
