/** What a rule did, as its record has it. */
import type { RecordCursor } from '@tallystick/ledger'
import { decodeRuleCommand, type FireRule } from '@tallystick/rules'

/** Of a record that is a firing. */
export function firingOf(record: RecordCursor): FireRule {
  const command = decodeRuleCommand(record.metadata)
  if (command?.rules === 'fire') return command
  throw new Error('a firing in the book can be read')
}
