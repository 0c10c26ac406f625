export type { GrantRecord, KeyRecord, PrincipalRecord } from './access-records.ts'
export { AccessState, ADMINISTRATION } from './access-state.ts'
export { isAddressPattern } from './address-pattern.ts'
export {
  type ControlCommand,
  encodeControl,
  type NewKey,
  type PrincipalKind,
} from './control-command.ts'
export { ControlStatus } from './control-status.ts'
export { isInRanges, isIpRange } from './ip-range.ts'
export type { Rights } from './rights.ts'
export { BUILT_IN_ROLES } from './roles.ts'
export { accessOfText, accessText } from './saved-access.ts'
