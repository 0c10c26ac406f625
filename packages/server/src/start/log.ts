/** What operators read: one JSON object a line on standard error. Texts of clients are data in it, never lines of their own. */
import { LOG_LEVELS, type LogLevel } from './settings.ts'

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} }

export function openLog(
  level: LogLevel,
  write = (line: string) => process.stderr.write(line),
): Log {
  const at =
    (own: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(own) > LOG_LEVELS.indexOf(level)) return
      const line = { time: new Date().toISOString(), level: own, message, ...fields }
      write(`${JSON.stringify(line)}\n`)
    }
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

/** An unknown thrown value as fields. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) }
  const cause = error.cause instanceof Error ? error.cause.message : undefined
  return { error: `${error.name}: ${error.message}`, stack: error.stack, cause }
}
