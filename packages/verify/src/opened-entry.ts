/** One entry of an account's proof: its leaf held against the log, its side against the leaf, and what else is shown of it. */
import type { EntryProof } from './account-proof.ts'
import { MalformedEvent } from './byte-reader.ts'
import { equalBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { decodeContent, type MovedContent } from './content.ts'
import { accountIdOf, formatId } from './ids.ts'
import { decodeLeaf, isMoved, type Leaf } from './leaf.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { type Checklist, counted, grouped } from './report.ts'
import { sha256 } from './sha256.ts'
import { decodeSide, type Entry, type Side } from './side.ts'

export interface OpenedEntry {
  /** In the list, from 0. */
  readonly place: number
  readonly leaf: Leaf
  readonly direction: 'debit' | 'credit'
  readonly amount: bigint
  /** Number of the asset. */
  readonly asset: number
  readonly entry: Entry
  /** It is in the log, and of this account: what follows may be held against it. */
  readonly isSound: boolean
  /** Here and below: absent is what is not shown, or not what was committed to. */
  readonly content?: MovedContent | undefined
  readonly metadata?: Uint8Array | undefined
  readonly other?: { readonly account: bigint; readonly address?: string | undefined } | undefined
}

export interface EntryQuestion {
  /** In the list, from 0. */
  readonly place: number
  readonly account: bigint
  readonly checkpoint: Checkpoint | undefined
}

/** Says what is wrong with one field of one entry. */
type Fail = (name: string, field: string, sentence: string) => void

/** `Entry 4 of the list`. */
export function entryName(place: number): string {
  return `Entry ${grouped(place + 1)} of the list`
}

/** @returns undefined when its leaf or its side cannot be read; the list says why */
export function openEntry(
  list: Checklist,
  proof: EntryProof,
  question: EntryQuestion,
): OpenedEntry | undefined {
  const { place } = question
  const fail: Fail = (name, field, sentence) =>
    list.fail(name, `${entryName(place)}: ${sentence}`, { entry: place, field })
  const before = list.checks.length
  const leaf = read(fail, 'leaf', () => decodeLeaf(proof.leaf))
  if (leaf === undefined) return undefined
  checkPlace(fail, proof, { leaf, checkpoint: question.checkpoint })
  const side = openSide(fail, proof, { leaf, account: question.account })
  if (side?.entry === undefined) return undefined
  const isSound = list.checks.length === before
  const content = openContent(fail, proof, leaf)
  return {
    ...{ place, leaf, direction: proof.side, isSound, content },
    ...{ amount: side.amount, asset: side.asset, entry: side.entry },
    metadata: openMetadata(fail, proof, content),
    other: openOther(fail, proof, { leaf, side }),
  }
}

interface Placed {
  readonly leaf: Leaf
  readonly checkpoint: Checkpoint | undefined
}

function checkPlace(fail: Fail, proof: EntryProof, { leaf, checkpoint }: Placed): void {
  const event = grouped(proof.index + 1n)
  if (leaf.sequence !== proof.index + 1n) {
    fail(
      'inclusion',
      'index',
      `the leaf says that it is event ${grouped(leaf.sequence)}, but its place is that of event ${event}.`,
    )
  }
  if (checkpoint === undefined) return
  const claim = { index: proof.index, proof: proof.proof, leaf: leafHash(proof.leaf) }
  if (verifyInclusion({ ...claim, ...checkpoint })) return
  fail(
    'inclusion',
    'leaf',
    `it is not event ${event} of the log of ${counted(checkpoint.size)} that was signed: leaf, place, hashes or checkpoint were changed.`,
  )
}

function openSide(
  fail: Fail,
  { side: which, preimage }: EntryProof,
  { leaf, account }: { leaf: Leaf; account: bigint },
): Side | undefined {
  if (!isMoved(leaf)) {
    fail('leaf', 'leaf', 'the event moved nothing.')
    return undefined
  }
  if (!equalBytes(sha256(preimage), leaf[which])) {
    fail(
      'side',
      'preimage',
      `amount, account or balances were changed: the ${which} side is not the one that the leaf commits to.`,
    )
  }
  const side = read(fail, 'preimage', () => decodeSide(which, preimage, leaf))
  if (side !== undefined && side.account !== account) {
    fail('side', 'preimage', `it is of another account, ${formatId(side.account)}.`)
  }
  return side
}

function openContent(fail: Fail, { content }: EntryProof, leaf: Leaf): MovedContent | undefined {
  if (content === undefined) return undefined
  if (!equalBytes(sha256(content), leaf.content)) {
    fail('content', 'content', 'the content is not the one that the leaf names.')
    return undefined
  }
  const opened = read(fail, 'content', () => decodeContent(content, leaf))
  return opened?.sort === 'moved' ? opened : undefined
}

function openMetadata(
  fail: Fail,
  { metadata }: EntryProof,
  content: MovedContent | undefined,
): Uint8Array | undefined {
  if (metadata === undefined) return undefined
  const hash = content?.metadataHash
  const isNamed =
    hash !== undefined &&
    content?.metadataLength === metadata.length &&
    equalBytes(sha256(metadata), hash)
  if (isNamed) return metadata
  fail('metadata', 'metadata', 'the metadata is not what the content names.')
  return undefined
}

function openOther(
  fail: Fail,
  { side, other }: EntryProof,
  own: { leaf: Leaf; side: Side },
): OpenedEntry['other'] {
  if (other === undefined) return undefined
  const which = side === 'debit' ? 'credit' : 'debit'
  if (!equalBytes(sha256(other.preimage), own.leaf[which])) {
    fail('other', 'other.preimage', `the ${which} side is not the one that the leaf commits to.`)
    return undefined
  }
  const opened = read(fail, 'other.preimage', () => decodeSide(which, other.preimage, own.leaf))
  if (opened === undefined) return undefined
  const { account, amount, asset } = opened
  if (amount !== own.side.amount || asset !== own.side.asset || account === own.side.account) {
    fail('other', 'other.preimage', 'its two sides do not agree: no ledger may decide that.')
  }
  const { address } = other
  if (address === undefined || accountIdOf(address) === account) return { account, address }
  fail('other', 'other.address', `${address} is not the account of the ${which} side.`)
  return { account }
}

function read<Value>(fail: Fail, field: string, decode: () => Value): Value | undefined {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error
    fail(field === 'preimage' ? 'side' : field, field, `${error.message}.`)
    return undefined
  }
}
