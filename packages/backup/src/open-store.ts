/** From what a person wrote to the store that it means. */
import { resolve } from 'node:path'

import { DirectoryStore } from './directory-store.ts'
import { BackupRefused } from './errors.ts'
import type { BackupStore } from './store.ts'

const S3 = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]*)(?:\/(?<path>.*))?$/

export interface StoreOptions {
  /** Where relative paths begin; default: the process's directory. */
  readonly cwd?: string
  /** Of an S3-compatible store that is not Amazon's. */
  readonly endpoint?: string | undefined
}

/** @param destination a directory, or `s3://BUCKET/PREFIX`. @throws BackupRefused. */
export async function openStore(
  destination: string,
  { cwd = process.cwd(), endpoint }: StoreOptions = {},
): Promise<BackupStore> {
  if (!destination.startsWith('s3:')) return new DirectoryStore(resolve(cwd, destination))
  const groups = S3.exec(destination)?.groups
  const bucket = groups?.['bucket']
  if (bucket === undefined) {
    throw new BackupRefused(`${destination} is no place in S3: write s3://BUCKET/PREFIX.`)
  }
  // The client takes half a second to load, and nobody else needs it.
  const { S3Store } = await import('./s3-store.ts')
  const path = (groups?.['path'] ?? '').replace(/\/+$/, '')
  return new S3Store({ bucket, prefix: path === '' ? '' : `${path}/`, endpoint })
}
