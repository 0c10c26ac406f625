/** The private half of a signed note's key: Ed25519, for the signatures of a log or for the cosignatures of a witness. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { inspect } from 'node:util'

import {
  concatBytes,
  formatVerifierKey,
  fromBase64,
  MalformedKey,
  SignatureType,
  toBase64,
  type VerifierKey,
  verifierKey,
} from '@tallystick/verify'

const SEED_BYTES = 32
const PARTS = /^PRIVATE\+KEY\+([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/

/** PKCS #8 of an Ed25519 seed (RFC 8410): always these bytes, then the seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

export class SigningKey {
  /** What others verify with. */
  readonly verifierKey: VerifierKey
  /** Never shown: neither by `inspect` nor in JSON. */
  readonly #key: KeyObject

  private constructor(verifierKey: VerifierKey, key: KeyObject) {
    this.verifierKey = verifierKey
    this.#key = key
  }

  /**
   * A new one. A cosigner's key must not sign anything else, nor under a second name.
   * @throws MalformedKey for a name that is none.
   */
  static generate(name: string, type: SignatureType): SigningKey {
    return SigningKey.#of(name, type, generateKeyPairSync('ed25519').privateKey)
  }

  /** @param seed 32 bytes. @throws MalformedKey */
  static fromSeed(name: string, type: SignatureType, seed: Uint8Array): SigningKey {
    if (seed.length !== SEED_BYTES) throw new MalformedKey('the private key has not 32 bytes')
    const der = Buffer.concat([PKCS8_HEAD, seed])
    return SigningKey.#of(name, type, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  }

  /**
   * @param text `PRIVATE+KEY+name+key id+base64(type || seed)`, as golang.org/x/mod/sumdb/note and its kin write it.
   * @throws MalformedKey; the message never has the key in it.
   */
  static parse(text: string): SigningKey {
    const [, name = '', id = '', encoded = ''] = PARTS.exec(text) ?? []
    const bytes = encoded === '' ? undefined : fromBase64(encoded)
    if (bytes === undefined) throw new MalformedKey('this is no private key of a signed note')
    const type = Object.values(SignatureType).find((known) => known === bytes[0])
    if (type === undefined) throw new MalformedKey(`the private key of ${name} is of another type`)
    const key = SigningKey.fromSeed(name, type, bytes.subarray(1))
    if (key.idText === id) return key
    throw new MalformedKey(`the key id of ${name} is ${id}, but its key gives ${key.idText}`)
  }

  static #of(name: string, type: SignatureType, key: KeyObject): SigningKey {
    const { x } = createPublicKey(key).export({ format: 'jwk' })
    return new SigningKey(verifierKey(name, type, Buffer.from(x ?? '', 'base64url')), key)
  }

  /** What `parse` reads. Secret. */
  encode(): string {
    const { d } = this.#key.export({ format: 'jwk' })
    const seed = Buffer.from(d ?? '', 'base64url')
    const { name, type } = this.verifierKey
    const encoded = toBase64(concatBytes(Uint8Array.of(type), seed))
    return `PRIVATE+KEY+${name}+${this.idText}+${encoded}`
  }

  /** What is given to others: `name+key id+base64(type || public key)`. */
  get vkey(): string {
    return formatVerifierKey(this.verifierKey)
  }

  /** Eight hexadecimal digits. */
  get idText(): string {
    return this.verifierKey.keyId.toString(16).padStart(8, '0')
  }

  /** @returns 64 bytes; the same for the same message. */
  sign(message: Uint8Array): Uint8Array {
    return new Uint8Array(sign(null, message, this.#key))
  }

  toJSON(): string {
    return this.vkey
  }

  [inspect.custom](): string {
    return `SigningKey ${this.vkey}`
  }
}
