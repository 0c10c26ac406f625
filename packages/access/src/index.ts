export type { CallRate, GrantRecord, KeyRecord, PrincipalRecord } from './access-records.ts'
export type { AccessReader } from './access-reader.ts'
export { AccessState, ADMINISTRATION } from './access-state.ts'
export {
  type ApprovalAction,
  type ApprovalRecord,
  approvalStatus,
  type ApprovalStatus,
  type PolicyRecord,
} from './approval.ts'
export { type Deciding, type PackedCommands } from './approvals.ts'
export { base64Of } from './base64.ts'
export { DECIDE } from './deciders.ts'
export {
  type Ceiling,
  ceilingIdOf,
  type CeilingMeasure,
  type CeilingRecord,
  type Charge,
  resetOf,
} from './ceiling.ts'
export { isAddressPattern } from './address-pattern.ts'
export {
  type ControlCommand,
  decodeControl,
  encodeControl,
  type NewKey,
  type NotedRefusals,
  type PrincipalKind,
  type Refusal,
  REFUSALS,
} from './control-command.ts'
export { ControlStatus } from './control-status.ts'
export { CALLS_MAX, GRANTS_PER_PRINCIPAL_MAX } from './limits.ts'
export type { IdentityRecord } from './identities.ts'
export { IpRanges, isInRanges, isIpAddress, isIpRange } from './ip-range.ts'
export type { Rights } from './rights.ts'
export { BUILT_IN_ROLES } from './roles.ts'
export { accessOfText, accessText } from './saved-access.ts'
