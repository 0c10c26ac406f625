/** Statements: opening balance, entries oldest first, closing balance; as JSON or CSV, in pieces as long as they are. */
import {
  type AccountParams,
  STATEMENT_COLUMNS,
  type StatementQuery,
  MediaType,
  formatTime,
} from '@tallystick/contract'
import type { AccountView, EntryView } from '@tallystick/engine'
import { formatId } from '@tallystick/contract'

import type { Exchange } from '../http/exchange.ts'
import { refuse } from '../http/refused.ts'
import { READ_ROWS } from '../limits.ts'
import { metadataText, timeText } from '../render/text.ts'
import type { Service } from '../service.ts'
import { switchedOff } from '../trust/handlers.ts'
import { cell, lineOf } from './csv.ts'
import { accountOfPath } from './accounts.ts'
import { entryText, periodOf, requestIdOf } from './entries.ts'
import type { Question } from './reading.ts'

interface Asked {
  readonly account: AccountView
  readonly by: 'ledger' | 'effective'
  readonly from: bigint | undefined
  readonly to: bigint
}

/** Sums of what a statement has shown so far. */
interface Sums {
  entries: number
  debits: bigint
  credits: bigint
}

/** @throws Refused, before anything is sent. */
export async function answerStatement(exchange: Exchange, question: Question): Promise<void> {
  const { service } = exchange
  const query = question.query as StatementQuery
  const { format = 'json', by = 'ledger', proved = format === 'html', ...period } = query
  if (proved || format === 'html') return answerPage(exchange, question, { format, by, proved })
  const account = accountOfPath(service, question.params)
  const { from, to = nowOf(service) } = periodOf(period)
  const asked: Asked = { account, by, from, to }
  const form = format === 'csv' ? csv(service, asked) : json(service, asked)
  const seen = service.ledger.lastSequence
  await service.ledger.whenDurable(seen)
  const type = format === 'csv' ? `${MediaType.csv}; charset=utf-8; header=present` : MediaType.json
  await stream(exchange, statementPieces(service, asked, form), {
    'content-type': type,
    'ledger-sequence': service.tokens.write(seen),
  })
}

interface PageAsked {
  readonly format: string
  readonly by: 'ledger' | 'effective'
  readonly proved: boolean
}

/** Kept as a file: what is opened from there checks itself without the server, and is no page of the server's own. */
async function answerPage(exchange: Exchange, question: Question, asked: PageAsked): Promise<void> {
  const { format, by, proved } = asked
  if (format !== 'html') {
    return refuse(
      'invalid_parameter',
      'proved',
      'Only format=html is proved; for the proof alone, ask for …/proof.',
    )
  }
  if (!proved) return refuse('invalid_parameter', 'proved', 'A page is always proved.')
  if (by !== 'ledger') {
    return refuse('invalid_parameter', 'by', 'What is proved is in the order of ledger time.')
  }
  const { statementPages } = exchange.service
  if (statementPages === undefined) throw switchedOff()
  const { address } = question.params as AccountParams
  const html = await statementPages.page({ address, ...periodOf(question.query as StatementQuery) })
  exchange.answer(200, html, {
    'content-type': `${MediaType.html}; charset=utf-8`,
    'content-disposition': `attachment; filename="statement-${address.replaceAll(/[^a-z0-9]+/gi, '-')}.html"`,
  })
}

/** Behind everything that is decided, and not before now. */
function nowOf({ ledger }: Service): bigint {
  const now = BigInt(Date.now()) * 1_000_000n
  return ledger.lastTimestamp >= now ? ledger.lastTimestamp + 1n : now
}

interface Form {
  head(opening: bigint): string
  entry(entry: EntryView, isFirst: boolean): string
  tail(closing: bigint, sums: Sums): string
}

function* statementPieces(service: Service, asked: Asked, form: Form): Generator<string> {
  const { account, by, from, to } = asked
  const { reader } = service.ledger
  const past =
    from === undefined || from === 0n ? undefined : reader.balanceAt(account.id, from - 1n, by)
  const opening = past === undefined ? 0n : past.balances.creditsPosted - past.balances.debitsPosted
  const sums: Sums = { entries: 0, debits: 0n, credits: 0n }
  yield form.head(opening)
  let after: number | undefined
  do {
    const page = reader.entries({
      ...{ account: account.id, to, by, kind: 'posted', newestFirst: false, limit: READ_ROWS },
      ...(from === undefined ? {} : { from }),
      ...(after === undefined ? {} : { after }),
    })
    let piece = ''
    for (const entry of page.entries) {
      piece += form.entry(entry, sums.entries === 0)
      sums.entries++
      if (entry.direction === 'debit') sums.debits += entry.posted
      else sums.credits += entry.posted
    }
    yield piece
    after = page.next
  } while (after !== undefined)
  yield form.tail(opening + sums.credits - sums.debits, sums)
}

function json(service: Service, { account, by, from, to }: Asked): Form {
  const { address, slot } = account
  const own = service.accounts.bySlot(slot)
  const asset = service.assets.text(account.asset)
  const start = from === undefined ? 'null' : timeText(from)
  return {
    head: (opening) =>
      `{"object":"statement","account":"${address}","asset":"${asset}","by":"${by}","from":${start},"to":${timeText(to)},"opening":{"at":${start},"balance":"${opening}"},"entries":[`,
    entry: (entry, isFirst) =>
      `${isFirst ? '' : ',\n'}${entryText(service, address, entry, own, false)}`,
    tail: (closing, { entries, debits, credits }) =>
      `],"closing":{"at":${timeText(to)},"balance":"${closing}"},"totals":{"entries":"${entries}","debits":"${debits}","credits":"${credits}"}}`,
  }
}

function csv(service: Service, { account, from, to }: Asked): Form {
  const asset = service.assets.text(account.asset)
  const edge = (row: string, at: bigint | undefined, balance: bigint): string => {
    const time = at === undefined ? '' : formatTime(at)
    return lineOf([row, '', '', time, '', '', `${balance}`, asset, '', '', '', '', ''])
  }
  return {
    head: (opening) => lineOf(STATEMENT_COLUMNS) + edge('opening', from, opening),
    entry: (entry) =>
      lineOf([
        ...['entry', `${entry.number}`, formatTime(entry.effectiveAt), formatTime(entry.timestamp)],
        ...[entry.direction, `${entry.posted}`, `${entry.balance}`, asset],
        cell(
          entry.counterpartyAddress === ''
            ? formatId(entry.counterparty)
            : entry.counterpartyAddress,
        ),
        ...[`${entry.code}`, formatId(entry.transferId)],
        entry.metadata.length === 0 ? '' : cell(service.privacy.own(metadataText(entry.metadata))),
        requestIdOf(service.book, entry.sequence) ?? '',
      ]),
    tail: (closing) => edge('closing', to, closing),
  }
}

/** Lets the client set the pace, and others run between two pieces. */
async function stream(
  exchange: Exchange,
  pieces: Iterable<string>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { raw } = exchange.reply
  exchange.reply.hijack()
  raw.writeHead(200, {
    ...headers,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  try {
    for (const piece of pieces) {
      if (raw.destroyed) break
      if (piece !== '' && !raw.write(piece)) await drained(raw)
      await new Promise((resolve) => setImmediate(resolve))
    }
    raw.end()
  } catch (error) {
    // The status is gone already: a broken connection says that the statement is not whole.
    raw.destroy()
    throw error
  } finally {
    exchange.done(200)
  }
}

function drained(raw: Exchange['reply']['raw']): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      raw.off('drain', go)
      raw.off('close', go)
      resolve()
    }
    raw.on('drain', go)
    raw.on('close', go)
  })
}
