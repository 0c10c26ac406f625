/** One event of a log with all that its leaf commits to: every part held against the hash that the leaf, or a part of it, has. */
import { MalformedEvent } from '../byte-reader.ts'
import { equalBytes } from '../bytes.ts'
import { type Content, decodeContent, decodeFacts, type Facts } from '../content.ts'
import { isMoved, isRefusedTransfer, type Leaf } from '../leaf.ts'
import { sha256 } from '../sha256.ts'
import { decodeSide, type Side } from '../side.ts'
import type { Opening } from './opening-bundle.ts'

export interface ReplayEvent {
  readonly leaf: Leaf
  readonly content: Content
  /** Of transfers and releases. */
  readonly debit: Side | undefined
  readonly credit: Side | undefined
  readonly facts: Facts | undefined
  readonly metadata: Uint8Array
  /** All of it is what the leaf commits to. */
  readonly isSound: boolean
}

type Fail = (sentence: string) => void

/** @param fail told what is not what was committed to. @returns undefined when it cannot be read either. */
export function openEvent(leaf: Leaf, opening: Opening, fail: Fail): ReplayEvent | undefined {
  let isSound = true
  const wrong: Fail = (sentence) => {
    isSound = false
    fail(sentence)
  }
  try {
    const content = openContent(leaf, opening, wrong)
    const debit = openSide('debit', leaf, opening, wrong)
    const credit = openSide('credit', leaf, opening, wrong)
    const facts = openFacts(content, opening, wrong)
    checkMetadata(content, opening, wrong)
    return { leaf, content, debit, credit, facts, metadata: opening.metadata, isSound }
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error
    // What does not hash to what the leaf has is named already.
    if (isSound) fail(error.message.replace(/^T/, 't'))
    return undefined
  }
}

/** The salt of its debit side, or of its content when it has no sides: the first that its frame's salt gives. @returns 16 bytes */
export function saltOf(leaf: Leaf, { content, debit }: Opening): Uint8Array {
  if (isMoved(leaf)) return debit.subarray(16, 32)
  return isRefusedTransfer(leaf) ? debit.subarray(24, 40) : content.subarray(4, 20)
}

function openContent(leaf: Leaf, { content }: Opening, wrong: Fail): Content {
  if (!equalBytes(sha256(content), leaf.content)) {
    wrong('the content was changed: it is not the one that the leaf names')
  }
  return decodeContent(content, leaf)
}

function openSide(
  which: 'debit' | 'credit',
  leaf: Leaf,
  opening: Opening,
  wrong: Fail,
): Side | undefined {
  const bytes = opening[which]
  const hasSides = isMoved(leaf) || isRefusedTransfer(leaf)
  if (!hasSides) {
    if (bytes.length > 0) wrong(`it has a ${which} side, which the leaf does not know`)
    return undefined
  }
  if (!equalBytes(sha256(bytes), leaf[which])) {
    wrong(
      `amount, account or balances were changed: the ${which} side is not the one that the leaf commits to`,
    )
  }
  return decodeSide(which, bytes, leaf)
}

function openFacts(content: Content, { facts }: Opening, wrong: Fail): Facts | undefined {
  const hash = content.sort === 'refused' ? content.factsHash : undefined
  if (hash === undefined) {
    if (facts.length > 0) wrong('it has what a limit said, which the content does not name')
    return undefined
  }
  if (!equalBytes(sha256(facts), hash)) {
    wrong('what the limit said was changed: it is not what the content names')
  }
  return decodeFacts(facts)
}

function checkMetadata(content: Content, { metadata }: Opening, wrong: Fail): void {
  const { metadataHash, metadataLength = metadata.length } = content
  const isNamed =
    metadataHash === undefined
      ? metadata.length === 0
      : metadata.length === metadataLength && equalBytes(sha256(metadata), metadataHash)
  if (!isNamed) wrong('the metadata was changed: it is not what the content names')
}
