/**
 * What waits for a second person: policies say which actions have to, an approval is one action that does. It holds the very commands, so that
 * nothing else can be done in its name.
 */

/** Changes of limits and openings beyond the safe shape; reversals above an amount; whatever gives rights. */
export type ApprovalAction = 'limits' | 'reversals' | 'rights'

export interface PolicyRecord {
  readonly policy: string
  readonly action: ApprovalAction
  /** Of reversals: the asset's number; undefined: any. */
  readonly asset: number | undefined
  /** Of reversals: amounts above this one, minor units. */
  readonly above: bigint
  /** Of accounts; rights have none, and need `*`. */
  readonly addresses: readonly string[]
  /** How long an approval may be waited for. */
  readonly seconds: number
  /** ns since 1970, as below. */
  readonly createdAt: bigint
}

export interface ApprovalRecord {
  readonly approval: string
  /** Id of the request that waits. */
  readonly request: string
  /** Whose it is. */
  readonly by: string
  readonly action: ApprovalAction
  /** Number of the operation in the contract. */
  readonly operation: number
  /** Where whoever decides needs the right to; `*`: everywhere. */
  readonly addresses: readonly string[]
  /** SHA-256 of the packed commands, hex. */
  readonly digest: string
  readonly count: number
  /** As packed, base64; '' once it is decided. */
  readonly commands: string
  readonly expiresAt: bigint
  readonly askedAt: bigint
  readonly decision: ApprovalDecision | undefined
}

export interface ApprovalDecision {
  readonly approved: boolean
  readonly by: string
  readonly at: bigint
  /** Id of the request that decided it, and carried it out. */
  readonly request: string
}

export type ApprovalStatus = 'awaiting_approval' | 'approved' | 'refused' | 'expired'

/** @param at ns */
export function approvalStatus(
  { decision, expiresAt }: Pick<ApprovalRecord, 'decision' | 'expiresAt'>,
  at: bigint,
): ApprovalStatus {
  if (decision !== undefined) return decision.approved ? 'approved' : 'refused'
  return at >= expiresAt ? 'expired' : 'awaiting_approval'
}
