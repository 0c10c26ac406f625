/** Ed25519 (RFC 8032) by the platform's own Web Crypto: nothing to trust beyond it. */

const PUBLIC_KEY_BYTES = 32
const SIGNATURE_BYTES = 64

/** The platform has no Ed25519, so nothing can be said about any signature. */
export class Ed25519Missing extends Error {
  override readonly name = 'Ed25519Missing'

  constructor(options?: ErrorOptions) {
    super(
      'This platform has no Ed25519 in crypto.subtle: use Node, Deno, Bun or a browser that has it, and in a browser a page served over HTTPS.',
      options,
    )
  }
}

export interface Ed25519Claim {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/**
 * @returns false also for keys and signatures that are none.
 * @throws Ed25519Missing
 */
export async function verifyEd25519(claim: Ed25519Claim): Promise<boolean> {
  const subtle = globalThis.crypto?.subtle
  if (subtle === undefined) throw new Ed25519Missing()
  if (claim.publicKey.length !== PUBLIC_KEY_BYTES) return false
  if (claim.signature.length !== SIGNATURE_BYTES) return false
  try {
    const key = await subtle.importKey('raw', own(claim.publicKey), 'Ed25519', false, ['verify'])
    return await subtle.verify('Ed25519', key, own(claim.signature), own(claim.message))
  } catch (error) {
    // 32 bytes that are no point of the curve are a DataError: a key under which nothing verifies.
    if (isNamed(error, 'DataError')) return false
    throw isNamed(error, 'NotSupportedError') ? new Ed25519Missing({ cause: error }) : error
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

/** Web Crypto takes no view of shared memory. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
