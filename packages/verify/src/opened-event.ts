/** An event as far as a receipt opens it: every part is held against the hash that the leaf has of it. */
import { equalBytes } from './bytes.ts'
import { MalformedEvent } from './byte-reader.ts'
import { type Content, decodeContent, decodeFacts, type Facts } from './content.ts'
import { accountIdOf, formatId } from './ids.ts'
import { decodeLeaf, type Leaf } from './leaf.ts'
import type { Receipt } from './receipt.ts'
import { type Checklist, grouped } from './report.ts'
import { sha256 } from './sha256.ts'
import { decodeSide, type Side } from './side.ts'

export interface OpenedEvent {
  readonly leaf: Leaf
  /** Absent, as all below: not shown, or not what was committed to, which the checks say. */
  readonly content?: Content | undefined
  readonly metadata?: Uint8Array | undefined
  readonly debit?: OpenedSide | undefined
  readonly credit?: OpenedSide | undefined
  readonly facts?: Facts | undefined
}

export interface OpenedSide extends Side {
  readonly address?: string | undefined
}

/** @param index of the leaf in the log. @returns undefined when it is malformed; the list says why */
export function readLeaf(list: Checklist, bytes: Uint8Array, index: bigint): Leaf | undefined {
  const leaf = decoded(list, 'leaf', () => decodeLeaf(bytes))
  if (leaf === undefined) return undefined
  const { sequence } = leaf
  list.check('leaf', sequence === index + 1n, {
    right: `The leaf is well formed, and says itself that it is event ${grouped(sequence)}.`,
    wrong: `The leaf says that it is event ${grouped(sequence)}, but it stands at the place of event ${grouped(index + 1n)}.`,
  })
  return leaf
}

export function openEvent(list: Checklist, receipt: Receipt, leaf: Leaf): OpenedEvent {
  const content = openContent(list, receipt, leaf)
  const event = {
    leaf,
    content,
    metadata: openMetadata(list, receipt, content),
    debit: openSide(list, 'debit', receipt, leaf),
    credit: openSide(list, 'credit', receipt, leaf),
    facts: openFacts(list, receipt, content),
  }
  compareSides(list, event)
  return event
}

/** @returns undefined when it is malformed; the list says why */
function decoded<Value>(list: Checklist, name: string, decode: () => Value): Value | undefined {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error
    list.fail(name, `${error.message}.`)
    return undefined
  }
}

function openContent(list: Checklist, { content }: Receipt, leaf: Leaf): Content | undefined {
  if (content === undefined) return undefined
  const opens = list.check('content', equalBytes(sha256(content), leaf.content), {
    right: 'The content is the one that the leaf names.',
    wrong: 'The content is not the one that the leaf names: it hashes to something else.',
  })
  return opens ? decoded(list, 'content', () => decodeContent(content, leaf)) : undefined
}

function openMetadata(
  list: Checklist,
  { metadata }: Receipt,
  content: Content | undefined,
): Uint8Array | undefined {
  if (metadata === undefined) return undefined
  if (content?.metadataHash === undefined) {
    const why = content === undefined ? 'the content is not opened' : 'the event has none'
    list.fail('metadata', `The receipt has metadata, but ${why}.`)
    return undefined
  }
  const length = content.metadataLength ?? metadata.length
  const opens = length === metadata.length && equalBytes(sha256(metadata), content.metadataHash)
  list.check('metadata', opens, {
    right: 'The metadata is what the content names.',
    wrong: 'The metadata is not what the content names: it hashes to something else.',
  })
  return opens ? metadata : undefined
}

function openSide(
  list: Checklist,
  which: 'debit' | 'credit',
  receipt: Receipt,
  leaf: Leaf,
): OpenedSide | undefined {
  const opening = receipt[which]
  if (opening === undefined) return undefined
  const { preimage, address } = opening
  const opens = list.check(which, equalBytes(sha256(preimage), leaf[which]), {
    right: `The ${which} side is the one that the leaf commits to.`,
    wrong: `The ${which} side is not the one that the leaf commits to: it hashes to something else.`,
  })
  const side = opens ? decoded(list, which, () => decodeSide(which, preimage, leaf)) : undefined
  if (side === undefined || address === undefined) return side
  const proves = list.check('address', accountIdOf(address) === side.account, {
    right: `${address} is the account of the ${which} side: its id is made from the address.`,
    wrong: `${address} is not the account of the ${which} side: its id would be ${formatId(accountIdOf(address))}, not ${formatId(side.account)}.`,
  })
  return proves ? { ...side, address } : side
}

function openFacts(
  list: Checklist,
  { facts }: Receipt,
  content: Content | undefined,
): Facts | undefined {
  if (facts === undefined) return undefined
  if (content?.sort !== 'refused' || content.factsHash === undefined) {
    const why = content === undefined ? 'the content is not opened' : 'no limit refused the event'
    list.fail('facts', `The receipt has what a limit said, but ${why}.`)
    return undefined
  }
  const opens = list.check('facts', equalBytes(sha256(facts), content.factsHash), {
    right: 'What the limit said is what the content names.',
    wrong: 'What the limit said is not what the content names: it hashes to something else.',
  })
  return opens ? decoded(list, 'facts', () => decodeFacts(facts)) : undefined
}

/** One transfer: both sides say how much of what. A refused one may have named one account twice. */
function compareSides(list: Checklist, { leaf, debit, credit }: OpenedEvent): void {
  if (debit === undefined || credit === undefined) return
  const agree = debit.asset === credit.asset && debit.amount === credit.amount
  const differ = leaf.status !== 0 || debit.account !== credit.account
  list.check('sides', agree && differ, {
    right: 'Both sides are of the same amount and asset.',
    wrong: agree
      ? 'Both sides are of the same account: no ledger may decide that.'
      : 'The two sides are not of the same amount and asset: no ledger may decide that.',
  })
}
