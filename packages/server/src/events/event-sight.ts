/**
 * What somebody may see of events, by the rights that he has when he is told: those of accounts that he may hear of, without what is the other
 * side's. One place for the stream, webhooks and whatever else has an owner.
 */
import type { AccessReader, Rights } from '@tallystick/access'
import type { Scope } from '@tallystick/contract'

import { redactedValue, SEEN } from '../access/redact.ts'
import type { BookEvent } from './book-event.ts'

const HEARD: Scope = 'events:read'
const RULES_SEEN: Scope = 'rules:read'

/** @param rights undefined: every right. */
export function mayHear(event: BookEvent, rights: Rights | undefined): boolean {
  if (rights === undefined || rights.hasEverywhere(HEARD)) return true
  const { accounts, type } = event
  // Assets are everybody's to read; what is about all accounts is not.
  if (accounts.length === 0) return type === 'asset.registered' && rights.has(HEARD)
  const isHeard = (address: string): boolean => rights.hasAt(HEARD, address)
  // It says what is watched for: whoever is watched need not know.
  if (type === 'rule.fired')
    return accounts.every((each) => isHeard(each) && rights.hasAt(RULES_SEEN, each))
  // What was tried in vain is the business of those who own all of it: a refusal says what the other side lacks.
  return type === 'command.refused' ? accounts.every(isHeard) : accounts.some(isHeard)
}

/** An event, JSON, without what its reader may not see. */
export function redactedEvent(text: string, rights: Rights): string {
  const event = redactedValue(JSON.parse(text), rights) as { readonly data: object }
  for (const name of ['debit', 'credit']) {
    const side: unknown = Reflect.get(event.data, name)
    if (typeof side !== 'object' || side === null) continue
    const account = String(Reflect.get(side, 'account'))
    if (!rights.hasAt(SEEN, account)) Reflect.set(event.data, name, { account })
  }
  return JSON.stringify(event)
}

/** Rights of whoever made a subscription, or why it may not be at work any more. */
export type Standing =
  | { readonly isGood: true; readonly rights: Rights | undefined }
  | { readonly isGood: false; readonly reason: string }

export function standingOf(access: AccessReader, principal: string): Standing {
  if (principal === 'root' || principal === '') {
    if (!access.hasAdministrator) return { isGood: true, rights: undefined }
    return not('it was made with the root key, which has ended: make it anew')
  }
  if (access.principal(principal)?.disabled !== false)
    return not(`${principal}, who made it, is disabled`)
  const rights = access.rightsOf(principal)
  if (rights.has(HEARD)) return { isGood: true, rights }
  return not(`${principal}, who made it, has no right ${HEARD} any more`)
}

function not(reason: string): Standing {
  return { isGood: false, reason }
}
