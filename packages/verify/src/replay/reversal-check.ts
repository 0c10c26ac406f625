/** Holds reversals against what they reverse, which is read again: it may lie anywhere before. */
import { kindOf } from '../entry-chain.ts'
import { formatId } from '../ids.ts'
import { decodeLeaf } from '../leaf.ts'
import { grouped } from '../report.ts'
import { readEntryBundle, TILE_WIDTH, TileProblem, type TileSource } from '../tiles.ts'
import { readOpenings } from './opening-bundle.ts'
import { openEvent, type ReplayEvent } from './opened-event.ts'
import type { ReversalClaim } from './moves.ts'

const WIDTH = BigInt(TILE_WIDTH)

/** @param size of the log. @returns what is wrong, without its full stop. @throws SourceUnreadable */
export async function reversalProblem(
  source: TileSource,
  size: bigint,
  claim: ReversalClaim,
): Promise<string | undefined> {
  const { sequence, id } = claim.original
  const which = `transfer ${formatId(id)}, event ${grouped(sequence)}`
  if (sequence === 0n || sequence >= claim.sequence)
    return `it reverses ${which}, which is not before it`
  const original = await eventAt(source, size, sequence)
  if (original === undefined) return `it reverses ${which}, which cannot be opened`
  const { content, debit, credit } = original
  const kind = content.sort === 'moved' ? kindOf({ leaf: original.leaf, content }) : 'moved'
  if (content.id !== id || !['transfer', 'capture'].includes(kind)) {
    return `it reverses ${which}, which is no transfer of that id`
  }
  if (debit?.account !== claim.credit || credit?.account !== claim.debit) {
    return `it reverses ${which}, which is of other accounts`
  }
  if (claim.reversed <= debit.amount) return undefined
  return `${grouped(claim.reversed)} of ${which} are reversed with it, which moved ${grouped(debit.amount)}`
}

async function eventAt(
  source: TileSource,
  size: bigint,
  sequence: bigint,
): Promise<ReplayEvent | undefined> {
  const index = (sequence - 1n) / WIDTH
  const left = size - index * WIDTH
  const place = { index, width: left < WIDTH ? Number(left) : TILE_WIDTH }
  const at = Number((sequence - 1n) % WIDTH)
  try {
    const [entry] = (await readEntryBundle(source, place)).slice(at, at + 1)
    const [opening] = (await readOpenings(source, place)).slice(at, at + 1)
    if (entry === undefined || opening === undefined) return undefined
    const event = openEvent(decodeLeaf(entry), opening, () => {})
    return event?.isSound === true ? event : undefined
  } catch (error) {
    // A leaf that is malformed was named when it was its turn.
    if (error instanceof TileProblem || (error as Error).name === 'MalformedEvent') return undefined
    throw error
  }
}
