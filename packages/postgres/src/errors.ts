/** What can be wrong with PostgreSQL, told apart by what helps. */

/** It is not there now; it is being waited for, and may be soon. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** It is there, but may not be used as it is; the message says how to mend it. Waiting alone does not help. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
}
