/** One `add-checkpoint` (c2sp.org/tlog-witness) over HTTP, and what its answer means. Nothing that a witness sends is believed unverified. */
import { formatAddCheckpoint } from '@tallystick/proof'
import {
  parseNote,
  parseSignatureLines,
  parseTreeSize,
  type VerifiedSignature,
  type VerifierKey,
  verifyNote,
} from '@tallystick/verify'

/** Of an answer: 16 signatures of 5 kB. */
const ANSWER_BYTES_MAX = 128 * 1024
/** Of an answer that nobody foresaw, shown to people. */
const SENTENCE_LENGTH_MAX = 200

export interface WitnessRequest {
  readonly old: bigint
  readonly proof: readonly Uint8Array[]
  /** The signed checkpoint. */
  readonly note: string
}

export type WitnessReply =
  | { readonly kind: 'cosigned'; readonly cosignature: VerifiedSignature }
  /** 409: it stands at this size. */
  | { readonly kind: 'size'; readonly size: bigint }
  /** 409 without a size: another root for the same size. */
  | { readonly kind: 'conflict' }
  /** 422. */
  | { readonly kind: 'unproven' }

/** @throws an error whose message says what went wrong. */
export async function askWitness(
  witness: { readonly url: string; readonly key: VerifierKey },
  request: WitnessRequest,
  signal: AbortSignal,
): Promise<WitnessReply> {
  const { old, proof, note } = request
  const response = await fetch(`${witness.url.replace(/\/+$/, '')}/add-checkpoint`, {
    method: 'POST',
    body: formatAddCheckpoint(old, proof, note),
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    redirect: 'error',
    signal,
  })
  const body = await textOf(response)
  if (response.status === 200) {
    return { kind: 'cosigned', cosignature: await cosignatureOf(body, note, witness.key) }
  }
  if (response.status === 422) return { kind: 'unproven' }
  if (response.status === 409) return conflictOf(response, body)
  throw new Error(
    `It answered ${response.status}: ${JSON.stringify(body.slice(0, SENTENCE_LENGTH_MAX))}`,
  )
}

function conflictOf(response: Response, body: string): WitnessReply {
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';')
  if (type.trim() !== 'text/x.tlog.size') return { kind: 'conflict' }
  const size = body.endsWith('\n') ? parseTreeSize(body.slice(0, -1)) : undefined
  if (size === undefined) throw new Error('It answered 409 with a size that is none.')
  return { kind: 'size', size }
}

/** Lines of other keys are ignored. */
async function cosignatureOf(
  body: string,
  note: string,
  key: VerifierKey,
): Promise<VerifiedSignature> {
  const { text } = parseNote(note)
  const { verified, failed } = await verifyNote({ text, signatures: parseSignatureLines(body) }, [
    key,
  ])
  const [cosignature] = verified
  if (failed.length > 0)
    throw new Error('Its cosignature does not verify with the key that it should have.')
  if (cosignature === undefined) throw new Error('It answered without a cosignature of its key.')
  if (cosignature.timestamp === 0n) throw new Error('Its cosignature says no time.')
  return cosignature
}

/** As far as an answer may go. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > ANSWER_BYTES_MAX) throw new Error('Its answer is too long.')
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
}
