/** A checkpoint that one may believe: signed by its log, and by enough witnesses. */
import { toBase64 } from './bytes.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { parseNote, type SignedNote } from './note.ts'
import { SignatureType, type VerifierKey } from './verifier-key.ts'
import { type VerifiedSignature, verifyNote } from './verify-note.ts'

/** Whom one trusts. */
export interface TrustPolicy {
  /** Of the log. */
  readonly origin: string
  /** One of these must have signed. While a log changes its key, both the old and the new one. */
  readonly logKeys: readonly VerifierKey[]
  readonly witnessKeys: readonly VerifierKey[]
  /** How many of the witnesses must have cosigned; 0: none. */
  readonly quorum: number
}

export interface OpenedCheckpoint {
  readonly note: SignedNote
  readonly checkpoint: Checkpoint
  /** Signatures of the log's keys; one at least. */
  readonly logs: readonly VerifiedSignature[]
  /** Of witnesses; as many as the quorum at least. */
  readonly witnesses: readonly VerifiedSignature[]
}

/** A checkpoint that is well formed, but not to be believed; the message says why. */
export class CheckpointRefused extends Error {
  override readonly name = 'CheckpointRefused'
}

/** @throws MalformedNote, MalformedCheckpoint, CheckpointRefused, AmbiguousKeys, Ed25519Missing */
export async function openCheckpoint(
  bytes: Uint8Array | string,
  policy: TrustPolicy,
): Promise<OpenedCheckpoint> {
  assertPolicy(policy)
  const note = parseNote(bytes)
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint.origin !== policy.origin) {
    throw new CheckpointRefused(`it is of ${checkpoint.origin}, not of ${policy.origin}`)
  }
  const [logs, witnesses] = await Promise.all([
    verifyNote(note, policy.logKeys),
    verifyNote(note, policy.witnessKeys),
  ])
  const [failed] = [...logs.failed, ...witnesses.failed]
  if (failed !== undefined) throw new CheckpointRefused(`the signature of ${failed.name} is wrong`)
  if (logs.verified.length === 0) throw new CheckpointRefused('no key of the log has signed it')
  if (witnesses.verified.length < policy.quorum) {
    throw new CheckpointRefused(
      `${witnesses.verified.length} known witnesses have cosigned it, ${policy.quorum} are needed`,
    )
  }
  return { note, checkpoint, logs: logs.verified, witnesses: witnesses.verified }
}

/** A cosignature does not name who made it: two names for one key would count it twice. */
function assertPolicy({ witnessKeys }: TrustPolicy): void {
  const keys = witnessKeys.map(({ publicKey }) => toBase64(publicKey))
  if (new Set(keys).size < keys.length) {
    throw new CheckpointRefused('two of the witnesses have the same public key')
  }
  if (witnessKeys.some(({ type }) => type !== SignatureType.cosignature)) {
    throw new CheckpointRefused('a witness has a key that is not for cosignatures')
  }
}
