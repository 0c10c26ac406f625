/** Problems that are found before anything reaches the ledger, or that keep it from being asked. Nothing of them is remembered. */
import { type ProblemSpec, spec } from './spec.ts'

const MEND = 'Mend the request; nothing was done.'

const malformed = {
  malformed_json: spec(
    400,
    'Malformed JSON',
    'The body is not JSON in UTF-8, or it is nested too deeply.',
    MEND,
  ),
  duplicate_field: spec(400, 'Duplicate field', 'One object has the same field twice.', MEND),
  unknown_field: spec(
    400,
    'Unknown field',
    'The body has a field that this operation does not know. Unknown fields are never ignored.',
    'Look for a misspelling; `param` names the field.',
  ),
  missing_field: spec(
    400,
    'Missing field',
    'A field that is needed is not there.',
    'Add the field that `param` names.',
  ),
  invalid_field: spec(
    400,
    'Invalid field',
    'A field has the wrong type or form. Amounts are strings of digits.',
    'Mend the field that `param` names.',
  ),
  reserved_field: spec(
    400,
    'Reserved field',
    'A field has a name that means something else there (`private` stands beside metadata, not in it) or that no object may have (`__proto__`, `constructor`, `prototype`).',
    'Give the field another name.',
  ),
  missing_body: spec(400, 'Missing body', 'This operation needs a body.', MEND),
  unknown_parameter: spec(
    400,
    'Unknown parameter',
    'The query has a parameter that this operation does not know, or one twice.',
    'Look for a misspelling; `param` names the parameter.',
  ),
  invalid_parameter: spec(
    400,
    'Invalid parameter',
    'A part of the path or of the query has the wrong form.',
    'Mend the parameter that `param` names.',
  ),
  invalid_header: spec(
    400,
    'Invalid header',
    'A header has the wrong form.',
    'Mend the header that `param` names.',
  ),
  invalid_cursor: spec(
    400,
    'Invalid cursor',
    'The cursor was not made by this ledger, or belongs to another list.',
    'Begin again without a cursor.',
  ),
  amount_too_large: spec(400, 'Amount too large', 'The amount passes 2^128 − 1.', MEND),
  amount_must_not_be_zero: spec(
    400,
    'Amount is zero',
    'Nothing can be moved or held only by `mode: up_to`, by a capture or by a void.',
    MEND,
  ),
  invalid_time: spec(
    400,
    'Invalid time',
    'The time does not exist in the calendar or lies outside 1970 … 2554, or a period ends before it begins.',
    MEND,
  ),
  metadata_too_large: spec(
    400,
    'Metadata too large',
    'Metadata takes at most 4,096 bytes in its canonical form.',
    'Keep the rest elsewhere and store its name here.',
  ),
  private_too_large: spec(
    400,
    'Private data too large',
    'Private data takes at most 4,096 bytes in its canonical form, and one request has at most 32 pieces of it.',
    'Keep the rest elsewhere and store its name here.',
  ),
  id_and_reference: spec(
    400,
    'Both id and reference',
    'A reference is the id, so only one of them can be given.',
    'Leave one of them out.',
  ),
  idempotency_key_required: spec(
    400,
    'Idempotency key required',
    'A capture with `final: false` could take twice when it is repeated.',
    'Send an `Idempotency-Key`, a `reference` or an `id`.',
  ),
  malformed_batch: spec(
    400,
    'Malformed batch',
    'The packed batch is cut short, has unknown bits, or points outside its data.',
    'Pack it with the SDK; the layout is in the documents.',
  ),
  bad_request: spec(400, 'Bad request', 'This is not well-formed HTTP.', MEND),
} satisfies Record<string, ProblemSpec>

const refusedAtTheDoor = {
  unauthenticated: spec(
    401,
    'Not authenticated',
    'There is no key, or it is malformed, unknown, revoked or expired. All of these look the same.',
    'Send `Authorization: Bearer <key>` with a valid key.',
  ),
  forbidden: spec(
    403,
    'Not allowed',
    'The key has no right to do this.',
    'Ask whoever gave you the key for the right that `detail` names.',
  ),
  needs_approval: spec(
    403,
    'Needs an approval',
    'A policy has a second person approve this, and what came with it cannot wait: a batch, private data, more than an approval holds, or the name of another on whose behalf it is.',
    'Send it alone and for yourself: it is answered with 202 and waits.',
  ),
  not_found: spec(
    404,
    'Not found',
    'There is no such thing, or not for this key.',
    'Check the address or id.',
  ),
  method_not_allowed: spec(
    405,
    'Method not allowed',
    'This path does not take this method.',
    'The `Allow` header names those that it takes.',
  ),
  precondition_failed: spec(
    412,
    'Not a sequence of this ledger',
    '`Ledger-Min-Sequence` comes from another ledger, or is not a token of any.',
    'Read without it, and go on with the token of that answer.',
  ),
  body_too_large: spec(
    413,
    'Body too large',
    'The body passes the limit of this operation.',
    'Send less at once; `limit` is in bytes.',
  ),
  batch_too_large: spec(
    413,
    'Batch too large',
    'The batch has more commands than a batch, or an atomic batch, may have.',
    'Split it; `limit` is the number of commands.',
  ),
  unsupported_media_type: spec(
    415,
    'Unsupported media type',
    'The body is not in a form that this operation takes. JSON is UTF-8.',
    'Send `Content-Type: application/json`.',
  ),
  idempotency_key_reused: spec(
    422,
    'Idempotency key used before',
    'The same key or reference was used before with another request. Nothing was done.',
    'Use a new key for a new request; find the first one by its reference.',
  ),
  query_without_index: spec(
    422,
    'No index for this filter',
    'No index leads to what the filter asks, so everything would have to be read.',
    'Add one of the conditions that `detail` names.',
  ),
  query_too_slow: spec(
    422,
    'Query too slow',
    'The answer did not come in time: too many rows fit the part of the filter that has an index.',
    'Narrow the filter, by an account or by a shorter time.',
  ),
  asset_not_found: spec(
    422,
    'Unknown asset',
    'There is no such asset: it is neither in ISO 4217 nor registered.',
    'Register it, or mend the spelling: `EUR/2`.',
  ),
  asset_built_in: spec(
    409,
    'Asset is built in',
    'ISO 4217 has this asset already.',
    'Use it; there is nothing to register.',
  ),
  card_number_refused: spec(
    422,
    'Looks like a card number',
    'A text holds what looks like a payment card’s number, and this history cannot forget it.',
    'Leave it out, or store a token in its place.',
  ),
} satisfies Record<string, ProblemSpec>

const unavailable = {
  rate_limited: spec(
    429,
    'Too many requests',
    'This key or its principal asks faster than it may, or too many wrong keys came from this address. Nothing was done, and nothing is remembered.',
    'Wait for `Retry-After`, then try again with the same key.',
  ),
  overloaded: spec(
    503,
    'Overloaded',
    'Too much is waiting already. Nothing was decided.',
    'Wait for `Retry-After`, then try again with the same key.',
  ),
  storage_full: spec(
    503,
    'Storage full',
    'There is no room on the disk. Nothing was decided; reads go on.',
    'Make room; writes go on by themselves.',
  ),
  clock_jump: spec(
    503,
    'Clock jumped',
    'The clock jumped forward, and writes wait until an operator has confirmed it.',
    'Set the clock right, or confirm it.',
  ),
  behind_signed: spec(
    503,
    'Behind what was signed',
    'More events were signed than the book has, as after restoring an old backup. Nothing was decided or signed; reads go on.',
    'Put the right data back, or fork the log: docs/operations.md says how.',
  ),
  unavailable: spec(
    503,
    'Not available',
    'The ledger is starting, stopping or has stopped after a failure. Nothing was decided.',
    'Try again with the same key.',
  ),
  outcome_unknown: spec(
    503,
    'Outcome unknown',
    'The write failed after it was decided; a restart tells whether it is there.',
    'Ask again with the same key: it is done once, or not at all.',
  ),
  sequence_not_reached: spec(
    503,
    'Not that far yet',
    'The sequence of `Ledger-Min-Sequence` was not reached in time.',
    'Try again.',
  ),
  proof_not_ready: spec(
    503,
    'No proof yet',
    'No signed checkpoint covers the event yet, though it is decided and durable.',
    'Try again in a moment; /v1/log tells how far the log has come.',
  ),
  proof_too_large: spec(
    422,
    'Too many entries for one proof',
    'The account has more entries in the period than one proof may list.',
    'Ask for a shorter period, and put the proofs one behind the other.',
  ),
  proofs_unavailable: spec(
    503,
    'No proof log',
    'The proof log is switched off, or it has stopped. The ledger itself is not concerned.',
    'Look at /v1/log, whose `detail` says why.',
  ),
  read_models_unavailable: spec(
    503,
    'Read models not available',
    'PostgreSQL is not there, or its tables are being made from the journal. The ledger itself goes on.',
    'Try again later; /v1/read-models tells how far it is.',
  ),
  internal_error: spec(
    500,
    'Internal error',
    'A bug. The log has more under `request_id`.',
    'Ask again with the same key: it is done once, or not at all.',
  ),
} satisfies Record<string, ProblemSpec>

export const EDGE_PROBLEMS = { ...malformed, ...refusedAtTheDoor, ...unavailable } as const
