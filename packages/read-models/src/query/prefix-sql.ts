/** Whole leading segments of an address, as a range that an index in order of bytes answers. */
import { type RawBuilder, sql } from 'kysely'

/** `users:1` also finds `users:1:wallet`, and not `users:10`; `users:` is the same as `users`. */
export function prefixSql(column: RawBuilder<unknown>, prefix: string): RawBuilder<boolean> {
  const whole = prefix.replace(/:$/, '')
  return whole === '' ? sql`true` : belowSql(column, whole)
}

/** That address and all below it, exactly as it is written. */
export function belowSql(column: RawBuilder<unknown>, address: string): RawBuilder<boolean> {
  // `;` is the character behind `:`.
  return sql`(${column} = ${address} or (${column} >= ${`${address}:`} and ${column} < ${`${address};`}))`
}
