/** Media types of bodies. */
export const MediaType = {
  json: 'application/json',
  problem: 'application/problem+json',
  ndjson: 'application/x-ndjson',
  /** Packed batches and their answers, see `binary.ts`. */
  batch: 'application/vnd.tallystick.batch',
  csv: 'text/csv',
  html: 'text/html',
  text: 'text/plain',
  /** Server-sent events. */
  events: 'text/event-stream',
  octets: 'application/octet-stream',
  /** Prometheus' text format. */
  metrics: 'text/plain',
} as const
export type MediaType = (typeof MediaType)[keyof typeof MediaType]
