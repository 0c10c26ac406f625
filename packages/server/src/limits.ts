/** Every limit of the server, in one place. Those of the wire are in `contract`, those of the ledger in `engine`. */
import { BATCH_BYTES_MAX, BODY_BYTES_MAX } from '@tallystick/contract'
import { assert } from '@tallystick/money'

/** Connections at one time; further ones are closed unanswered. */
export const CONNECTIONS_MAX = 16_384
/** Writes that wait for the ledger at one time. Above: 503 before anything is decided. */
export const WRITES_IN_FLIGHT_MAX = 65_536
/** Bytes of bodies that are read or wait at one time. Above: 503 before the body is read. */
export const BODY_BYTES_IN_FLIGHT_MAX = 512 * 1024 * 1024
/** Of these, kept for bodies that ask for one thing: stalled batches must not keep a transfer out. */
export const SMALL_BODY_BYTES_KEPT = 64 * 1024 * 1024
/** Packed bodies from this size on are read into memory that is used again. */
export const POOLED_BODY_BYTES_MIN = 128 * 1024
/** Bytes of such memory that nobody uses at the moment. */
export const BODIES_IDLE_BYTES_MAX = 32 * 1024 * 1024

/** Calls a second of one principal that has no rate of its own. */
export const CALLS_PER_SECOND = 50_000
/** Of one key. */
export const CALLS_PER_SECOND_OF_KEY = 25_000
/** Callers whose rates are followed before those that rest are forgotten. */
export const CALLERS_FOLLOWED_MIN = 16_384
/** Wrong keys from one address in a minute. */
export const WRONG_KEYS_PER_MINUTE = 20
/** Addresses that are remembered for them; above, the oldest is forgotten. */
export const WRONG_KEY_ADDRESSES_MAX = 16_384
/** Answers to wrong keys that wait at one time; above, 429 at once. */
export const WRONG_KEYS_HELD_MAX = 1_024

/** Rows of refused attempts that are counted at one time, and written at once after a rest: as many again of callers who are not known. */
export const AUDIT_ROWS_MAX = 500
/** Of these, in the long run: what the log can be made to grow by. */
export const AUDIT_ROWS_A_MINUTE = 5
/** Audit records that are looked at for one page. */
export const AUDIT_RECORDS_LOOKED_AT_MAX = 1_000

/** Between two writings of when keys were last used, ms. */
export const LAST_USED_EVERY_MS = 60_000

/** How long an issuer may take with one document, ms, and how long that may be. */
export const ISSUER_MS_MAX = 5_000
export const ISSUER_BYTES_MAX = 256 * 1024
/** Keys of one issuer. */
export const ISSUER_KEYS_MAX = 100
/** Until its keys are fetched anew, ms; and for how long they count when that fails. */
export const ISSUER_KEYS_FRESH_MS = 600_000
export const ISSUER_KEYS_KEPT_MS = 3_600_000
/** After they were fetched, a token with an unknown key does not have them fetched again within this time, ms. */
export const ISSUER_KEYS_PAUSE_MS = 10_000
/** After a failure, the next try, ms: twice as long each time, up to the longest. */
export const ISSUER_RETRY_MS_MIN = 1_000
export const ISSUER_RETRY_MS_MAX = 60_000
/** How far the clocks of issuers may be off, s. */
export const TOKEN_CLOCK_SECONDS = 30
/** Tokens that need not be verified again, and for how long, ms. */
export const TOKENS_KEPT_MAX = 10_000
export const TOKENS_KEPT_MS = 300_000
/** Tokens that are verified at one time. Above: 503. */
export const TOKENS_VERIFIED_AT_ONCE = 1_024

/** Bytes of a body that are skipped when its request was refused before it was read. */
export const UNREAD_BYTES_MAX = 64 * 1024
/** Of more, what comes within this time is skipped, ms; then the connection is closed. */
export const UNREAD_MS_MAX = 1_000

/** Until the headers of a request are complete, ms; also the longest that a new connection may stay silent. */
export const HEADERS_MS_MAX = 10_000
/** Until the whole request is there, ms. */
export const REQUEST_MS_MAX = 60_000
/** Between two requests of a connection, ms. */
export const KEEP_ALIVE_MS_MAX = 72_000
/** How often connections are held to these times, ms. */
export const CONNECTIONS_CHECK_MS = 2_000
/** A connection whose client does not read or write, ms. */
export const SOCKET_IDLE_MS_MAX = 120_000
/** Bytes of all headers of a request. */
export const HEADER_BYTES_MAX = 16 * 1024
/** Bytes of one parameter of a path: an address, with room for escapes. */
export const PATH_PARAMETER_BYTES_MAX = 1_024

/** How long a read waits for `Ledger-Min-Sequence`, ms. */
export const MIN_SEQUENCE_WAIT_MS_MAX = 2_000
export const MIN_SEQUENCE_POLL_MS = 20
/** How long a stop waits for requests in flight, ms. */
export const DRAIN_MS_MAX = 15_000
/** How long a process whose ledger has failed lets its last answers leave, ms. */
export const LAST_ANSWERS_MS_MAX = 1_000
/** While there is news, a checkpoint is signed so often, ms. */
export const CHECKPOINT_MS = 1_000
/** While the tree is smaller than what was signed of it before, the next look, ms. */
export const CATCHING_UP_MS = 100
/** After a checkpoint that could not be made, the next try, ms. */
export const SIGNING_RETRY_MS = 1_000
/** The same in times of what the try took, if that is more. */
export const RETRY_REST = 20
/** ms between two looks at how far a follower has carried the journal, while a checkpoint waits for it. */
export const SHIPPED_POLL_MS = 50
/** How long one witness may take with one checkpoint, ms. */
export const WITNESS_MS_MAX = 3_000
/** How long a webhook may take with one checkpoint, ms. */
export const OUTSIDE_MS_MAX = 10_000
/** After a place outside has failed, the next try, ms: twice as long each time, up to the longest. */
export const OUTSIDE_RETRY_MS_MIN = 1_000
export const OUTSIDE_RETRY_MS_MAX = 60_000
/** How long a receipt waits for the checkpoint that covers it, ms. */
export const RECEIPT_MS_MAX = 5_000
/** Entries in one proof of an account: about 0.8 KB each, 17 MB in all. */
export const ACCOUNT_PROOF_ENTRIES_MAX = 20_000
/** Proofs of accounts that are made or waited for at one time. */
export const ACCOUNT_PROOFS_WAITING_MAX = 64
/** Statements as pages that are made or waited for at one time: each may be a proof and a page around it, tens of MB. */
export const STATEMENT_PAGES_WAITING_MAX = 8
/** After so long others have their turn while one is made, ms. */
export const ACCOUNT_PROOF_SLICE_MS = 2
/** Between two statements on all accounts that were asked for: so many times what the last one took, within these bounds, ms. */
export const STATEMENT_REST = 20
export const STATEMENT_PAUSE_MS_MIN = 1_000
export const STATEMENT_PAUSE_MS_MAX = 60_000
/** How long somebody waits for his turn, ms. */
export const STATEMENT_WAIT_MS_MAX = 5_000
/** `Retry-After` of 503, seconds. */
export const RETRY_AFTER_SECONDS = 1

/** Listeners of the stream of events at one time. */
export const EVENT_FOLLOWERS_MAX = 2_048
/** How long the feed of events works before others have their turn, ms. */
export const EVENT_SLICE_MS = 2
/** Events between two looks at the clock. */
export const EVENTS_BETWEEN_LOOKS = 32
/** What is decided within this time is told in one piece, ms. */
export const EVENT_GATHER_MS = 5
/** Bytes that a listener is given before it has taken those before. */
export const EVENT_LISTENER_BYTES_MAX = 128 * 1024
/** A listener to whom nothing was sent hears this often how far the stream has come, ms; its rights are looked at again. */
export const EVENT_HEARTBEAT_MS = 5_000
/** After a broken connection a browser waits this long, ms. */
export const EVENT_RECONNECT_MS = 1_000

/** Webhooks of one server. */
export const WEBHOOKS_MAX = 200
/** How long a receiver may take with one delivery, ms. */
export const WEBHOOK_TRY_MS_MAX = 15_000
/** A receiver is not left alone for longer than that, whatever it asks for. */
export const WEBHOOK_RETRY_AFTER_MS_MAX = 86_400_000
/** Bytes of a receiver's answer that are read, and thrown away. */
export const WEBHOOK_ANSWER_BYTES_MAX = 64 * 1024
/** Deliveries of one webhook on their way at one time. */
export const WEBHOOK_TRIES_AT_ONCE = 8
/** Events that one webhook takes before they are written down. */
export const WEBHOOK_TAKEN_MAX = 500
/** Events of one webhook that wait on disk; above, it reads no further in the book. */
export const WEBHOOK_WAITING_MAX = 10_000
/** How often the place of a webhook that nothing concerns is written down, ms. */
export const WEBHOOK_POSITION_MS = 10_000
/** After something went wrong on this side, the next try, ms. */
export const WEBHOOK_TROUBLE_MS = 1_000
/** Tries of one webhook that are remembered. */
export const WEBHOOK_ATTEMPTS_KEPT = 1_000
/** Rows of a list of tries or dead letters. */
export const WEBHOOK_ROWS_SHOWN = 100

/** How often is looked whether something is to be evaluated, ms. */
export const RULE_LOOK_MS = 20
/** Events evaluated before it is told how far it came. */
export const RULE_NEWS_EVENTS = 20_000
/** How long evaluation may take of the ledger's thread at a time, where the book is in memory, ms. */
export const RULE_SLICE_MS = 4
/** Firings that are put on record in one request. */
export const RULE_FIRINGS_AT_ONCE = 500
/** Firings that wait to be recorded; above, evaluation waits too. */
export const RULE_FIRINGS_WAITING_MAX = 10_000
/** After something went wrong, the next try, ms. */
export const RULE_RETRY_MS = 1_000
/** More events to catch up with are told by /healthz. */
export const RULE_BEHIND_EVENTS = 100_000
/** Who asks the ledger for what rules do: no principal can be called so. */
export const RULE_PRINCIPAL = 'tally:rules'
/** Rules tried on the past at one time. */
export const BACKTESTS_MAX = 2
/** How long one may read, ms. */
export const BACKTEST_MS_MAX = 60_000
export const BACKTEST_FIRINGS_SHOWN = 1_000
export const BACKTEST_DAYS_MAX = 1_000
/** Events that a broker is given in one piece. */
export const BROKER_BATCH_MAX = 256
/** Events that a broker has not confirmed; above, it is given no more. */
export const BROKER_UNCONFIRMED_MAX = 4_096
/** How often the place of a broker is written down, ms: after a kill so much is told again. */
export const BROKER_SETTLE_MS = 500
/** Until a broker has answered the first words of a connection, ms. */
export const BROKER_CONNECT_MS_MAX = 10_000
/** A broker that says nothing for two of them is away, seconds. */
export const BROKER_HEARTBEAT_SECONDS = 10
/** After a connection that failed, the next try, ms: twice as long each time, up to the longest. */
export const BROKER_RETRY_MS_MIN = 200
export const BROKER_RETRY_MS_MAX = 10_000
/** How long a stop waits for what is on its way to a broker, ms, and how often it looks. */
export const BROKER_CLOSE_MS_MAX = 1_000
export const BROKER_CLOSE_POLL_MS = 10

/** Accounts that are known by address and by slot without asking the ledger. */
export const KNOWN_ACCOUNTS_MAX = 262_144
/** Accounts whose limit was changed since the start; above, all limits are read from history. */
export const CHANGED_LIMITS_MAX = 100_000
/** Rows that a statement or a list reads at one time. */
export const READ_ROWS = 1_000
/** Records of one saved request that are shown. A batch has at most 8,190. */
export const REQUEST_RECORDS_MAX = 8_192

/** Subject keys that stay in memory. */
export const SUBJECT_KEYS_KEPT = 16_384
/** Private text is padded to a multiple of this, so that its length tells little once it is erased. */
export const PRIVATE_PADDING_BYTES = 64

/** Bits that a root key has at least. */
export const ROOT_KEY_BITS_MIN = 128
/** Bytes of a root key made here. */
export const ROOT_KEY_BYTES = 32

assert((KNOWN_ACCOUNTS_MAX & (KNOWN_ACCOUNTS_MAX - 1)) === 0)
assert(BODY_BYTES_IN_FLIGHT_MAX - SMALL_BODY_BYTES_KEPT >= 8 * BATCH_BYTES_MAX)
assert(SMALL_BODY_BYTES_KEPT >= 1_024 * BODY_BYTES_MAX)
assert(BROKER_BATCH_MAX * 2 <= BROKER_UNCONFIRMED_MAX)
assert(EVENT_HEARTBEAT_MS < SOCKET_IDLE_MS_MAX / 2)
assert(HEADERS_MS_MAX < REQUEST_MS_MAX)
assert(REQUEST_MS_MAX < KEEP_ALIVE_MS_MAX)
