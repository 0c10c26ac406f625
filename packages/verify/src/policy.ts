/** Whom an auditor trusts, from the texts that he was given. */
import { toBase64 } from './bytes.ts'
import type { TrustPolicy } from './open-checkpoint.ts'
import { parseVerifierKey, SignatureType } from './verifier-key.ts'

export interface PolicyOptions {
  /** Verifier keys of the log, one at least; all of its name. Two while it changes its key. */
  readonly keys: readonly string[]
  /** Verifier keys of witnesses; none by default. */
  readonly witnesses?: readonly string[]
  /** How many of the witnesses must have cosigned; all of them by default. */
  readonly quorum?: number
}

/** A policy that cannot be meant; the message says why. */
export class MalformedPolicy extends Error {
  override readonly name = 'MalformedPolicy'
}

/** The origin of the log is the name of its key. @throws MalformedKey, MalformedPolicy */
export function trustPolicy({ keys, witnesses = [], quorum }: PolicyOptions): TrustPolicy {
  const logKeys = keys.map(parseVerifierKey)
  const witnessKeys = witnesses.map(parseVerifierKey)
  const [origin, ...others] = new Set(logKeys.map(({ name }) => name))
  if (origin === undefined) throw new MalformedPolicy('no key of the log is given')
  if (others.length > 0) {
    throw new MalformedPolicy(`the keys are of different logs: ${[origin, ...others].join(', ')}`)
  }
  const unfit = witnessKeys.find(({ type }) => type !== SignatureType.cosignature)
  if (unfit !== undefined) {
    throw new MalformedPolicy(
      `the key of ${unfit.name} is not a witness's: it is not for cosignatures`,
    )
  }
  if (new Set(witnessKeys.map(({ publicKey }) => toBase64(publicKey))).size < witnessKeys.length) {
    throw new MalformedPolicy('two of the witnesses have the same public key')
  }
  const needed = quorum ?? witnessKeys.length
  if (!Number.isInteger(needed) || needed < 0 || needed > witnessKeys.length) {
    throw new MalformedPolicy(
      `a quorum of ${needed} out of ${witnessKeys.length} cannot be reached`,
    )
  }
  return { origin, logKeys, witnessKeys, quorum: needed }
}
