/** Who can decide anything that waits for a second person. As long as a policy asks for one, there have to be two. */
import type { AccessReader } from './access-reader.ts'
import type { RoleRecord } from './access-records.ts'
import type { ControlCommand } from './control-command.ts'

export const DECIDE = 'approvals:decide'
const LEAST = 2

type People = Pick<AccessReader, 'grants' | 'principal' | 'scopesOfRole'>

/** What is thought away. */
interface Without {
  readonly principal?: string
  readonly grant?: string
  /** What a role would come to. */
  readonly role?: RoleRecord
}

/** Persons with the right to decide on every address. */
export function countDeciders(people: People, without: Without = {}): number {
  const found = new Set<string>()
  for (const { grant, principal, role, scopes, addresses, revokedAt } of people.grants) {
    if (revokedAt !== undefined || grant === without.grant || !addresses.includes('*')) continue
    const person = people.principal(principal)
    if (person?.kind !== 'person' || person.disabled || principal === without.principal) continue
    const ofRole = role === undefined ? [] : scopesOf(people, role, without)
    if (ofRole.includes(DECIDE) || scopes.includes(DECIDE)) found.add(principal)
  }
  return found.size
}

function scopesOf(people: People, role: string, without: Without): readonly string[] {
  if (without.role?.role === role) return without.role.scopes
  return people.scopesOfRole(role) ?? []
}

/** Whether the command leaves as many as policies need. Keys are not looked at: a lost one has to be revocable whatever is left. */
export function leavesDeciders(people: People, command: ControlCommand): boolean {
  switch (command.control) {
    case 'disable_principal':
      return countDeciders(people, { principal: command.principal }) >= LEAST
    case 'revoke_grant':
      return countDeciders(people, { grant: command.grant }) >= LEAST
    case 'put_role':
      return countDeciders(people, { role: command }) >= LEAST
    default:
      return true
  }
}
