/** Secrets and signatures of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32
const PREFIX = 'whsec_'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** As it is shown, once. */
export function secretText(secret: Buffer): string {
  return PREFIX + secret.toString('base64')
}

/** One signature for each secret that counts, with spaces between them. @param at seconds since 1970. */
export function signatureOf(
  message: { readonly id: string; readonly at: number; readonly body: string },
  secrets: readonly Buffer[],
): string {
  const { id, at, body } = message
  return secrets
    .map((secret) => {
      const mac = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64')
      return `v1,${mac}`
    })
    .join(' ')
}

/** Secrets at rest: AES-256-GCM, bound to the webhook that they belong to. */
export class SecretBox {
  readonly #key: Buffer

  /** @param key 32 bytes, kept outside of the data. */
  constructor(key: Buffer) {
    this.#key = key
  }

  seal(secret: Buffer, webhook: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(webhook))
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  }

  /** undefined: it was sealed under another key. */
  open(sealed: Uint8Array, webhook: string): Buffer | undefined {
    const bytes = Buffer.from(sealed)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES))
    decipher.setAAD(Buffer.from(webhook)).setAuthTag(bytes.subarray(-TAG_BYTES))
    try {
      return Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ])
    } catch {
      return undefined
    }
  }
}
