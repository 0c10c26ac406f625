/** Where PostgreSQL is. */
import type { PasswordPlace } from './embedded/server-password.ts'

/** A server of our own, or one from outside by its URL: `postgres://user:password@host:port/database?sslmode=verify-full`. */
export type DatabaseSource =
  | ({ readonly kind: 'embedded' } & PasswordPlace)
  | { readonly kind: 'outside'; readonly url: string }

/** Whether it is a URL of a database at all. */
export function isDatabaseUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)
}
