/** Metadata's rules beyond its schema, and the one byte form of a JSON value, which digests and the ledger compare. */
import { JSON_DEPTH_MAX, METADATA_BYTES_MAX, PRIVATE_BYTES_MAX } from './limits.ts'
import type { Refusal } from './refusal.ts'
import type { PrivateData } from './scalars.ts'

/**
 * JSON without spaces, keys sorted by UTF-16 code units: equal values have equal text, in whatever order they were sent.
 * @param value what `JSON.parse` gave; undefined fields are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}

/** Bytes of a text as UTF-8; pure packages have no TextEncoder. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    // Two surrogates are two units and four bytes; any other unit from 0x800 on is one and three.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** Why metadata cannot be kept; undefined: it can. @param param the field's name, like `postings[0].metadata`. */
export function metadataRefusal(metadata: object, param = 'metadata'): Refusal | undefined {
  if (Object.hasOwn(metadata, 'private')) {
    return reserved(`${param}.private`, '`private` stands beside metadata, not in it.')
  }
  const found = valueRefusal(metadata, param, 1)
  if (found !== undefined) return found
  const bytes = utf8Length(canonicalJson(metadata))
  if (bytes <= METADATA_BYTES_MAX) return undefined
  const detail = `${param} takes ${bytes} bytes; ${METADATA_BYTES_MAX} is the most.`
  return { code: 'metadata_too_large', param, detail }
}

/** Why private data cannot be kept; names nothing of what is in it. @param param like `commands[3].private`. */
export function privateRefusal(given: PrivateData, param: string): Refusal | undefined {
  const data = `${param}.data`
  const found = valueRefusal(given.data, data, 1)
  if (found !== undefined) {
    const detail = `${data} has a name, a text or a number that cannot be kept, or is nested too deeply.`
    return { code: found.code, param: data, detail }
  }
  const bytes = utf8Length(canonicalJson(given))
  if (bytes <= PRIVATE_BYTES_MAX) return undefined
  const detail = `${param} takes ${bytes} bytes; ${PRIVATE_BYTES_MAX} is the most.`
  return { code: 'private_too_large', param, detail }
}

function valueRefusal(value: unknown, param: string, depth: number): Refusal | undefined {
  if (typeof value === 'string') return textRefusal(value, param)
  if (typeof value === 'number') return numberRefusal(value, param)
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > JSON_DEPTH_MAX) return invalid(param, 'is nested too deeply.')
  for (const [name, field] of Object.entries(value)) {
    const path = Array.isArray(value) ? `${param}[${name}]` : `${param}.${name}`
    if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
      return reserved(path, 'No object may have a field of this name.')
    }
    const found = textRefusal(name, param) ?? valueRefusal(field, path, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function textRefusal(text: string, param: string): Refusal | undefined {
  if (!text.isWellFormed()) return invalid(param, 'has half of a surrogate pair.')
  if (text.includes('\0')) return invalid(param, 'has a NUL character.')
  return undefined
}

/** A number that JSON.parse has rounded would come back as another one: history must not do that. */
function numberRefusal(value: number, param: string): Refusal | undefined {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    return invalid(param, 'is a number that cannot be kept exactly; send it as a string.')
  }
  return undefined
}

function invalid(param: string, why: string): Refusal {
  return { code: 'invalid_field', param, detail: `${param} ${why}` }
}

function reserved(param: string, detail: string): Refusal {
  return { code: 'reserved_field', param, detail }
}
