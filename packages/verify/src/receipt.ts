/** Receipts (decision 0013): a proof whose extra data opens parts of the leaf by showing the bytes that were hashed. */
import { bytesOf, given, isAddress, objectOf, onlyKnown } from './json-fields.ts'
import { MalformedProof, parseProofText, type ProofText } from './proof-text.ts'

const FORMAT = 'tallystick/receipt/v1'

export interface Receipt {
  readonly proof: ProofText
  /** The leaf itself. */
  readonly leaf: Uint8Array
  /** What was hashed. Absent is what the reader of the receipt may not see. */
  readonly content?: Uint8Array
  /** As it was asked; opens a hash in the content. */
  readonly metadata?: Uint8Array
  readonly debit?: SideOpening
  readonly credit?: SideOpening
  /** What a limit said when it refused; opens a hash in the content. */
  readonly facts?: Uint8Array
}

export interface SideOpening {
  readonly preimage: Uint8Array
  /** Of the account; proves itself by the account's id. */
  readonly address?: string
}

/** Reads, verifies nothing. @throws MalformedProof */
export function parseReceipt(text: string): Receipt {
  const proof = parseProofText(text)
  if (proof.extra === undefined) {
    throw new MalformedProof('The proof has no extra data, so it says nothing of an event')
  }
  const fields = objectOf('The receipt', parseJson(proof.extra))
  const { format, ...parts } = fields
  if (format !== FORMAT) throw new MalformedProof(`The receipt is not of the format ${FORMAT}`)
  onlyKnown('The receipt', parts, ['leaf', 'content', 'metadata', 'debit', 'credit', 'facts'])
  const leaf = bytesOf('leaf', parts['leaf'])
  if (leaf === undefined) throw new MalformedProof('The receipt has no leaf')
  return {
    proof,
    leaf,
    ...given('content', bytesOf('content', parts['content'])),
    ...given('metadata', bytesOf('metadata', parts['metadata'])),
    ...given('debit', sideOf('debit', parts['debit'])),
    ...given('credit', sideOf('credit', parts['credit'])),
    ...given('facts', bytesOf('facts', parts['facts'])),
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new MalformedProof('The extra data is not JSON', { cause })
  }
}

function sideOf(name: string, value: unknown): SideOpening | undefined {
  if (value === undefined) return undefined
  const side = objectOf(`"${name}"`, value)
  onlyKnown(`"${name}"`, side, ['preimage', 'address'])
  const preimage = bytesOf(`${name}.preimage`, side['preimage'])
  if (preimage === undefined) {
    throw new MalformedProof(`"${name}" has no preimage, so it opens nothing`)
  }
  const { address } = side
  if (address === undefined) return { preimage }
  if (typeof address === 'string' && isAddress(address)) return { preimage, address }
  throw new MalformedProof(`"${name}.address" is not an address`)
}
