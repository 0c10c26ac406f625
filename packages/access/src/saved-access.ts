/** The state of access as a snapshot keeps it, as a value, and as the state hash covers it, as bytes. */
import type { GrantRecord, KeyRecord, PrincipalRecord, RoleRecord } from './access-records.ts'
import type { AccessState } from './access-state.ts'
import type { ApprovalRecord, PolicyRecord } from './approval.ts'
import type { CeilingRecord } from './ceiling.ts'
import type { IdentityRecord } from './identities.ts'

export interface SavedAccess {
  readonly version: number
  readonly hasAdministrator: boolean
  readonly principals: readonly PrincipalRecord[]
  readonly keys: readonly KeyRecord[]
  readonly roles: readonly RoleRecord[]
  readonly grants: readonly GrantRecord[]
  /** Absent as long as there was none, and in snapshots of releases that knew none. */
  readonly ceilings?: readonly CeilingRecord[]
  /** Likewise. */
  readonly policies?: readonly PolicyRecord[]
  readonly approvals?: readonly ApprovalRecord[]
  readonly identities?: readonly IdentityRecord[]
}

export function saveAccess(state: AccessState): SavedAccess {
  const { version, hasAdministrator } = state
  return {
    ...{ version, hasAdministrator },
    principals: [...state.principals],
    keys: [...state.keys],
    roles: [...state.roles],
    grants: [...state.grants],
    ...(state.ceilings.isEmpty ? {} : { ceilings: ceilingsOf(state) }),
    ...(state.approvals.isEmpty ? {} : approvalsOf(state)),
    ...(state.identities.isEmpty ? {} : { identities: [...state.identities.all] }),
  }
}

function approvalsOf({ approvals }: AccessState) {
  return { policies: [...approvals.policies], approvals: approvals.all }
}

function ceilingsOf({ ceilings }: AccessState): CeilingRecord[] {
  return Array.from(ceilings.all, ({ record }) => record)
}

/** As JSON; a time, or another large number, is `{"ns":"…"}`. */
export function accessText(saved: SavedAccess): string {
  return JSON.stringify(saved, (_name, value: unknown) =>
    typeof value === 'bigint' ? { ns: String(value) } : value,
  )
}

export function accessOfText(text: string): SavedAccess {
  return JSON.parse(text, (_name, value: unknown) =>
    isTime(value) ? BigInt(value.ns) : value,
  ) as SavedAccess
}

function isTime(value: unknown): value is { readonly ns: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'ns'
}

/** Every text behind its length, lists behind their count, in order of names. */
export function canonicalBytes(state: AccessState): Uint8Array {
  const writer = new Canonical()
  writer.text('tallystick/access/v1')
  writer.number(state.version)
  writer.all(state.principals, (p) => [p.principal, p.kind, p.disabled ? '1' : '0', p.createdAt])
  writer.all(state.keys, (k) => [
    ...[k.key, k.principal, k.hash, k.prefix, k.createdAt],
    ...[k.expiresAt, k.revokedAt, k.replacedBy, k.ipRanges],
  ])
  writer.all(state.roles, (r) => [r.role, r.scopes])
  writer.all(state.grants, (g) => [
    ...[g.grant, g.principal, g.role, g.scopes, g.addresses],
    ...[g.createdAt, g.revokedAt],
  ])
  // What came later stands behind, and only when there is some: older books keep their hashes.
  const limited = [...state.principals].filter(({ callRate }) => callRate !== undefined)
  if (limited.length > 0) {
    writer.text('tallystick/call-rates/v1')
    writer.all(limited, ({ principal, callRate }) => [
      ...[principal, String(callRate?.perSecond), String(callRate?.burst)],
    ])
  }
  // As long as there was none, the bytes are those of books that know none.
  if (!state.ceilings.isEmpty) {
    writer.text('tallystick/ceilings/v1')
    writer.all(ceilingsOf(state), (c) => [
      ...[c.ceiling, c.principal, c.measure, c.asset === undefined ? undefined : `${c.asset}`],
      ...[c.limit, c.addresses, c.createdAt, c.revokedAt, c.day, c.used],
    ])
  }
  if (!state.approvals.isEmpty) writeApprovals(writer, state)
  if (!state.identities.isEmpty) {
    writer.text('tallystick/identities/v1')
    writer.all(state.identities.all, (i) => [
      ...[`${i.issuer} ${i.subject}`, i.principal, i.boundAt],
    ])
  }
  return writer.bytes()
}

function writeApprovals(writer: Canonical, state: AccessState): void {
  const { policies, approvals } = approvalsOf(state)
  writer.text('tallystick/approvals/v1')
  writer.all(policies, (p) => [
    ...[p.policy, p.action, p.asset === undefined ? undefined : `${p.asset}`],
    ...[p.above, p.addresses, `${p.seconds}`, p.createdAt],
  ])
  writer.all(approvals, (a) => [
    ...[a.approval, a.request, a.by, a.action, `${a.operation}`, a.addresses, a.digest],
    ...[`${a.count}`, a.commands, a.expiresAt, a.askedAt],
    ...(a.decision === undefined
      ? [undefined]
      : [`${a.decision.approved}`, a.decision.by, a.decision.at, a.decision.request]),
  ])
}

type Field = string | bigint | undefined | readonly string[]

class Canonical {
  readonly #bytes: number[] = []

  number(value: number): void {
    this.#bytes.push(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24)
  }

  text(text: string): void {
    this.number(text.length)
    for (let at = 0; at < text.length; at++) this.#bytes.push(text.charCodeAt(at))
  }

  all<Item>(items: Iterable<Item>, fieldsOf: (item: Item) => readonly Field[]): void {
    const rows = [...items].map(fieldsOf)
    rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
    this.number(rows.length)
    for (const row of rows) for (const field of row) this.#field(field)
  }

  #field(field: Field): void {
    if (field === undefined) return this.text('-')
    if (typeof field === 'bigint') return this.text(String(field))
    if (typeof field === 'string') return this.text(field)
    this.number(field.length)
    for (const text of field) this.text(text)
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}
