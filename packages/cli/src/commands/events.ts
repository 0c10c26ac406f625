/** `tally events tail`: everything that the ledger decides, as it is told to whoever listens. */
import type { EventQuery, EventSide, LedgerEvent } from '@tallystick/sdk'
import type { Command } from 'commander'
import { examples } from '../help.ts'
import { amountText, moneyText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { metadataText, timeText } from './show.ts'

const EXAMPLE = 'tally events tail --since 0 --type transfer.*'

interface TailOptions {
  readonly since?: string
  readonly type?: string
  readonly account?: string
  readonly prefix?: string
  readonly asset?: string
  readonly reference?: string
}

export function addEvents(program: Command, shell: Shell): void {
  const events = program
    .command('events')
    .description('Events: what the ledger decided, in its order.')
    .addHelpText('after', examples(EXAMPLE))
  events
    .command('tail')
    .description('Follow events as they happen, until Ctrl-C. Connects again by itself.')
    .option('--since <id>', 'begin behind this event; 0: with the first one of the ledger')
    .option('--type <types>', 'with commas between them; hold.* is all that begin so, * all')
    .option('--account <addresses>', 'on whichever side; with commas between them')
    .option('--prefix <prefix>', 'accounts under these leading segments')
    .option('--asset <asset>', 'like EUR/2')
    .option('--reference <reference>', 'your own name for what was asked')
    .addHelpText(
      'after',
      examples(EXAMPLE, 'tally events tail --account users:1042:wallet --json | jq .data.amount'),
    )
    .action(shell.action<TailOptions>((session, options) => tail(session, options, shell)))
}

async function tail(
  session: Session,
  { since, ...rest }: TailOptions,
  shell: Shell,
): Promise<void> {
  const { output, tally } = session
  const query: EventQuery = { ...rest, ...(since === undefined ? {} : { after: since }) }
  const options = {
    signal: shell.io.interruption(),
    onBreak: (error: Error): void => output.note(`${error.message}; connecting again`),
  }
  for await (const event of tally.events.follow(query, options)) {
    output.answer(event, () => eventLine(output, event))
    await output.drained()
  }
}

function eventLine(output: Output, event: LedgerEvent): string {
  const parts = [
    output.style('dim', `${timeText(event.time)}  ${event.id.padStart(8)}`),
    output.style(event.type === 'command.refused' ? 'red' : 'bold', event.type.padEnd(16)),
    ...detailsOf(event),
  ]
  return parts.filter((part) => part !== '').join('  ')
}

function detailsOf(event: LedgerEvent): string[] {
  const { data } = event
  if ('transferId' in data) {
    const { debit, credit, amount, asset, reference = '', metadata } = data
    const accounts = `${sideText(debit, asset)} → ${sideText(credit, asset)}`
    return [moneyText(amount, asset), accounts, printable(reference), metadataText(metadata)]
  }
  if ('operation' in data) {
    const { operation, status, debitAccount = '', creditAccount = '' } = data
    const between =
      creditAccount === '' ? (data.account ?? '') : `${debitAccount} → ${creditAccount}`
    return [operation, status, between]
  }
  if ('closedUntil' in data) {
    const until = data.closedUntil === null ? 'open again' : `until ${timeText(data.closedUntil)}`
    return [event.subject, until]
  }
  if ('firingId' in data) {
    const { account, rule, measured, threshold, freezeHoldId } = data
    const found = `${rule}: ${measured}, threshold ${threshold}`
    return [account, found, freezeHoldId === null ? '' : `frozen by hold ${freezeHoldId}`]
  }
  if ('comparedSequence' in data) {
    return [
      'differences' in data ? data.differences.join(', ') : `at event ${data.comparedSequence}`,
    ]
  }
  return [event.subject, 'account' in data ? (data.asset ?? '') : '']
}

/** Its account, with the number of the entry and the balance after it where they may be seen. */
function sideText({ account, number, balances }: EventSide, asset: string): string {
  if (number === undefined || balances === undefined) return account
  return `${account} #${number} (${amountText(balances.balance, asset)})`
}
