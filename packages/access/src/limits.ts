/** How much of everything the state machine takes: it lies in memory, and in every snapshot. */
export const PRINCIPALS_MAX = 10_000
/** Keys that are not revoked, and those that were, together. */
export const KEYS_MAX = 100_000
export const GRANTS_MAX = 100_000
export const ROLES_MAX = 1_000
export const PATTERNS_PER_GRANT_MAX = 16
export const SCOPES_PER_GRANT_MAX = 64
export const IP_RANGES_PER_KEY_MAX = 16
/** Grants of one principal: what each of its rights is compiled from. */
export const GRANTS_PER_PRINCIPAL_MAX = 100
/** Calls a second, or at once, that a limit of calls can name. */
export const CALLS_MAX = 1_000_000
/** 30 days. */
export const APPROVAL_SECONDS_MAX = 2_592_000
export const POLICIES_MAX = 100
/** Not decided and not expired; the commands of each are in memory. */
export const APPROVALS_AWAITED_MAX = 1_000
/** Decided ones that are remembered; the log has all. */
export const APPROVALS_KEPT_MAX = 10_000
export const CEILINGS_MAX = 100_000
/** Each transfer of the principal is held to all of them. */
export const CEILINGS_PER_PRINCIPAL_MAX = 32
/** Subjects of issuers that are bound to a principal. */
export const IDENTITIES_MAX = 100_000
