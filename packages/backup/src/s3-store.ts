/** Backups in an S3-compatible store. Loaded only for a destination that begins with `s3://`. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'

import { StoreFailed } from './errors.ts'
import type { BackupStore, StoredObject } from './store.ts'

export interface S3Place {
  readonly bucket: string
  /** Before every name: empty, or ends with `/`. */
  readonly prefix: string
  /** Of a store that is not Amazon's; default: what AWS_ENDPOINT_URL says, else Amazon's. */
  readonly endpoint: string | undefined
}

/** Keys and region come from where the SDK looks for them: AWS_ACCESS_KEY_ID, AWS_REGION, profiles, the machine's role. */
export class S3Store implements BackupStore {
  readonly name: string
  readonly #bucket: string
  readonly #prefix: string
  readonly #client: S3Client

  constructor(place: S3Place) {
    const { bucket, prefix, endpoint } = place
    this.name = `s3://${bucket}/${prefix}`
    this.#bucket = bucket
    this.#prefix = prefix
    this.#client = new S3Client({
      ...(endpoint === undefined ? {} : { endpoint }),
      region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
      // Other stores seldom have a host name for each bucket.
      forcePathStyle: endpoint !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined,
      // Every object's SHA-256 is in the manifest. The SDK's own trailing checksums are not understood everywhere.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: 5,
    })
  }

  list(prefix: string): Promise<StoredObject[]> {
    return this.#attempt(async () => {
      const found: StoredObject[] = []
      let token: string | undefined
      do {
        const page = await this.#client.send(
          new ListObjectsV2Command({
            ...{ Bucket: this.#bucket, Prefix: `${this.#prefix}${prefix}` },
            ContinuationToken: token,
          }),
        )
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
          const name = Key.slice(this.#prefix.length)
          found.push({ name, bytes: Size, writtenAt: LastModified?.getTime() ?? 0 })
        }
        token = page.NextContinuationToken
      } while (token !== undefined)
      return found
    })
  }

  async read(name: string): Promise<Buffer | undefined> {
    return this.#attempt(async () => {
      try {
        const { Body } = await this.#client.send(new GetObjectCommand(this.#key(name)))
        const bytes = await Body?.transformToByteArray()
        return bytes === undefined ? undefined : Buffer.from(bytes)
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined
        throw error
      }
    })
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.#attempt(() =>
      this.#client.send(new PutObjectCommand({ ...this.#key(name), Body: bytes })),
    )
  }

  async remove(name: string): Promise<void> {
    await this.#attempt(() => this.#client.send(new DeleteObjectCommand(this.#key(name))))
  }

  close(): void {
    this.#client.destroy()
  }

  #key(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${name}` }
  }

  async #attempt<Result>(use: () => Promise<Result>): Promise<Result> {
    try {
      return await use()
    } catch (error) {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      throw new StoreFailed(`${this.name}: ${message}`, { cause: error })
    }
  }
}
