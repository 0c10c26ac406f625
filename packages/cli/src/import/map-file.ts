/** Where a map comes from: a file, or one that is built in. */
import { readFileSync } from 'node:fs'
import type { BookingMap } from './booking-map.ts'
import { BANK_MAP } from './bank-map.ts'
import { parseMap } from './parse-map.ts'

const BUILT_IN: Readonly<Record<string, object>> = { bank: BANK_MAP }

export interface MapSource {
  readonly map: BookingMap
  /** As it was read: whether an import goes on with the same map is told by it. */
  readonly text: string
}

/** @param name of a built-in map. @param path of a file, when there is no such map. @throws CommandError */
export function readMap(name: string, path: string): MapSource {
  const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined
  const text = builtIn === undefined ? readFileSync(path, 'utf8') : JSON.stringify(builtIn)
  return { map: parseMap(text), text }
}
