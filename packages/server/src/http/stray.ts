/** Answers to requests that reach no operation: unknown paths, wrong methods, URLs that are none. */
import type { IncomingMessage, ServerResponse } from 'node:http'

import {
  formatRequestId,
  MediaType,
  type ProblemFacts,
  type Route,
  ROUTES,
} from '@tallystick/contract'

import type { Service } from '../service.ts'
import { newRequestId } from './ids.ts'
import { problemAnswer } from './problem-answer.ts'

const PATTERNS = Object.values<Route>(ROUTES).map(({ path, method }) => ({
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  method,
}))

type Stray = 'not_found' | 'bad_request' | 'two_hosts'

export function answerStray(
  { metrics, publicUrl }: Service,
  request: IncomingMessage,
  response: ServerResponse,
  kind: Stray,
): void {
  metrics.strays++
  const [path = ''] = (request.url ?? '').split('?')
  const allowed = PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  // A path of the other listener is none here.
  const isElsewhere = allowed.some((method) => method === request.method)
  const facts = factsOf(kind, isElsewhere ? [] : allowed)
  const requestId = formatRequestId(newRequestId(Date.now()))
  const { status, text, headers } = problemAnswer(facts, { requestId, instance: path, publicUrl })
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    'content-type': MediaType.problem,
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    ...(facts.code === 'method_not_allowed' ? { allow: [...new Set(allowed)].join(', ') } : {}),
    ...headers,
  })
  response.end(text)
}

function factsOf(kind: Stray, allowed: readonly string[]): ProblemFacts {
  if (kind === 'bad_request') return { code: 'bad_request', detail: 'The URL is not well-formed.' }
  if (kind === 'two_hosts') return { code: 'bad_request', detail: 'There are two Host headers.' }
  if (allowed.length === 0) return { code: 'not_found', detail: 'There is nothing at this path.' }
  return { code: 'method_not_allowed', detail: `This path takes ${allowed.join(', ')}.` }
}
