/**
 * Signatures of manifests: the signature lines of a signed note (c2sp.org/signed-note) whose text is two lines, the one below and the
 * SHA-256 of the manifest's line in hex. So any program that verifies such notes can verify a backup.
 */
import { signNote, type SigningKey } from '@tallystick/proof'
import {
  formatSignatureLines,
  MalformedNote,
  parseSignatureLines,
  type VerifierKey,
  verifyNote,
} from '@tallystick/verify'

import { BackupRefused } from './errors.ts'
import { type CheckSignature, sha256Of, type Sign } from './manifest.ts'

const FIRST_LINE = 'tallystick/backup/v1'

const textOf = (manifest: Uint8Array): string => `${FIRST_LINE}\n${sha256Of(manifest)}\n`

/** Signs with an Ed25519 key. */
export function manifestSigner(key: SigningKey): Sign {
  return (manifest) =>
    Promise.resolve(formatSignatureLines(signNote(textOf(manifest), [key]).signatures))
}

/** What it gives throws BackupRefused unless this key signed. */
export function manifestCheck(key: VerifierKey): CheckSignature {
  return async (manifest, signature) => {
    if (typeof signature !== 'string') {
      throw new BackupRefused(
        `The manifest is not signed, and a signature of ${key.name} is wanted.`,
      )
    }
    const { verified } = await verifyNote(
      { text: textOf(manifest), signatures: linesOf(signature) },
      [key],
    )
    if (verified.length > 0) return
    throw new BackupRefused(
      `The manifest's signature is not one of ${key.name}: it was changed, or somebody else made it.`,
    )
  }
}

function linesOf(signature: string) {
  try {
    return parseSignatureLines(signature)
  } catch (error) {
    if (!(error instanceof MalformedNote)) throw error
    throw new BackupRefused(`The manifest's signature cannot be read: ${error.message}.`, {
      cause: error,
    })
  }
}
