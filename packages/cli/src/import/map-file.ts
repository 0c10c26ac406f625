/** Where a map comes from: a file, or one that is built in. */
import { existsSync, readFileSync } from 'node:fs'
import { usageError } from '../failure.ts'
import type { BookingMap } from './booking-map.ts'
import { BANK_MAP } from './bank-map.ts'
import { parseMap } from './parse-map.ts'

const BUILT_IN: Readonly<Record<string, object>> = { bank: BANK_MAP }

export interface MapSource {
  readonly map: BookingMap
  /** As it was read: whether an import goes on with the same map is told by it. */
  readonly text: string
}

/** @param name of a built-in map, or of a file. @param path of that file. @throws CommandError */
export function readMap(name: string, path: string): MapSource {
  const text = builtIn(name) ?? textOf(path) ?? builtIn(name.replace(/\.json$/, ''))
  if (text === undefined) {
    const names = Object.keys(BUILT_IN).join(', ')
    throw usageError(`There is no map ${path}, and none built in by that name; there is ${names}.`)
  }
  return { map: parseMap(text), text }
}

function builtIn(name: string): string | undefined {
  return Object.hasOwn(BUILT_IN, name) ? JSON.stringify(BUILT_IN[name]) : undefined
}

/** undefined: there is no such file. */
function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
