/** Takes private data out of a body before anything is made of it, and puts a commitment into the metadata in its place. */
import {
  type OperationId,
  type PrivateData,
  PRIVATE_PER_REQUEST_MAX,
  privateRefusal,
} from '@tallystick/contract'

import { findCardNumber } from '../http/card-number.ts'
import { allow, refuse, Refused } from '../http/refused.ts'
import type { Commitment } from '../private/private-data.ts'

const NOTHING: readonly PrivateData[] = []

type Fields = Readonly<Record<string, unknown>>

/** A place in a body that has private data. */
interface Piece {
  readonly given: PrivateData
  /** Its name, like `commands[3].private`. */
  readonly param: string
  /** No metadata stands beside it. */
  readonly isAlone: boolean
  /** A command of a batch that changes an account. */
  readonly change: boolean
}

/** Private data of a body that passed its schema, in order. Empty: there is none, and nothing has to be done. */
export function privateOf(
  operation: OperationId,
  body: unknown,
  allowCardNumbers: boolean,
): readonly PrivateData[] {
  const pieces = piecesOf(body)
  if (pieces.length === 0) return NOTHING
  if (pieces.length > PRIVATE_PER_REQUEST_MAX) {
    const detail = `${pieces.length} pieces of private data; one request has at most ${PRIVATE_PER_REQUEST_MAX}.`
    return refuse('private_too_large', 'private', detail)
  }
  for (const { given, param, isAlone, change } of pieces) {
    if (isAlone && (change || operation === 'changeAccount')) throw alone(param)
    allow(privateRefusal(given, param))
    if (!allowCardNumbers && findCardNumber(given.data, '') !== undefined) throw cardNumber(param)
  }
  return pieces.map(({ given }) => given)
}

/** They share a place: without metadata it could mean both that the old one stays and that it goes. */
function alone(param: string): Refused {
  const name = param.replace(/private$/, 'metadata')
  const detail = `A change of private data gives ${name} too, be it {}: both are replaced together.`
  return new Refused({ code: 'missing_field', param: name, detail })
}

/** Says nothing of where in the data it is. */
function cardNumber(param: string): Refused {
  const name = `${param}.data`
  const detail = `${name} holds what looks like a card number. --allow-card-numbers (TALLY_ALLOW_CARD_NUMBERS) lets the server keep such texts.`
  return new Refused({ code: 'card_number_refused', param: name, detail })
}

function piecesOf(body: unknown): readonly Piece[] {
  if (!isFields(body)) return []
  const { commands } = body
  if (!Array.isArray(commands)) return pieceOf(body, 'private')
  return commands.flatMap((command, index) => pieceOf(command, `commands[${index}].private`))
}

function pieceOf(fields: unknown, param: string): readonly Piece[] {
  if (!isFields(fields) || fields['private'] === undefined) return []
  const { metadata, operation } = fields
  const change = operation === 'change_account'
  return [
    { given: fields['private'] as PrivateData, param, isAlone: metadata === undefined, change },
  ]
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The body without its private data. @param commitments of the pieces, in order. */
export function withCommitments(body: unknown, commitments: readonly Commitment[]): unknown {
  let next = 0
  const replaced = (fields: unknown): unknown => {
    if (!isFields(fields) || fields['private'] === undefined) return fields
    const { private: _, metadata = {}, ...rest } = fields
    return { ...rest, metadata: { ...(metadata as object), private: commitments[next++] } }
  }
  if (!isFields(body) || !Array.isArray(body['commands'])) return replaced(body)
  return { ...body, commands: body['commands'].map(replaced) }
}
