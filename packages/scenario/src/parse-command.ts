/** Lines that ask something of the ledger: which word begins which command. */
import {
  AccountFlags,
  type ChangeLimit,
  type Command,
  type CreateAccount,
  NO_SUBTREE_LIMIT,
  Operation,
} from '@tallystick/ledger'
import {
  type KnownTransfers,
  parsePost,
  parseReverse,
  parseTransfer,
  parseVoid,
} from './parse-transfer.ts'
import { readMetadata } from './value-text.ts'
import type { Words } from './words.ts'

export const ACCOUNT_WORDS: Readonly<Record<string, number>> = {
  linked: AccountFlags.linked,
  dmnec: AccountFlags.debitsMustNotExceedCredits,
  cmned: AccountFlags.creditsMustNotExceedDebits,
  closed: AccountFlags.closed,
}

/** undefined: no command begins with this word. */
export function parseCommand(
  verb: string,
  words: Words,
  known: KnownTransfers,
): Command | undefined {
  switch (verb) {
    case 'account':
      return parseAccount(words)
    case 'transfer':
      return parseTransfer(words)
    case 'post':
      return parsePost(words)
    case 'void':
      return parseVoid(words)
    case 'reverse':
      return parseReverse(words, known)
    case 'limit':
      return parseLimit(words)
    default:
      return parseSetting(verb, words)
  }
}

function parseSetting(verb: string, words: Words): Command | undefined {
  switch (verb) {
    case 'metadata':
      return parseMetadata(words)
    case 'close':
      return { operation: Operation.closeAccount, ...parseAccountAlone(words) }
    case 'reopen':
      return { operation: Operation.reopenAccount, ...parseAccountAlone(words) }
    case 'asset':
      return parseAsset(words)
    case 'books':
      return parseBooks(words)
    case 'attest':
      return parseStatement(words, Operation.attest)
    case 'control':
      return parseStatement(words, Operation.control)
    case 'rule':
      return parseStatement(words, Operation.rule)
    default:
      return undefined
  }
}

/** `account A dmnec limit=100 parent=P asset=1 code=1 subtree=500 address=a:b metadata=text` */
function parseAccount(words: Words): CreateAccount {
  return {
    operation: Operation.createAccount,
    id: words.takeId('the id'),
    address: words.value('address') ?? '',
    asset: words.number(words.value('asset') ?? '1'),
    code: words.number(words.value('code') ?? '1'),
    flags: takeFlags(words),
    parent: words.id(words.value('parent') ?? '0'),
    limit: words.amount(words.value('limit') ?? '0'),
    subtreeLimit: subtreeLimit(words, words.value('subtree')) ?? NO_SUBTREE_LIMIT,
    metadata: readMetadata(words.value('metadata') ?? ''),
  }
}

/** `limit A 50 subtree=100`; either part may be left out, `subtree=none` takes it away. */
function parseLimit(words: Words): ChangeLimit {
  const id = words.takeId('the account')
  const flags = takeFlags(words)
  const limit = words.maybe()
  return {
    operation: Operation.changeLimit,
    id,
    flags,
    limit: limit === undefined ? undefined : words.amount(limit),
    subtreeLimit: subtreeLimit(words, words.value('subtree')),
  }
}

function subtreeLimit(words: Words, word: string | undefined): bigint | undefined {
  if (word === undefined) return undefined
  return word === 'none' ? NO_SUBTREE_LIMIT : words.amount(word)
}

/** `metadata A text` */
function parseMetadata(words: Words): Command {
  const { id, flags } = parseAccountAlone(words)
  const metadata = readMetadata(words.maybe() ?? '')
  return { operation: Operation.changeMetadata, id, flags, metadata }
}

function parseAccountAlone(words: Words): { id: bigint; flags: number } {
  return { id: words.takeId('the account'), flags: takeFlags(words) }
}

/** `asset 1 EUR/2` */
function parseAsset(words: Words): Command {
  const asset = words.number(words.take('the number'))
  const flags = takeFlags(words)
  return { operation: Operation.registerAsset, asset, flags, name: words.take('the name') }
}

/** `books asset=1 until=100` for an asset, `books A until=100` for a subtree. */
function parseBooks(words: Words): Command {
  const flags = takeFlags(words)
  return {
    operation: Operation.closeBooks,
    id: words.id(words.maybe() ?? '0'),
    asset: words.number(words.value('asset') ?? '0'),
    flags,
    until: words.time(words.value('until') ?? words.fail('until= is missing')),
  }
}

/** `attest text`, `control 0x…`, `rule 0x…` */
function parseStatement(
  words: Words,
  operation: typeof Operation.attest | typeof Operation.control | typeof Operation.rule,
): Command {
  const flags = takeFlags(words)
  return { operation, flags, statement: readMetadata(words.maybe() ?? '') }
}

function takeFlags(words: Words): number {
  let flags = words.number(words.value('flags') ?? '0')
  for (const [word, flag] of Object.entries(ACCOUNT_WORDS)) if (words.has(word)) flags |= flag
  return flags
}
