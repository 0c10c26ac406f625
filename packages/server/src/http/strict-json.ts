/**
 * JSON as the edge takes it: UTF-8, not too deep, no field twice. `JSON.parse` itself keeps the last of two equal fields,
 * so the fields are counted twice: as colons outside of texts, and as fields of the value. A difference is a field given twice.
 */
import { isUtf8 } from 'node:buffer'

import { JSON_DEPTH_MAX, type ProblemCode } from '@tallystick/contract'

import { Refused } from './refused.ts'

/** @param at line of NDJSON, for messages. @throws Refused */
export function parseJson(body: Buffer, at = 'body'): unknown {
  if (!isUtf8(body)) return fail('malformed_json', at, `The ${at} is not UTF-8.`)
  const text = body.toString('latin1')
  // Structure is ASCII: what is above it lies inside texts, so latin1 counts the same and costs less.
  const fields = countFields(text, at)
  let value: unknown
  try {
    value = JSON.parse(isAscii(text) ? text : body.toString('utf8'))
  } catch {
    return fail('malformed_json', at, `The ${at} is not JSON.`)
  }
  if (fields !== fieldsOf(value)) {
    const name = repeatedField(body.toString('utf8'))
    return fail('duplicate_field', name, `The field ${JSON.stringify(name)} is given twice.`)
  }
  return value
}

const NOT_ASCII = /[\x80-\xff]/

function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text)
}

function fail(code: ProblemCode, param: string, detail: string): never {
  throw new Refused({ code, param, detail })
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** Colons outside of texts. @throws Refused when it is nested too deeply; what is not JSON at all is found by `JSON.parse`. */
function countFields(text: string, at: string): number {
  let fields = 0
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === QUOTE) {
      index = endOfText(text, index)
    } else if (unit === COLON) {
      fields++
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > JSON_DEPTH_MAX) {
        const detail = `The ${at} is nested more than ${JSON_DEPTH_MAX} levels deep.`
        fail('malformed_json', at, detail)
      }
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--
    }
  }
  return fields
}

/** Index of the closing quote of the text that opens at `from`. */
function endOfText(text: string, from: number): number {
  let end = text.indexOf('"', from + 1)
  while (end > 0 && text.charCodeAt(end - 1) === BACKSLASH) {
    let slashes = 1
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) break
    end = text.indexOf('"', end + 1)
  }
  return end < 0 ? text.length : end
}

function fieldsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let fields = 0
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') fields += fieldsOf(item)
    return fields
  }
  // Own fields alone: what JSON.parse makes has plain prototypes, and those have nothing to enumerate.
  for (const name in value) {
    fields++
    const field: unknown = (value as Record<string, unknown>)[name]
    if (typeof field === 'object') fields += fieldsOf(field)
  }
  return fields
}

/** Name of the first field that one object has twice. Slow: for a message. */
function repeatedField(text: string): string {
  const open: (Set<string> | undefined)[] = []
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const name = String(JSON.parse(token.slice(0, token.length - colon.length)))
      const names = open.at(-1)
      if (names?.has(name) === true) return name
      names?.add(name)
    }
  }
  return ''
}
