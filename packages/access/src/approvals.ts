/**
 * All policies and approvals there are. Whoever decides is another person than whoever asked, with the right to where the action reaches; what is carried
 * out are the commands that were asked for, byte by byte, and once.
 */
import type { ApprovalAction, ApprovalRecord, PolicyRecord } from './approval.ts'
import type { ControlCommand } from './control-command.ts'
import { ControlStatus } from './control-status.ts'
import { DECIDE } from './deciders.ts'
import { APPROVALS_AWAITED_MAX, APPROVALS_KEPT_MAX, POLICIES_MAX } from './limits.ts'
import type { PrincipalRecord } from './access-records.ts'
import type { Rights } from './rights.ts'

type Of<Name> = Extract<ControlCommand, { control: Name }>
type Decides = Of<'approve' | 'refuse_approval'>

/** What a command is decided with, besides its bytes. */
export interface Deciding {
  /** Of the event, ns. */
  readonly at: bigint
  /** Whose request it is in; '' = nobody's in particular. */
  readonly by: string
  /** What follows it in its request, and nothing came before it; undefined: something did. */
  readonly rest: () => PackedCommands | undefined
}

export interface PackedCommands {
  readonly count: number
  /** base64 */
  readonly commands: string
}

/** A command that stands alone. */
export const ALONE: Deciding = { at: 0n, by: '', rest: () => ({ count: 0, commands: '' }) }

/** Of the state around it. */
interface People {
  principal(name: string): PrincipalRecord | undefined
  rightsOf(name: string): Rights
}

export class Approvals {
  readonly #people: People
  readonly #policies = new Map<string, PolicyRecord>()
  readonly #awaited = new Map<string, ApprovalRecord>()
  /** Decided and expired ones; the oldest are let go, the log has them all. */
  readonly #done = new Map<string, ApprovalRecord>()

  constructor(people: People) {
    this.#people = people
  }

  get isEmpty(): boolean {
    return this.#policies.size === 0 && this.#awaited.size === 0 && this.#done.size === 0
  }
  get hasPolicies(): boolean {
    return this.#policies.size > 0
  }
  get policies(): Iterable<PolicyRecord> {
    return this.#policies.values()
  }
  policiesOf(action: ApprovalAction): PolicyRecord[] {
    return [...this.#policies.values()].filter((policy) => policy.action === action)
  }
  /** The oldest first. */
  get all(): readonly ApprovalRecord[] {
    return [...this.#done.values(), ...this.#awaited.values()]
  }
  find(id: string): ApprovalRecord | undefined {
    return this.#awaited.get(id) ?? this.#done.get(id)
  }

  /** @param deciders how many persons can decide anywhere */
  checkPolicy({ policy }: Of<'create_policy'>, deciders: number): ControlStatus {
    if (this.#policies.has(policy)) return ControlStatus.alreadyExists
    // One asks, and another has to be there.
    if (deciders < 2) return ControlStatus.tooFewDeciders
    return this.#policies.size < POLICIES_MAX ? ControlStatus.changed : ControlStatus.tooMany
  }

  checkRemoval({ policy }: Of<'remove_policy'>): ControlStatus {
    return this.#policies.has(policy) ? ControlStatus.changed : ControlStatus.policyNotFound
  }

  checkRequest(command: Of<'request_approval'>, { at, by }: Deciding): ControlStatus {
    if (command.by !== by) return ControlStatus.mayNotDecide
    if (this.find(command.approval) !== undefined) return ControlStatus.alreadyExists
    let awaited = 0
    for (const { expiresAt } of this.#awaited.values()) if (expiresAt > at) awaited++
    return awaited < APPROVALS_AWAITED_MAX ? ControlStatus.changed : ControlStatus.tooMany
  }

  checkDecision(command: Decides, { at, by, rest }: Deciding): ControlStatus {
    const approval = this.find(command.approval)
    if (approval === undefined) return ControlStatus.approvalNotFound
    if (approval.decision !== undefined) return ControlStatus.approvalDecided
    if (approval.expiresAt <= at) return ControlStatus.approvalExpired
    const isOwn = command.by === approval.by
    // Whoever asked may think better of it.
    const may = command.control === 'refuse_approval' && isOwn
    if (command.by !== by || (!may && (isOwn || !this.#mayDecide(by, approval)))) {
      return ControlStatus.mayNotDecide
    }
    if (command.control === 'refuse_approval') return ControlStatus.changed
    // What is taken back meanwhile cannot be asked for any more.
    if (this.#people.principal(approval.by)?.disabled === true) return ControlStatus.mayNotDecide
    const asked = rest()
    const isSame =
      command.digest === approval.digest &&
      asked?.count === approval.count &&
      asked.commands === approval.commands
    return isSame ? ControlStatus.changed : ControlStatus.approvalDiffers
  }

  #mayDecide(name: string, { addresses }: ApprovalRecord): boolean {
    const person = this.#people.principal(name)
    if (person?.kind !== 'person' || person.disabled) return false
    const rights = this.#people.rightsOf(name)
    return addresses.every((address) =>
      address === '*' ? rights.hasEverywhere(DECIDE) : rights.hasAt(DECIDE, address),
    )
  }

  addPolicy(command: Of<'create_policy'>, at: bigint): void {
    const { policy, action, asset, above, addresses, seconds } = command
    this.putPolicy({
      ...{ policy, action, asset: asset ?? undefined, above: BigInt(above) },
      ...{ addresses, seconds, createdAt: at },
    })
  }

  removePolicy(policy: string): void {
    this.#policies.delete(policy)
  }

  request(command: Of<'request_approval'>, at: bigint): void {
    for (const old of this.#awaited.values()) if (old.expiresAt <= at) this.#end(old)
    const { approval, request, by, action, operation, addresses } = command
    const { digest, count, commands, expires_at: expiresAt } = command
    this.put({
      ...{ approval, request, by, action, operation, addresses, digest, count, commands },
      ...{ expiresAt: BigInt(expiresAt), askedAt: at, decision: undefined },
    })
  }

  decide({ control, approval, by, request }: Decides, at: bigint): void {
    const awaited = this.find(approval)
    if (awaited === undefined) return
    this.#end({ ...awaited, decision: { approved: control === 'approve', by, at, request } })
  }

  #end(approval: ApprovalRecord): void {
    this.#awaited.delete(approval.approval)
    this.put({ ...approval, commands: '' })
    for (const oldest of this.#done.keys()) {
      if (this.#done.size <= APPROVALS_KEPT_MAX) break
      this.#done.delete(oldest)
    }
  }

  putPolicy(policy: PolicyRecord): void {
    this.#policies.set(policy.policy, policy)
  }

  /** As it was kept: what has no commands any more is not waited for. */
  put(approval: ApprovalRecord): void {
    const where = approval.commands === '' ? this.#done : this.#awaited
    where.set(approval.approval, approval)
  }
}
