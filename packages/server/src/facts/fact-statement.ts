/**
 * Facts that were decided beside the ledger, as statements of its log (docs/decisions/0036-facts-of-others.md): so they have a place in its order,
 * and are told, kept and proved like any other event.
 */
import type { EventType } from '@tallystick/contract'
import { Operation, type TallyLedger } from '@tallystick/engine'
import type { RecordCursor } from '@tallystick/ledger'
import type { Fact } from '@tallystick/postgres'

const MAGIC = Buffer.from('TLF1')

const FACT_TYPES = ['read_models.differed', 'read_models.agreed'] as const
export type FactType = (typeof FACT_TYPES)[number] & EventType

export interface StatedFact {
  readonly type: FactType
  /** JSON of the fields, without braces. */
  readonly fields: string
}

/** `TLF1` · length of the type u8 · type · data, JSON. */
function encodeFact({ type, data }: Pick<Fact, 'type' | 'data'>): Uint8Array {
  return Buffer.concat([MAGIC, Buffer.from([type.length]), Buffer.from(type + data)])
}

/** undefined: another statement, or a fact that this version does not know. */
export function statedFact(record: RecordCursor): StatedFact | undefined {
  if (record.kind !== Operation.attest || record.status !== 0) return undefined
  const bytes = Buffer.from(record.metadata)
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const from = MAGIC.length + 1
  const to = from + (bytes[MAGIC.length] ?? 0)
  const type = FACT_TYPES.find((each) => each === bytes.toString('latin1', from, to))
  return type && { type, fields: bytes.toString('utf8', to).slice(1, -1) }
}

/** However often it is told, it is one event. @returns its sequence. */
export async function stateFact(ledger: TallyLedger, fact: Fact): Promise<number> {
  const statement = encodeFact(fact)
  const [stated] = await ledger.applyCommands(
    [{ operation: Operation.attest, flags: 0, statement }],
    { key: `fact/${fact.id}` },
  )
  if (stated === undefined) throw new Error('the fact has no event')
  return stated.sequence
}
