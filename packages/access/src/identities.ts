/** Which principal somebody is whom another service has named: an issuer of tokens and its subject. */
import type { ControlCommand } from './control-command.ts'
import { ControlStatus } from './control-status.ts'
import { IDENTITIES_MAX } from './limits.ts'

export interface IdentityRecord {
  /** URL of the issuer, exactly as its tokens have it. */
  readonly issuer: string
  readonly subject: string
  readonly principal: string
  /** ns since 1970. */
  readonly boundAt: bigint
}

export type BindIdentity = Extract<ControlCommand, { control: 'bind_identity' }>

interface People {
  principal(name: string): unknown
}

export class Identities {
  readonly #all = new Map<string, IdentityRecord>()

  get all(): Iterable<IdentityRecord> {
    return this.#all.values()
  }
  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  find(issuer: string, subject: string): IdentityRecord | undefined {
    return this.#all.get(nameOf(issuer, subject))
  }

  /** @param people who there is */
  check(command: BindIdentity, people: People): ControlStatus {
    const { issuer, subject, principal } = command
    // Whoever takes rights away need not know whether they were there.
    if (principal === null) return ControlStatus.changed
    if (people.principal(principal) === undefined) return ControlStatus.principalNotFound
    const isNew = this.find(issuer, subject) === undefined
    return isNew && this.#all.size >= IDENTITIES_MAX ? ControlStatus.tooMany : ControlStatus.changed
  }

  /** To a principal, in the place of the one before; or to nobody any more. */
  bind({ issuer, subject, principal }: BindIdentity, at: bigint): void {
    if (principal === null) this.#all.delete(nameOf(issuer, subject))
    else this.put({ issuer, subject, principal, boundAt: at })
  }

  put(record: IdentityRecord): void {
    this.#all.set(nameOf(record.issuer, record.subject), record)
  }
}

/** No URL has a space. */
function nameOf(issuer: string, subject: string): string {
  return `${issuer} ${subject}`
}
