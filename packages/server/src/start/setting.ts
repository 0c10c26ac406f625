/** What a setting is: one row of the table in `settings.ts`, and how its text becomes a value or a sentence. */

import { isIpRange } from '@tallystick/access'
import { isDatabaseUrl } from '@tallystick/postgres'
import { parseVerifierKey, SignatureType, type VerifierKey } from '@tallystick/verify'

import { isSafeUrl } from '../access/fetch-document.ts'
import type { IssuerSetting } from '../access/issuers.ts'
import type { WitnessAddress } from '../trust/witness-client.ts'

/** A start that cannot go on; the message says how to mend it. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}

export interface Setting<Value> {
  /** `--name`; undefined: only from the environment. */
  readonly flag: string | undefined
  readonly env: string
  /** What the value is called in the help; '' for a switch. */
  readonly value: string
  readonly fallback: Value
  readonly about: string
  /** @param text as given. @param name as the user wrote it. @throws StartRefused */
  readonly parse: (text: string, name: string) => Value
}

export function setting<Value>(row: Setting<Value>): Setting<Value> {
  return row
}

export const parseText = (text: string, name: string): string => {
  if (text.trim() === '')
    throw new StartRefused(`${name} is empty: give it a value or leave it out.`)
  return text
}

export function parseChoice<Choice extends string>(choices: readonly Choice[]) {
  return (text: string, name: string): Choice => {
    const found = choices.find((choice) => choice === text)
    if (found !== undefined) return found
    throw new StartRefused(`${name} is ${JSON.stringify(text)}: use one of ${choices.join(', ')}.`)
  }
}

export function parseWhole(min: number, max: number) {
  return (text: string, name: string): number => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : -1
    if (number >= min && number <= max) return number
    throw new StartRefused(
      `${name} is ${JSON.stringify(text)}: use a whole number from ${min} to ${max}.`,
    )
  }
}

export const parseSwitch = (text: string, name: string): boolean => {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new StartRefused(`${name} is ${JSON.stringify(text)}: use true or false.`)
}

/** Where to listen. Port 0: any that is free. */
export interface Listen {
  readonly host: string
  readonly port: number
}

export const parseListen = (text: string, name: string): Listen => {
  const [, host = '', digits = ''] = /^(\[[0-9a-fA-F:.]+\]|[^:\s/]*):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) {
    throw new StartRefused(
      `${name} is ${JSON.stringify(text)}: use HOST:PORT, like 127.0.0.1:7411 or [::1]:7411.`,
    )
  }
  return { host: host === '' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1'), port }
}

export const parseOptionalListen = (text: string, name: string): Listen | undefined =>
  parseListen(text, name)

export const parseUrl = (text: string, name: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/+$/, '')
  throw new StartRefused(
    `${name} is ${JSON.stringify(text)}: use a URL like https://ledger.example.`,
  )
}

/** `ISSUER=AUDIENCE`, several with commas between them. The issuer stays as it is written: its tokens have it so. */
export const parseIssuers = (text: string, name: string): IssuerSetting[] =>
  text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=')
    const [issuer, audience] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    const url = at > 0 && URL.canParse(issuer) ? new URL(issuer) : undefined
    if (url !== undefined && isSafeUrl(url) && url.search === '' && audience !== '') {
      return { issuer, audience }
    }
    throw new StartRefused(
      `${name} has ${JSON.stringify(pair)}: use the https:// URL of an issuer, =, and the audience of its tokens.`,
    )
  })

/** Several with commas between them. */
export const parseRanges = (text: string, name: string): string[] =>
  text.split(',').map((each) => {
    const range = each.trim()
    if (isIpRange(range)) return range
    throw new StartRefused(
      `${name} has ${JSON.stringify(range)}: use addresses or ranges like 10.0.0.0/8 or 2001:db8::/32.`,
    )
  })

/** The text is not shown again: it may have a password. */
export const parseDatabaseUrl = (text: string, name: string): string => {
  if (isDatabaseUrl(text)) return text
  throw new StartRefused(
    `${name} is not the URL of a PostgreSQL database: use one like postgres://user:password@host/database.`,
  )
}

/** The name of a log is the name of its keys: what C2SP signed-note allows, and no longer than a line. */
export const parseOrigin = (text: string, name: string): string => {
  if (/^[\x21-\x2a\x2c-\x7e]{1,200}$/.test(text)) return text
  throw new StartRefused(
    `${name} is ${JSON.stringify(text)}: use a name without spaces and +, like ledger.example/log.`,
  )
}

/** `VKEY=URL`, several with commas between them. A verifier key has no comma, but may end in `=`. */
export const parseWitnesses = (text: string, name: string): WitnessAddress[] =>
  text.split(',').map((pair) => {
    const at = pair.search(/=https?:/)
    const key = at < 0 ? undefined : witnessKey(pair.slice(0, at))
    if (key !== undefined) return { key, url: parseUrl(pair.slice(at + 1), name) }
    throw new StartRefused(
      `${name} is ${JSON.stringify(text)}: use the verifier key of a witness, =, and its URL, with commas between several.`,
    )
  })

function witnessKey(text: string): VerifierKey | undefined {
  try {
    const key = parseVerifierKey(text)
    return key.type === SignatureType.cosignature ? key : undefined
  } catch {
    return undefined
  }
}
