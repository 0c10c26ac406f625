/** The answers to changes of access, made from the statement in the book. */
import { type ControlCommand, decodeControl } from '@tallystick/access'
import { Memory, RecordCursor } from '@tallystick/ledger'

import { ceilingText, grantText, keyText, principalText, roleText } from './access-text.ts'
import type { Answer, Render } from './answer.ts'
import type { Book, Facts } from './book.ts'
import { refusalFacts, TRANSFER_FIELDS } from './refusal.ts'
import type { RenderedRequest } from './answer.ts'
import { timeText } from './text.ts'

const cursor = new RecordCursor(Memory.allocate(8))

interface Done {
  readonly command: ControlCommand
  /** ns */
  readonly at: bigint
  readonly saved: RenderedRequest['body']
  readonly book: Book
}

type Show = (done: Done) => { readonly text: string; readonly status: 200 | 201 }

/** @param show of a command that was accepted. */
function answerOf(show: Show): Render {
  return (book: Book, facts: Facts, { body }): Answer => {
    const record = facts.record(0, cursor)
    if (record.status !== 0) {
      return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
    }
    const command = decodeControl(record.metadata)
    if (command === undefined) throw new Error('a control command in the book can be read')
    const { text, status } = show({ command, at: record.timestamp, saved: body, book })
    return { status, text: facts.dryRun ? `${text.slice(0, -1)},"dry_run":true}` : text }
  }
}

const NOT_ITS_COMMAND = 'the answer is of another command'

export const principalAnswer = answerOf(({ command, at }) => {
  if (command.control !== 'create_principal') throw new Error(NOT_ITS_COMMAND)
  const { principal, kind } = command
  return { status: 201, text: principalText({ principal, kind, disabled: false, createdAt: at }) }
})

/** The key itself is put in by whoever has it still: `Plan.secret`. */
export const keyAnswer = answerOf(({ command, at, saved }) => {
  if (command.control !== 'create_key' && command.control !== 'rotate_key') {
    throw new Error(NOT_ITS_COMMAND)
  }
  const { key, hash, prefix, expires_at: expires, ip_ranges: ipRanges } = command
  const principal = command.control === 'create_key' ? command.principal : (saved.principal ?? '')
  const text = keyText(
    {
      ...{ key, principal, hash, prefix, ipRanges, createdAt: at },
      ...{ revokedAt: undefined, replacedBy: undefined },
      expiresAt: expires === null ? undefined : BigInt(expires),
    },
    { now: at, lastUsed: undefined },
  )
  return { status: 201, text: `${text.slice(0, -1)},"secret":null}` }
})

export const roleAnswer = answerOf(({ command }) => {
  if (command.control !== 'put_role') throw new Error(NOT_ITS_COMMAND)
  return { status: 200, text: roleText(command.role, command.scopes, false) }
})

export const grantAnswer = answerOf(({ command, at }) => {
  if (command.control !== 'create_grant') throw new Error(NOT_ITS_COMMAND)
  const { grant, principal, role, scopes, addresses } = command
  const made = { grant, principal, scopes, addresses, createdAt: at, revokedAt: undefined }
  return { status: 201, text: grantText({ ...made, role: role ?? undefined }) }
})

export const ceilingAnswer = answerOf(({ command, at, book }) => {
  if (command.control !== 'create_ceiling') throw new Error(NOT_ITS_COMMAND)
  const { ceiling, principal, measure, asset, limit, addresses } = command
  const made = {
    ...{ ceiling, principal, measure, addresses, asset: asset ?? undefined },
    ...{ createdAt: at, revokedAt: undefined },
  }
  const own = { limit: BigInt(limit), used: 0n }
  return { status: 201, text: ceilingText(book, made, { ...own, now: at }) }
})

export const changeAnswer = answerOf(({ command, at }) => ({
  status: 200,
  text: `{"object":"access_change","control":"${command.control}","name":"${nameOf(command)}","timestamp":${timeText(at)}}`,
}))

function nameOf(command: ControlCommand): string {
  switch (command.control) {
    case 'create_principal':
    case 'disable_principal':
    case 'enable_principal':
    case 'limit_calls':
      return command.principal
    case 'create_key':
    case 'rotate_key':
    case 'revoke_key':
      return command.key
    case 'put_role':
    case 'remove_role':
      return command.role
    case 'create_grant':
    case 'revoke_grant':
      return command.grant
    case 'bind_identity':
      return command.principal ?? ''
    case 'note_refusals':
      throw new Error(NOT_ITS_COMMAND)
    case 'create_ceiling':
    case 'revoke_ceiling':
      return command.ceiling
    case 'create_policy':
    case 'remove_policy':
      return command.policy
    case 'request_approval':
    case 'approve':
    case 'refuse_approval':
      return command.approval
  }
}
