/** Commands as lines of the scenario language: `parse` reads them back to the same commands. */
import {
  type Command,
  type CreateAccount,
  type CreateTransfer,
  NO_SUBTREE_LIMIT,
  Operation,
} from '@tallystick/ledger'
import type { Batch } from './state-machine.ts'
import { nameOf } from './id-text.ts'
import { ACCOUNT_WORDS } from './parse-command.ts'
import { TRANSFER_WORDS } from './parse-transfer.ts'
import { writeAmount, writeBytes, writeMetadata } from './value-text.ts'

type Names = ReadonlyMap<bigint, string>

export function formatBatches(batches: readonly Batch[], names: Names): string {
  return batches.map((batch) => `${formatBatch(batch, names)}\n`).join('')
}

function formatBatch({ commands, proposed, dryRun = false }: Batch, names: Names): string {
  const at = `at ${proposed}`
  if (commands.length === 0) return `${at}\n${dryRun ? 'dry\ncommit' : 'tick'}`
  const lines = commands.map((command) => formatCommand(command, names))
  if (lines.length === 1 && !dryRun) return [at, ...lines].join('\n')
  const block = lines.map((line) => `  ${line}`)
  return [at, dryRun ? 'dry' : 'batch', ...block, 'commit'].join('\n')
}

export function formatCommand(command: Command, names: Names): string {
  const id = (value: bigint): string => nameOf(names, value)
  const flags = flagWords(command.flags, ACCOUNT_WORDS)
  switch (command.operation) {
    case Operation.createTransfer:
      return formatTransfer(command, id)
    case Operation.createAccount:
      return formatAccount(command, id)
    case Operation.changeLimit:
      return join(
        'limit',
        id(command.id),
        flags,
        amount(command.limit),
        subtree(command.subtreeLimit),
      )
    case Operation.changeMetadata:
      return join('metadata', id(command.id), flags, bareMetadata(command.metadata))
    case Operation.closeAccount:
      return join('close', id(command.id), flags)
    case Operation.reopenAccount:
      return join('reopen', id(command.id), flags)
    case Operation.registerAsset:
      return join('asset', String(command.asset), flags, command.name)
    case Operation.closeBooks:
      return join(
        'books',
        id(command.id),
        flags,
        `asset=${command.asset}`,
        `until=${command.until}`,
      )
    case Operation.attest:
      return join('attest', flags, bareMetadata(command.statement))
    case Operation.control:
      return join('control', flags, bareMetadata(command.statement))
    case Operation.rule:
      return join('rule', flags, bareMetadata(command.statement))
  }
}

function formatTransfer(transfer: CreateTransfer, id: (value: bigint) => string): string {
  return join(
    'transfer',
    id(transfer.id),
    id(transfer.debitAccountId),
    id(transfer.creditAccountId),
    writeAmount(transfer.amount),
    flagWords(transfer.flags, TRANSFER_WORDS),
    transfer.pendingId === 0n ? '' : `of=${id(transfer.pendingId)}`,
    transfer.timeout === 0 ? '' : `timeout=${transfer.timeout}`,
    transfer.asset === 1 ? '' : `asset=${transfer.asset}`,
    transfer.code === 1 ? '' : `code=${transfer.code}`,
    transfer.effectiveAt === 0n ? '' : `effective=${transfer.effectiveAt}`,
    transfer.metadata.length === 0 ? '' : `metadata=${writeMetadata(transfer.metadata)}`,
  )
}

function formatAccount(account: CreateAccount, id: (value: bigint) => string): string {
  return join(
    'account',
    id(account.id),
    flagWords(account.flags, ACCOUNT_WORDS),
    account.parent === 0n ? '' : `parent=${id(account.parent)}`,
    account.limit === 0n ? '' : `limit=${writeAmount(account.limit)}`,
    account.subtreeLimit === NO_SUBTREE_LIMIT ? '' : subtree(account.subtreeLimit),
    account.asset === 1 ? '' : `asset=${account.asset}`,
    account.code === 1 ? '' : `code=${account.code}`,
    account.address === '' ? '' : `address=${account.address}`,
    account.metadata.length === 0 ? '' : `metadata=${writeMetadata(account.metadata)}`,
  )
}

/** Bare words can be flags; metadata that reads like one is written as bytes. */
function bareMetadata(bytes: Uint8Array): string {
  const text = writeMetadata(bytes)
  return Object.hasOwn(ACCOUNT_WORDS, text) ? writeBytes(bytes) : text
}

const amount = (value: bigint | undefined): string =>
  value === undefined ? '' : writeAmount(value)

function subtree(limit: bigint | undefined): string {
  if (limit === undefined) return ''
  return `subtree=${limit === NO_SUBTREE_LIMIT ? 'none' : writeAmount(limit)}`
}

/** Words for the bits that have one, `flags=` for the others. */
function flagWords(flags: number, table: Readonly<Record<string, number>>): string {
  const words = Object.entries(table).filter(([, flag]) => (flags & flag) !== 0)
  const rest = words.reduce((left, [, flag]) => left & ~flag, flags)
  return join(...words.map(([word]) => word), rest === 0 ? '' : `flags=${rest}`)
}

const join = (...words: readonly string[]): string => words.filter((word) => word !== '').join(' ')
