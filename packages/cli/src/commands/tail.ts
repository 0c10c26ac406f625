/**
 * `tally tail`: entries of accounts as they are made, the last few from before first. It asks again and again: a list of the accounts says
 * which of them have new entries, and only those are read. `tally events tail` follows everything, from any place on.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Account, Entry, Tallystick } from '@tallystick/sdk'
import { examples } from '../help.ts'
import { amountText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { metadataText, timeText } from './show.ts'
import { wholeNumber } from './write-options.ts'

interface TailOptions {
  readonly lines: string
  readonly interval: string
  readonly all?: boolean
  readonly follow: boolean
}

export function addTail(program: Command, shell: Shell): void {
  program
    .command('tail [prefix]')
    .description('Follow the entries of an account, or of all under a prefix, as they are made.')
    .option('--lines <number>', 'entries from before to begin with', '10')
    .option('--interval <ms>', 'between two looks', '500')
    .option('--all', 'holds, voids and expiries too, not only what moved money')
    .option('--no-follow', 'show what there is, and end')
    .addHelpText(
      'after',
      examples('tally tail users:1042:wallet', 'tally tail --json | jq .amount'),
    )
    .action(
      shell.action<TailOptions>(async (session, options, prefix) => {
        await new Tail(session, options, prefix).run(shell.io.interruption())
      }),
    )
}

interface Seen {
  /** Links of the account's chain when it was last read. */
  readonly entries: bigint
}

class Tail {
  readonly #tally: Tallystick
  readonly #output: Output
  readonly #prefix: string | undefined
  readonly #lines: number
  readonly #intervalMs: number
  readonly #isAll: boolean
  readonly #follow: boolean
  readonly #seen = new Map<string, Seen>()

  constructor({ tally, output }: Session, options: TailOptions, prefix: string | undefined) {
    this.#tally = tally
    this.#output = output
    this.#prefix = prefix
    this.#lines = wholeNumber(options.lines, '--lines', { min: 0, max: 1_000 })
    this.#intervalMs = wholeNumber(options.interval, '--interval', { min: 10, max: 3_600_000 })
    this.#isAll = options.all === true
    this.#follow = options.follow
  }

  async run(signal: AbortSignal): Promise<void> {
    const before = await this.#look((account) => this.#newest(account, this.#lines))
    this.#print(this.#lines === 0 ? [] : before.slice(-this.#lines))
    while (this.#follow) {
      await sleep(this.#intervalMs, undefined, { signal })
      this.#print(await this.#look((account, after) => this.#after(account, after)))
    }
  }

  /** Entries of accounts that have new ones, in the order of the ledger. */
  async #look(read: (account: Account, after: bigint) => Promise<Row[]>): Promise<Row[]> {
    const rows: Row[] = []
    const prefix = this.#prefix === undefined ? {} : { prefix: this.#prefix }
    for await (const account of this.#tally.accounts.list({ ...prefix, limit: 1_000 })) {
      const seen = this.#seen.get(account.address)?.entries ?? 0n
      if (account.entries === seen) continue
      this.#seen.set(account.address, { entries: account.entries })
      rows.push(...(await read(account, seen)))
    }
    return rows.sort((a, b) => compare(a.entry.timestamp, b.entry.timestamp))
  }

  async #newest(account: Account, count: number): Promise<Row[]> {
    const newest = await this.#entries(account, count).toArray(count)
    return newest
      .filter(({ number }) => number <= account.entries)
      .map((entry) => ({ entry, account }))
  }

  async #after(account: Account, after: bigint): Promise<Row[]> {
    const rows: Row[] = []
    for await (const entry of this.#entries(account, 100)) {
      if (entry.number <= after) break
      // Entries that were made since the list was read come with the next look.
      if (entry.number <= account.entries) rows.push({ entry, account })
    }
    return rows
  }

  #entries(account: Account, limit: number) {
    const kind = this.#isAll ? 'all' : 'posted'
    return this.#tally.accounts.entries(account.address, { kind, limit: Math.max(1, limit) })
  }

  #print(rows: readonly Row[]): void {
    for (const { entry, account } of rows) {
      this.#output.answer(entry, () => entryLine(this.#output, entry, account.asset))
    }
  }
}

interface Row {
  readonly entry: Entry
  readonly account: Account
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function entryLine(output: Output, entry: Entry, asset: string): string {
  const isDebit = entry.direction === 'debit'
  const amount = `${isDebit ? '-' : '+'}${amountText(entry.amount, asset)}`
  const parts = [
    output.style('dim', timeText(entry.timestamp)),
    entry.account,
    output.style(isDebit ? 'red' : 'green', amount.padStart(14)),
    asset,
    isDebit ? 'to' : 'from',
    entry.counterparty,
    output.style('dim', `balance ${amountText(entry.balance, asset)}`),
    ...(entry.kind === undefined || entry.kind === 'posted' ? [] : [entry.kind]),
    output.style('dim', metadataText(entry.metadata)),
  ]
  return parts.join('  ').trimEnd()
}
