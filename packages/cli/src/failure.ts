/** What can go wrong in a command, as a sentence for people, fields for programs, and an exit code. */
import {
  AwaitingApproval,
  Conflict,
  Forbidden,
  MalformedRequest,
  NoAnswer,
  NotFound,
  ProblemError,
  Refused,
  TallystickError,
  Unauthenticated,
} from '@tallystick/sdk'
import { ExitCode } from './exit-code.ts'

/** Thrown by commands for what they found themselves. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode
  readonly code: string

  constructor(message: string, exitCode: ExitCode, code: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
    this.code = code
  }
}

/** A wrong command line, setting or file. */
export function usageError(message: string): CommandError {
  return new CommandError(message, ExitCode.usage, 'usage')
}

export interface Failure {
  readonly exitCode: ExitCode
  /** Stable, snake_case. */
  readonly code: string
  readonly message: string
  /** What else is known, for `--json`. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** Errors of packages that need not be loaded to know them. */
const BY_NAME: Readonly<Record<string, readonly [ExitCode, code: string]>> = {
  JournalCorrupt: [ExitCode.corrupt, 'corrupt'],
  JournalRefused: [ExitCode.corrupt, 'journal_refused'],
  DirectoryLocked: [ExitCode.unreachable, 'locked'],
  RecordUnreadable: [ExitCode.corrupt, 'corrupt'],
  StartRefused: [ExitCode.usage, 'usage'],
  BackupDamaged: [ExitCode.corrupt, 'backup_damaged'],
  BackupRefused: [ExitCode.refused, 'backup_refused'],
  StoreFailed: [ExitCode.unreachable, 'store_failed'],
  ScenarioError: [ExitCode.usage, 'malformed_scenario'],
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError) return problemFailure(error)
  if (error instanceof CommandError) {
    return { exitCode: error.exitCode, code: error.code, message: error.message, facts: {} }
  }
  if (error instanceof NoAnswer) return noAnswerFailure(error)
  if (error instanceof AwaitingApproval) return awaitingFailure(error)
  if (error instanceof TallystickError) return plain(error, ExitCode.usage, 'usage')
  if (error instanceof Error) return otherFailure(error)
  return { exitCode: ExitCode.internal, code: 'internal', message: String(error), facts: {} }
}

/** Nothing was done; `tally approvals approve` of another person does it. */
function awaitingFailure(error: AwaitingApproval): Failure {
  const { approval, requestId, expiresAt, secret } = error
  const key = secret === undefined ? '' : ` The key will be ${secret}: it is shown this once.`
  return {
    exitCode: ExitCode.refused,
    code: error.code,
    message: `This waits for a second person: tally approvals approve ${approval}.${key}`,
    facts: { approval, requestId, expiresAt, ...(secret === undefined ? {} : { secret }) },
  }
}

function problemFailure(error: ProblemError): Failure {
  const { status, param, requestId, account, needed, available, limit } = error
  const { ceiling, resetsAt } = error
  return {
    exitCode: exitCodeOf(error),
    code: error.code,
    message: error.detail,
    facts: { status, param, requestId, account, needed, available, limit, ceiling, resetsAt },
  }
}

function exitCodeOf(error: ProblemError): ExitCode {
  if (error instanceof NotFound) return ExitCode.notFound
  if (error instanceof Refused || error instanceof Conflict) return ExitCode.refused
  if (error instanceof Unauthenticated || error instanceof Forbidden) return ExitCode.unreachable
  return error instanceof MalformedRequest ? ExitCode.usage : ExitCode.unreachable
}

function noAnswerFailure(error: NoAnswer): Failure {
  const why = causeOf(error)
  const message = why === undefined ? error.message : `${error.message} (${why})`
  const { code, idempotencyKey } = error
  return { exitCode: ExitCode.unreachable, code, message, facts: { idempotencyKey } }
}

/** `connect ECONNREFUSED 127.0.0.1:7411` lies some causes down. */
function causeOf(error: Error): string | undefined {
  let found: string | undefined
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown }
    if (cause.message !== '') found = cause.message
    else if (typeof code === 'string') found = code
  }
  return found
}

function otherFailure(error: Error): Failure {
  const known = Object.hasOwn(BY_NAME, error.name) ? BY_NAME[error.name] : undefined
  if (known !== undefined) return plain(error, ...known)
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  // What the disk says of a file that a person named.
  if (typeof code === 'string' && typeof syscall === 'string') {
    return plain(error, ExitCode.usage, code.toLowerCase())
  }
  const message = `${error.stack ?? error.message}\nThis is a bug in tally.`
  return { exitCode: ExitCode.internal, code: 'internal', message, facts: {} }
}

function plain(error: Error, exitCode: ExitCode, code: string): Failure {
  return { exitCode, code, message: error.message, facts: {} }
}
