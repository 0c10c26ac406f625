/** Changes the key of a log: a second one signs beside it until everyone knows it, then the first is retired. */
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

import { StartRefused } from '../start/setting.ts'
import { addLogKey, readLogKeys, recordedOrigin } from './log-signer.ts'

export interface RotateOptions {
  /** The keys directory. A server may run: it reads its keys when it starts. */
  readonly keys: string
  /** Id of the key that signs no more, 8 hexadecimal digits; undefined: a new key is made. */
  readonly retire?: string | undefined
}

/** Verifier keys. */
export interface RotateReport {
  readonly added: string | undefined
  readonly retired: string | undefined
  /** From the next start on. */
  readonly signing: readonly string[]
}

/** @throws StartRefused */
export async function rotateLogKey({ keys, retire }: RotateOptions): Promise<RotateReport> {
  const origin = await recordedOrigin(keys)
  const found = origin === undefined ? [] : readLogKeys(keys, origin)
  if (origin === undefined || found.length === 0) {
    throw new StartRefused(`There is no key of a log in ${keys}: the first start makes one.`)
  }
  const signing = found.map(({ vkey }) => vkey)
  if (retire === undefined) {
    if (found.length > 1) {
      throw new StartRefused(
        `${found.length} keys sign already: ${signing.join(', ')}. Retire one of them first.`,
      )
    }
    const { vkey } = addLogKey(keys, origin)
    return { added: vkey, retired: undefined, signing: [...signing, vkey] }
  }
  const old = found.find(({ idText }) => idText === retire)
  if (old === undefined) {
    throw new StartRefused(`No key with the id ${retire} signs; there is ${signing.join(', ')}.`)
  }
  if (found.length === 1) {
    throw new StartRefused(`${old.vkey} is the only key: make a new one first.`)
  }
  await mkdir(join(keys, 'retired'), { recursive: true, mode: 0o700 })
  const name = `log.${old.idText}.key`
  await rename(join(keys, name), join(keys, 'retired', name))
  return { added: undefined, retired: old.vkey, signing: signing.filter((key) => key !== old.vkey) }
}
