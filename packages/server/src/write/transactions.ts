/** Transactions and their reversals: bodies to chains of transfers. */
import {
  ATOMIC_COMMANDS_MAX,
  type CreateTransaction,
  formatId,
  parseId,
  type ReverseTransaction,
} from '@tallystick/contract'
import { type Command, TransferFlags } from '@tallystick/engine'
import { Memory, RecordCursor } from '@tallystick/ledger'

import { postingId } from '../http/ids.ts'
import { notFound, Refused, within } from '../http/refused.ts'
import { factsOf, transactionAnswer } from '../render/transaction-answer.ts'
import { readBody, type SavedBody, type SavedTransaction } from '../saved-body.ts'
import { metadataOf, nameOf } from './fields.ts'
import { Openings } from './openings.ts'
import { type Asking, chain, type Planning, type WriteOperation } from './plan.ts'
import { movementPart, type Part, reversalPart } from './transfers.ts'

const cursor = new RecordCursor(Memory.allocate(8))

export interface TransactionPart extends Part {
  readonly transaction: SavedTransaction
}

/** Its postings as commands, the first with the transaction's own id. `at` of the saved part counts from the first posting. */
export function transactionPart(
  planning: Planning,
  asking: Asking,
  openings: Openings,
  body: CreateTransaction,
): TransactionPart {
  const { postings, metadata, open_missing: openMissing, effective_at: effectiveAt } = body
  const name = nameOf(body, 'transaction', asking)
  metadataOf(metadata, 'metadata', planning)
  const missing: Record<string, string> = {}
  const commands = postings.map((posting, index): Command => {
    const { source, destination, ...rest } = posting
    const movement = {
      ...{ ...rest, debit_account: source, credit_account: destination },
      ...(openMissing === undefined ? {} : { open_missing: openMissing }),
      ...(effectiveAt === undefined ? {} : { effective_at: effectiveAt }),
      ...(posting.metadata === undefined && metadata !== undefined ? { metadata } : {}),
      id: formatId(postingId(name.id, index)),
    }
    const part = within('postings', index, () =>
      movementPart(planning, asking, openings, movement, 'transfer'),
    )
    Object.assign(missing, part.saved)
    return part.commands[0] as Command
  })
  const saved: SavedBody = {
    ...missing,
    ...(name.reference === undefined ? undefined : { reference: name.reference }),
  }
  const transaction = {
    ...{ at: 0, count: commands.length },
    ...(metadata === undefined ? undefined : { metadata }),
  }
  return { commands, saved, keys: name.keys, transaction }
}

export const createTransaction: WriteOperation = {
  plan: (planning, asking, { body }) => {
    const openings = new Openings(planning)
    const part = transactionPart(planning, asking, openings, body as CreateTransaction)
    const opened = openings.commands.length
    const commands = [...openings.commands, ...part.commands]
    if (commands.length > ATOMIC_COMMANDS_MAX) throw tooLarge(commands.length)
    return {
      commands: chain(commands),
      body: {
        ...part.saved,
        ...(opened === 0 ? undefined : { opened }),
        transaction: { ...part.transaction, at: opened },
      },
      touches: openings.ids,
      keys: part.keys,
    }
  },
  render: transactionAnswer('postings'),
}

function tooLarge(count: number): Refused {
  const detail = `${count} commands, accounts to open included; ${ATOMIC_COMMANDS_MAX} is the most.`
  const limit = String(ATOMIC_COMMANDS_MAX)
  return new Refused({ code: 'batch_too_large', param: 'postings', detail, limit })
}

export const reverseTransaction: WriteOperation = {
  plan: (planning, asking, { params, body }) => {
    const id = parseId((params as { id: string }).id) ?? 0n
    const transfers = transfersOf(planning, id)
    const asked = (body ?? {}) as ReverseTransaction
    const { id: ownId, reference, keys } = nameOf(asked, 'transaction', asking)
    const { metadata, effective_at: effectiveAt } = asked
    const shared = {
      ...(metadata === undefined ? {} : { metadata }),
      ...(effectiveAt === undefined ? {} : { effective_at: effectiveAt }),
    }
    const commands = transfers.reverse().map((of, index): Command => {
      const own = { ...shared, id: formatId(postingId(ownId, index)) }
      return reversalPart(planning, asking, { of, body: own }).commands[0] as Command
    })
    const transaction = { at: 0, count: commands.length, reverses: formatId(id) }
    return {
      commands: chain(commands),
      body: {
        ...(reference === undefined ? undefined : { reference }),
        transaction: { ...transaction, ...(metadata === undefined ? undefined : { metadata }) },
      },
      touches: [],
      keys,
    }
  },
  render: transactionAnswer('reversal'),
}

/** Ids of its transfers of which something is left; of all of them when nothing is, so that the ledger refuses. */
function transfersOf({ reader }: Planning, transaction: bigint): bigint[] {
  const first = reader.transfer(transaction)
  const request = first === undefined ? undefined : reader.requestOf(first.sequence)
  if (first === undefined || request === undefined) return notFound('transaction', 'id')
  const facts = factsOf(request)
  const { transaction: own, transactions = [] } = readBody(request.envelope.body)
  const index = first.sequence - request.firstSequence
  const saved = [...transactions, ...(own === undefined ? [] : [own])].find(
    ({ at }) => at === index,
  )
  if (saved === undefined) return notFound('transaction', 'id')
  const ids = Array.from(
    { length: saved.count },
    (_, posting) => facts.record(saved.at + posting, cursor).id,
  )
  const left = ids.filter((id) => {
    const transfer = reader.transfer(id)
    if (transfer === undefined || (transfer.flags & TransferFlags.reversal) !== 0) return true
    return transfer.reversed < transfer.amount
  })
  return left.length === 0 ? ids : left
}
