/** A root of the tree over all accounts, held against the log that it has to be in, and the account in it or absent from it. */
import {
  ACCOUNTS_STATEMENT,
  type AccountsStatement,
  type AccountState,
  decodeState,
  decodeStatement,
  encodeAccountLeaf,
  idOfAccountLeaf,
} from './account-tree.ts'
import type { ClosingProof, PlaceProof, RootProof } from './account-proof.ts'
import { MalformedEvent } from './byte-reader.ts'
import { equalBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { decodeContent } from './content.ts'
import { decodeLeaf, type Leaf } from './leaf.ts'
import { leafHash, treeRoot, verifyInclusion } from './merkle.ts'
import { type Checklist, counted, grouped } from './report.ts'
import { sha256 } from './sha256.ts'

export interface OpenedRoot {
  readonly statement: AccountsStatement
  /** Of the statement as an event. */
  readonly sequence: bigint
  /** ns since 1970, likewise: later than all that the root shows. */
  readonly statedAt: bigint
  /** undefined: there is no such account. */
  readonly state: AccountState | undefined
}

export interface RootQuestion {
  readonly name: 'opening' | 'closing'
  readonly account: bigint
  /** undefined: nothing can be said of the log. */
  readonly checkpoint: Checkpoint | undefined
}

/** Also what is not proved is opened as far as it can be read; the list says what is wrong. */
export function openRoot(
  list: Checklist,
  root: RootProof,
  question: RootQuestion,
): OpenedRoot | undefined {
  const { name } = question
  const fail = (field: string, sentence: string): void =>
    list.fail(name, `The ${name} root: ${sentence}`, { field: `${name}.${field}` })
  const leaf = read(fail, 'leaf', () => decodeLeaf(root.leaf))
  const statement = read(fail, 'statement', () => decodeStatement('The statement', root.statement))
  if (leaf === undefined || statement === undefined) return undefined
  const before = list.checks.length
  checkEvent(fail, root, leaf)
  checkPlace(fail, root, question.checkpoint)
  if (statement.through >= leaf.sequence) {
    fail('statement', 'it tells of events that come after its own statement.')
  }
  const state =
    root.account === undefined
      ? checkAbsence(fail, root.absent ?? [], { statement, account: question.account })
      : openState(fail, root.account, { statement, account: question.account })
  if (list.checks.length === before) pass(list, question, { leaf, statement, state })
  const { sequence, timestamp: statedAt } = leaf
  return { statement, sequence, statedAt, state }
}

/**
 * The first moment of which the closing root says nothing any more: an entry from then on may be missing.
 * @param root the same one, opened
 * @returns ns since 1970; undefined: the list says why
 */
export function openEnd(
  list: Checklist,
  { next }: ClosingProof,
  { root, checkpoint }: { root: OpenedRoot; checkpoint: Checkpoint | undefined },
): bigint | undefined {
  const fail = (_: string, sentence: string): void =>
    list.fail('closing', `The event after the closing root: ${sentence}`, { field: 'closing.next' })
  const after = root.statement.through + 1n
  if (next === undefined) {
    if (root.sequence === after) return root.statedAt
    fail('next', 'it is not shown, so nobody knows until when the list is whole.')
    return undefined
  }
  const leaf = read(fail, 'next', () => decodeLeaf(next.leaf))
  if (leaf === undefined) return undefined
  if (leaf.sequence !== after || next.index !== leaf.sequence - 1n) {
    fail('next', `event ${grouped(after)} comes next, and not event ${grouped(leaf.sequence)}.`)
    return undefined
  }
  const claim = { index: next.index, proof: next.proof, leaf: leafHash(next.leaf) }
  if (checkpoint !== undefined && !verifyInclusion({ ...claim, ...checkpoint })) {
    fail('next', `it is not in the log of ${counted(checkpoint.size)} that was signed.`)
    return undefined
  }
  return leaf.timestamp
}

type Fail = (field: string, sentence: string) => void

function pass(
  list: Checklist,
  { name }: RootQuestion,
  found: { leaf: Leaf; statement: AccountsStatement; state: AccountState | undefined },
): void {
  const { leaf, statement, state } = found
  const root = `The ${name} root is event ${grouped(leaf.sequence)} of the log and shows ${grouped(statement.accounts)} accounts after event ${grouped(statement.through)}`
  const account =
    state === undefined
      ? 'this account is not among them'
      : `this account is one of them, with ${grouped(state.count)} entries`
  list.pass(name, `${root}; ${account}.`)
}

function checkEvent(fail: Fail, root: RootProof, leaf: Leaf): void {
  if (leaf.kind !== ACCOUNTS_STATEMENT || leaf.status !== 0) {
    fail('leaf', 'the leaf is not that of a statement on all accounts.')
    return
  }
  if (!equalBytes(sha256(root.content), leaf.content)) {
    fail('content', 'the content is not the one that the leaf names.')
    return
  }
  const content = read(fail, 'content', () => decodeContent(root.content, leaf))
  if (content === undefined) return
  const { metadataHash } = content
  if (metadataHash === undefined || !equalBytes(sha256(root.statement), metadataHash)) {
    fail('statement', 'the statement is not the one that the content names.')
  }
  if (leaf.sequence !== root.index + 1n) {
    fail(
      'index',
      `the leaf says that it is event ${grouped(leaf.sequence)}, but its place is that of event ${grouped(root.index + 1n)}.`,
    )
  }
}

function checkPlace(fail: Fail, root: RootProof, checkpoint: Checkpoint | undefined): void {
  if (checkpoint === undefined) return
  const { index, proof } = root
  const claim = { index, proof, leaf: leafHash(root.leaf), ...checkpoint }
  if (verifyInclusion(claim)) return
  fail(
    'proof',
    `it is not in the log of ${counted(checkpoint.size)} that was signed: leaf, place, hashes or checkpoint were changed.`,
  )
}

interface InTree {
  readonly statement: AccountsStatement
  readonly account: bigint
}

function openState(
  fail: Fail,
  place: PlaceProof & { readonly state: Uint8Array },
  { statement, account }: InTree,
): AccountState | undefined {
  const leaf = encodeAccountLeaf(account, sha256(place.state))
  if (!isInTree(place, leaf, statement)) {
    fail(
      'account',
      'the account with this state is not in its tree: state, place or hashes differ.',
    )
  }
  const state = read(fail, 'account.state', () => decodeState('The state', place.state))
  if (state !== undefined && state.newest > statement.through) {
    fail('account.state', 'the newest entry comes after what the root shows.')
  }
  return state
}

function isInTree({ index, proof }: PlaceProof, leaf: Uint8Array, of: AccountsStatement): boolean {
  return verifyInclusion({ index, size: of.accounts, leaf: leafHash(leaf), proof, root: of.root })
}

/** The account's leaf would stand between the two, or before the first, or behind the last. */
function checkAbsence(
  fail: Fail,
  neighbours: NonNullable<RootProof['absent']>,
  { statement, account }: InTree,
): undefined {
  const ids: bigint[] = []
  for (const [at, neighbour] of neighbours.entries()) {
    const field = `absent[${at}]`
    const id = read(fail, field, () => idOfAccountLeaf('The leaf', neighbour.leaf))
    if (id === undefined) return
    ids.push(id)
    if (!isInTree(neighbour, neighbour.leaf, statement)) fail(field, 'the leaf is not in its tree.')
  }
  if (!leavesNoRoom(neighbours, ids, { statement, account })) {
    fail('absent', 'the leaves that are shown leave room for the account.')
  }
}

function leavesNoRoom(
  neighbours: readonly PlaceProof[],
  ids: readonly bigint[],
  { statement, account }: InTree,
): boolean {
  const [first, second, ...others] = neighbours
  const [firstId = 0n, secondId = 0n] = ids
  if (others.length > 0) return false
  if (first === undefined) return statement.accounts === 0n && isEmptyRoot(statement.root)
  if (second === undefined) {
    const isBefore = first.index === 0n && account < firstId
    return isBefore || (first.index === statement.accounts - 1n && firstId < account)
  }
  return second.index === first.index + 1n && firstId < account && account < secondId
}

function isEmptyRoot(root: Uint8Array): boolean {
  return equalBytes(root, treeRoot([]))
}

function read<Value>(fail: Fail, field: string, decode: () => Value): Value | undefined {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error
    fail(field, `${error.message}.`)
    return undefined
  }
}
