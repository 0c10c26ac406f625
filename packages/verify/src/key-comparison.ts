/**
 * The key that a reader got from elsewhere, held against a document. A file can bring any key of its own, so only this says who signed.
 */
import { type PolicyOptions, trustPolicy } from './policy.ts'
import { fingerprint } from './statement-view.ts'
import { MalformedKey, parseVerifierKey } from './verifier-key.ts'
import { verifyAccountProof } from './verify-account.ts'

export interface KeyComparison {
  /** The document is signed with that key, and all of it holds. */
  readonly isSame: boolean
  /** Whether the text was a key or a fingerprint at all. */
  readonly isKey: boolean
  readonly sentence: string
}

/**
 * @param document an account proof. @param trust what its page checks with; of it only the witnesses count here
 * @param text a verifier key, or the fingerprint of one of the page's keys in hex, as people write it
 * @throws Ed25519Missing: then nothing can be said
 */
export async function confirmKey(
  document: string,
  trust: PolicyOptions,
  text: string,
): Promise<KeyComparison> {
  const given = text.trim()
  const digits = given.replaceAll(/[\s:]/g, '').toLowerCase()
  const isFingerprint = /^[0-9a-f]{64}$/.test(digits)
  const key = isFingerprint ? keyOf(digits, trust.keys) : given
  if (key === undefined) {
    return refused('Not the same: the key of this page has another fingerprint.', true)
  }
  const problem = problemOf(key)
  if (problem !== undefined) {
    return refused(`That is neither a key nor a fingerprint: ${problem}.`, false)
  }
  const report = await verifyAccountProof(document, trustPolicy({ ...trust, keys: [key] }))
  const wrong = report.checks.find(({ holds }) => !holds)
  if (wrong !== undefined) return refused(`Not the same key: ${wrong.sentence}`, true)
  const what = isFingerprint ? 'fingerprint' : 'key'
  return {
    ...{ isSame: true, isKey: true },
    sentence: `The same ${what} that you gave: ${fingerprint(key).slice(0, 19)} …`,
  }
}

function refused(sentence: string, isKey: boolean): KeyComparison {
  return { isSame: false, isKey, sentence }
}

function keyOf(digits: string, keys: readonly string[]): string | undefined {
  return keys.find((key) => fingerprint(key).replaceAll(' ', '') === digits)
}

function problemOf(key: string): string | undefined {
  try {
    parseVerifierKey(key)
    return undefined
  } catch (error) {
    if (error instanceof MalformedKey) return error.message
    throw error
  }
}
