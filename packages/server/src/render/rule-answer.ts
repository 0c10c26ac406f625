/** The answers to changes of rules, made from the statement in the book. */
import { Memory, RecordCursor } from '@tallystick/ledger'
import { decodeRuleCommand, type RuleCommand } from '@tallystick/rules'

import type { Answer, Render } from './answer.ts'
import { refusalFacts, TRANSFER_FIELDS } from './refusal.ts'
import { ruleText } from './rule-text.ts'

const cursor = new RecordCursor(Memory.allocate(8))

interface Done {
  readonly command: RuleCommand
  /** ns */
  readonly at: bigint
  readonly sequence: number
}

/** @param show of a command that was accepted. */
function answerOf(
  show: (done: Done) => { readonly text: string; readonly status: 200 | 201 },
): Render {
  return (book, facts, { body }): Answer => {
    const record = facts.record(0, cursor)
    if (record.status !== 0) {
      return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
    }
    const command = decodeRuleCommand(record.metadata)
    if (command === undefined) throw new Error('a command about rules in the book can be read')
    const { text, status } = show({ command, at: record.timestamp, sequence: record.sequence })
    return { status, text: facts.dryRun ? `${text.slice(0, -1)},"dry_run":true}` : text }
  }
}

const NOT_ITS_COMMAND = 'the answer is of another command'

export const ruleAnswer = answerOf(({ command, at, sequence }) => {
  if (command.rules !== 'put') throw new Error(NOT_ITS_COMMAND)
  const { rule, version, owner, form } = command
  const text = ruleText(rule, { version, owner, form, at, sequence })
  return { status: version === 1 ? 201 : 200, text }
})

export const removedRuleAnswer = answerOf(({ command }) => {
  if (command.rules !== 'remove') throw new Error(NOT_ITS_COMMAND)
  return { status: 200, text: `{"object":"rule","id":"${command.rule}","removed":true}` }
})
