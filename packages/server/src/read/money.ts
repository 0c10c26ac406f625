/** Reads of transfers, transactions and holds, by id and by reference. */
import { type LaterEventsQuery, parseId } from '@tallystick/contract'
import { type LaterEvent, TransferFlags, type TransferView } from '@tallystick/engine'
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'

import { seesOne } from '../access/reach.ts'
import type { Exchange } from '../http/exchange.ts'
import { referenceId, type ReferenceKind } from '../http/ids.ts'
import { notFound, refuse, unseen } from '../http/refused.ts'
import { holdText } from '../render/hold.ts'
import { availableText, balancesText, idText, timeText } from '../render/text.ts'
import { transactionText } from '../render/transaction.ts'
import { transactionAt } from '../render/transaction-answer.ts'
import { kindOf, originOf, transferText } from '../render/transfer.ts'
import { readBody, referenceAt } from '../saved-body.ts'
import type { Service } from '../service.ts'
import { requestIdOf } from './entries.ts'
import { pageOf, pageText } from './pages.ts'
import type { Read } from './reading.ts'

const cursor = new RecordCursor(Memory.allocate(8))

type Show = (service: Service, id: bigint) => string | undefined

/** Shows at once what is durable. What is on its way is shown when it is: until then nothing names the request that made it. */
function shown(
  show: Show,
  service: Service,
  id: bigint,
): string | undefined | Promise<string | undefined> {
  const { ledger } = service
  if (ledger.lastSequence > ledger.durableSequence) {
    const sequence = ledger.reader.transfer(id)?.sequence ?? 0
    if (sequence > ledger.durableSequence) {
      return ledger.whenDurable(sequence).then(() => show(service, id))
    }
  }
  return show(service, id)
}

const showTransfer: Show = (service, id) => {
  const view = service.ledger.reader.transfer(id)
  return view === undefined ? undefined : transferViewText(service, view)
}

export function transferViewText({ book }: Service, view: TransferView): string {
  const { requestId, index, body } = originOf(book, view.sequence)
  const record = book.reader.record(view.sequence, cursor)
  return transferText(book, record, {
    ...{ status: 'created', requestId, withBalances: true },
    ...{ reversed: view.reversed, metadata: view.metadata },
    reference: referenceAt(readBody(body), index),
  })
}

const showHold: Show = (service, id) => {
  const view = service.ledger.reader.transfer(id)
  if (view === undefined || (view.flags & TransferFlags.pending) === 0) return undefined
  return holdViewText(service, view)
}

/** As it is now. */
export function holdViewText(service: Service, view: TransferView): string {
  const { book } = service
  const { requestId, index, body } = originOf(book, view.sequence)
  const reference = referenceAt(readBody(body), index)
  const record = book.reader.record(view.sequence, cursor)
  const { captured, remaining, state } = view
  return holdText(book, record, {
    ...{ captured, remaining, requestId, reference },
    status: state === 'posted' ? 'pending' : state,
    balances: balancesNow(service, view),
  })
}

/** Of both accounts of a hold: what it reserves changes until it ends. */
function balancesNow({ ledger, accounts }: Service, view: TransferView): string {
  const texts = [view.debitAccountId, view.creditAccountId].map((id) => {
    const account = ledger.reader.account(id)
    if (account === undefined) throw new Error('a hold names an account that is not there')
    const known = accounts.bySlot(account.slot)
    const available = availableText(known?.limits, account.limit, account)
    return `"${known?.address ?? ''}":${balancesText(account, available)}`
  })
  return `{${texts.join(',')}}`
}

const showTransaction: Show = (service, id) => {
  const first = service.ledger.reader.transfer(id)
  const found = first === undefined ? undefined : transactionAt(service.book, first.sequence)
  if (found === undefined) return undefined
  const { facts, saved, body, requestId } = found
  return transactionText(service.book, facts, {
    ...{ status: 'created', requestId, saved, reference: body.reference },
  })
}

function byId(show: Show, what: string): Read {
  return (service, exchange, { params }) => {
    const id = parseId((params as { id: string }).id) ?? 0n
    if (!seesMovement(exchange, id)) return unseen(what, 'id')
    const text = shown(show, service, id)
    if (text instanceof Promise) return text.then((late) => late ?? notFound(what, 'id'))
    return text ?? notFound(what, 'id')
  }
}

/** Whether one of its two accounts is the caller's to see. What there is not, everybody may be told of. */
function seesMovement(exchange: Exchange, id: bigint): boolean {
  const { service, principal } = exchange
  if (principal?.rights === undefined) return true
  const view = service.ledger.reader.transfer(id)
  if (view === undefined) return true
  const sides = [view.debitAccountId, view.creditAccountId]
  const addresses = sides.map((side) => service.accounts.addressOf(side))
  return seesOne(exchange, exchange.route.resource === 'holds' ? 'holds:read' : READ, addresses)
}

const READ = 'transfers:read'

/** A reference is the id, so this is no search. */
function byReference(show: Show, kind: ReferenceKind): Read {
  return (service, exchange, { query }) => {
    const { reference } = query as { reference: string }
    const id = referenceId(exchange.principal?.name ?? '', kind, reference)
    if (!seesMovement(exchange, id)) return pageText(service, kind, [], undefined)
    const page = (text: string | undefined): string =>
      pageText(service, kind, text === undefined ? [] : [text], undefined)
    const text = shown(show, service, id)
    return text instanceof Promise ? text.then(page) : page(text)
  }
}

export const getTransfer = byId(showTransfer, 'transfer')
export const findTransfers = byReference(showTransfer, 'transfer')
export const getHold = byId(showHold, 'hold')
export const findHolds = byReference(showHold, 'hold')
export const getTransaction = byId(showTransaction, 'transaction')
export const findTransactions = byReference(showTransaction, 'transaction')

export const listTransferEvents: Read = (service, exchange, { params, query }) => {
  const text = (params as { id: string }).id
  const id = parseId(text) ?? 0n
  if (!seesMovement(exchange, id)) return unseen('transfer', 'id')
  const list = `events ${text}`
  const { filters, after, limit } = pageOf(service, list, query as LaterEventsQuery)
  if (after !== undefined && typeof after !== 'number') {
    return refuse('invalid_cursor', 'cursor', 'It belongs to another list.')
  }
  const { reader } = service.ledger
  const transfer = reader.transfer(id)
  const page = { ...(after === undefined ? {} : { after }), limit: limit + 1 }
  const found = reader.laterEvents(id, page)
  if (found === undefined || transfer === undefined) return notFound('transfer', 'id')
  const shown = found.events.slice(0, limit)
  const last = found.events.length > limit ? shown.at(-1)?.sequence : found.next
  const rows = shown.map((event) => laterText(service, transfer, event))
  return pageText(service, list, rows, last === undefined ? undefined : { filters, after: last })
}

function laterText({ book }: Service, transfer: TransferView, event: LaterEvent): string {
  const { operation, flags, amount, captured, sequence } = event
  const isRelease = operation === Operation.releaseHold
  const requestId = requestIdOf(book, sequence)
  const isHold = (transfer.flags & TransferFlags.pending) !== 0
  const remaining = isHold ? event.remaining : transfer.amount - captured
  return `{"object":"transfer_event","kind":"${isRelease ? 'expired' : kindOf(flags)}","transfer_id":${isRelease ? 'null' : idText(event.id)},"amount":"${amount}","total":"${captured}","remaining":"${remaining}","timestamp":${timeText(event.timestamp)},"sequence":"${sequence}","request_id":${requestId === undefined ? 'null' : `"${requestId}"`}}`
}
