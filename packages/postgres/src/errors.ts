/** What can be wrong with PostgreSQL, told apart by what helps. */

/** It is not there now; it is being waited for, and may be soon. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** It is there, but may not be used as it is; the message says how to mend it. Waiting alone does not help. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
}

/** Whether the connection broke, or the server is going: not what was asked is at fault. SQLSTATE classes 08 and 57P, and errors of the socket. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^(08|57P|E[A-Z]+$)/.test(code) ||
    /^(Connection terminated|timeout exceeded|Client has)/.test(error.message)
  )
}
