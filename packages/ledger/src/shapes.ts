/** What a command is by itself, whatever the state: read ahead for a stretch of commands at once. */
import { COMMAND_SIZE, CommandField } from './batch.ts'
import { Operation } from './command.ts'
import { TransferFlags } from './flags.ts'

/** What a command is by itself, whatever the state. */
export const Shape = { other: 0, posted: 1, held: 2 } as const

export const COMMAND_WORDS = COMMAND_SIZE / 4
/** Where a command's fields lie, in units of 4 bytes. */
export const Word = {
  amount: CommandField.amount / 4,
  pendingId: CommandField.pendingId / 4,
  effectiveAt: CommandField.effectiveAt / 4,
  timeout: CommandField.timeout / 4,
  asset: CommandField.asset / 4,
  /** code in the lower half, flags in the upper. */
  codeAndFlags: CommandField.code / 4,
  operation: CommandField.operation / 4,
  metadataLength: CommandField.metadataLength / 4,
} as const

/** Fills `into` with the shapes of commands `from` to `to`. */
export function readShapes(u32: Uint32Array, into: Uint8Array, from: number, to: number): void {
  for (let index = from; index < to; index++) into[index] = shapeAt(u32, index * COMMAND_WORDS)
}

function shapeAt(u32: Uint32Array, at: number): number {
  if (u32[at + Word.operation] !== Operation.createTransfer) return Shape.other
  const codeAndFlags = u32[at + Word.codeAndFlags] as number
  const flags = codeAndFlags >>> 16
  if ((flags & ~TransferFlags.pending) !== 0 || (codeAndFlags & 0xffff) === 0) return Shape.other
  const timeout = u32[at + Word.timeout] as number
  let absent =
    (u32[at + Word.metadataLength] as number) |
    (u32[at + Word.effectiveAt] as number) |
    (u32[at + Word.effectiveAt + 1] as number) |
    (u32[at + Word.amount + 2] as number) |
    (u32[at + Word.amount + 3] as number)
  for (let word = 0; word < 4; word++) absent |= u32[at + Word.pendingId + word] as number
  const tooLarge = (u32[at + Word.amount + 1] as number) >>> 30
  if (absent !== 0 || tooLarge !== 0) return Shape.other
  const a = u32[at] as number
  const b = u32[at + 1] as number
  const c = u32[at + 2] as number
  const d = u32[at + 3] as number
  if ((a | b | c | d) === 0 || (a & b & c & d) === -1) return Shape.other
  if (flags !== 0) return Shape.held
  return timeout === 0 ? Shape.posted : Shape.other
}
