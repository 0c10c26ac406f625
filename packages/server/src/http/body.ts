/** Bodies: in which form they come, and how their bytes become what the contract's schemas are held to. */
import { bodyRefusal, MediaType, type OperationId, type Route } from '@tallystick/contract'

import type { Exchange } from './exchange.ts'
import { allow, Refused } from './refused.ts'
import { parseJson } from './strict-json.ts'

export type BodyForm = 'none' | 'json' | 'ndjson' | 'batch'

/** @throws Refused 415 for a form that the operation does not take. */
export function bodyForm(exchange: Exchange): BodyForm {
  const { request, route } = exchange
  const type = exchange.header('content-type')
  const encoding = exchange.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') {
    throw unsupported('content-encoding', 'Bodies are taken as they are, not compressed.')
  }
  if (bytesOf(request.body).length === 0) return 'none'
  if (type === MediaType.json) return 'json'
  return otherForm(type ?? '', route)
}

function otherForm(type: string, route: Route): BodyForm {
  const [name = '', ...parameters] = type.toLowerCase().split(';')
  const essence = name.trim()
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='))
  const isUtf8 = charset === undefined || /^\s*charset="?utf-8"?\s*$/.test(charset)
  if (isUtf8 && essence === MediaType.json) return 'json'
  if (isUtf8 && route.bodyOtherwise?.[essence] !== undefined) {
    return essence === MediaType.batch ? 'batch' : 'ndjson'
  }
  const taken = [MediaType.json, ...Object.keys(route.bodyOtherwise ?? {})].join(', ')
  throw unsupported('content-type', `This operation takes ${taken}, in UTF-8.`)
}

function unsupported(param: string, detail: string): Refused {
  const facts = { code: 'unsupported_media_type', param, detail } as const
  return new Refused(facts, { 'accept-post': MediaType.json })
}

const NOTHING = Buffer.alloc(0)

export function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : NOTHING
}

/** Held to the operation's schema. @throws Refused */
export function jsonBody(exchange: Exchange, id: OperationId, form: BodyForm): unknown {
  const body = form === 'none' ? undefined : parseJson(bytesOf(exchange.request.body))
  allow(bodyRefusal(id, body))
  return body
}

/** One JSON object a line; the last may end without a line feed, empty ones do not count. @throws Refused */
export function ndjsonLines(bytes: Buffer, max: number): unknown[] {
  const lines: unknown[] = []
  let from = 0
  while (from < bytes.length) {
    const found = bytes.indexOf(LINE_FEED, from)
    const end = found < 0 ? bytes.length : found
    const line = bytes.subarray(from, end)
    from = end + 1
    if (line.length === 0 || (line.length === 1 && line[0] === CARRIAGE_RETURN)) continue
    if (lines.length === max) {
      const detail = `More than ${max} commands.`
      throw new Refused({ code: 'batch_too_large', param: 'commands', detail, limit: `${max}` })
    }
    lines.push(parseJson(line, `commands[${lines.length}]`))
  }
  return lines
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
