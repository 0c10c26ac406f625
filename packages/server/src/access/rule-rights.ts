/** Whether rights reach what a rule watches, and what it does. */
import type { Rights } from '@tallystick/access'
import type { Scope } from '@tallystick/contract'
import type { RuleForm } from '@tallystick/rules'

import { forbidden } from './door.ts'

/** What a rule that freezes needs besides. */
const FREEZES: readonly Scope[] = ['holds:write', 'accounts:write']

/** The whole of each pattern. */
export function reachesRule(
  rights: Rights | undefined,
  scope: Scope,
  { addresses }: Pick<RuleForm, 'addresses'>,
): boolean {
  return rights === undefined || addresses.every((pattern) => reaches(rights, scope, pattern))
}

/** @throws Refused 403 */
export function assertRule(rights: Rights, form: RuleForm): void {
  for (const scope of ['rules:manage' as const, ...(form.action === 'freeze' ? FREEZES : [])]) {
    if (reachesRule(rights, scope, form)) continue
    throw forbidden(`This needs the right ${scope} on all of ${form.addresses.join(', ')}.`)
  }
}

function reaches(rights: Rights, scope: Scope, pattern: string): boolean {
  if (pattern === '*') return rights.hasEverywhere(scope)
  if (pattern.endsWith(':*')) return rights.hasBelow(scope, pattern.slice(0, -2))
  return rights.hasAt(scope, pattern)
}
