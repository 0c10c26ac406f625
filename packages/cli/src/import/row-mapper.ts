/** One row of a file into the transfer and the accounts that it asks for, or into why it cannot be. */
import type { CreateAccount } from '@tallystick/sdk'
import { type AssetName, parseAddress, parseAsset, parseDecimal } from '@tallystick/money'
import { usageError } from '../failure.ts'
import type { AccountRule, BookingMap } from './booking-map.ts'
import type { ImportCommand } from './booking-target.ts'
import { DateReader } from './date-reader.ts'
import { rowId } from './row-id.ts'

type TransferCommand = Extract<ImportCommand, { readonly operation: 'create_transfer' }> & {
  readonly id: string
}

export interface Booking {
  /** 1 is the first row after the header. */
  readonly row: number
  readonly record: readonly string[]
  readonly transfer: TransferCommand
  /** The account that the row is about, and the one on the other side. */
  readonly account: CreateAccount
  readonly counterparty: CreateAccount
  /** What the file says that the account has afterwards. */
  readonly expected: bigint | undefined
}

export interface RefusedRow {
  readonly row: number
  readonly record: readonly string[]
  /** A code of this program (`invalid_amount`) or a status of the ledger (`exceeds_credits`). */
  readonly reason: string
  readonly detail: string
}

interface MapperOptions {
  readonly map: BookingMap
  readonly header: readonly string[]
  /** Column of expected balances. */
  readonly checkBalance: string | undefined
}

/** Why a row is refused, found in the middle of it. */
class RowError extends Error {
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

export class RowMapper {
  readonly #map: BookingMap
  readonly #columns = new Map<string, number>()
  readonly #dates: DateReader | undefined
  readonly #checkBalance: string | undefined
  readonly #assets = new Map<string, AssetName>()
  readonly #accounts = new Map<string, CreateAccount>()
  /** How often each whole row was there, for files whose rows have no name. */
  readonly #seen = new Map<string, number>()
  #record: readonly string[] = []

  /** @throws CommandError when the file has not the columns that the map names. */
  constructor({ map, header, checkBalance }: MapperOptions) {
    this.#map = map
    this.#checkBalance = checkBalance
    this.#dates = map.date && new DateReader(map.date)
    for (const [index, name] of header.entries()) {
      if (this.#columns.has(name)) throw usageError(`The file has two columns named "${name}".`)
      this.#columns.set(name, index)
    }
    for (const column of columnsOf(map, checkBalance)) {
      if (!this.#columns.has(column)) {
        throw usageError(`The file has no column "${column}"; it has ${header.join(', ')}.`)
      }
    }
  }

  map(record: readonly string[], row: number): Booking | RefusedRow {
    this.#record = record
    try {
      return this.#booking(row)
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      return { row, record, reason: error.reason, detail: error.message }
    }
  }

  #booking(row: number): Booking {
    const map = this.#map
    if (this.#record.length !== this.#columns.size) {
      const { length } = this.#record
      throw new RowError(
        'invalid_row',
        `It has ${length} columns, the header ${this.#columns.size}.`,
      )
    }
    const id = this.#id()
    const asset = this.#asset()
    const amount = this.#amount(asset)
    const isCredit = this.#isCredit(amount)
    const account = this.#account(map.account, asset, 'account')
    const counterparty = this.#account(map.counterparty, asset, 'counterparty')
    const expected = this.#expected(asset)
    const effectiveAt = this.#effectiveAt()
    const metadata = this.#metadata()
    const transfer: TransferCommand = {
      operation: 'create_transfer',
      id,
      debitAccount: isCredit ? counterparty.address : account.address,
      creditAccount: isCredit ? account.address : counterparty.address,
      amount: amount < 0n ? -amount : amount,
      asset: asset.text,
      code: this.#code(),
      ...(effectiveAt === undefined ? {} : { effectiveAt }),
      ...(metadata === undefined ? {} : { metadata }),
    }
    return { row, record: this.#record, transfer, account, counterparty, expected }
  }

  readonly #value = (column: string): string => this.#record[this.#columns.get(column) ?? -1] ?? ''

  #id(): string {
    const { name, id } = this.#map
    if (id.length > 0) {
      const parts = id.map(this.#value)
      if (parts.every((part) => part === '')) throw new RowError('invalid_id', 'It has no id.')
      return rowId(name, parts)
    }
    const whole = rowId(name, this.#record)
    const before = this.#seen.get(whole) ?? 0
    this.#seen.set(whole, before + 1)
    return rowId(name, [...this.#record, before.toString()])
  }

  #asset(): AssetName & { readonly text: string } {
    const text = this.#map.asset.fill(this.#value)
    if (text === undefined) throw new RowError('invalid_asset', 'It has no asset.')
    const known = this.#assets.get(text) ?? parseAsset(text)
    if (known === undefined)
      throw new RowError('invalid_asset', `"${text}" is no asset, like EUR/2.`)
    this.#assets.set(text, known)
    return { ...known, text }
  }

  /** Above 0: a credit of the account, unless a column says which way. */
  #amount(asset: AssetName): bigint {
    const rule = this.#map.amount
    if (rule.kind === 'one') return this.#decimal(rule.column, asset)
    const credit = this.#value(rule.credit)
    const debit = this.#value(rule.debit)
    if (credit !== '' && debit !== '') {
      throw new RowError('invalid_amount', `Both ${rule.credit} and ${rule.debit} are there.`)
    }
    return credit === '' ? -this.#decimal(rule.debit, asset) : this.#decimal(rule.credit, asset)
  }

  #decimal(column: string, { code, scale }: AssetName): bigint {
    const { decimal, grouping } = this.#map.numbers
    const raw = this.#value(column).trim()
    let text = raw.startsWith('+') ? raw.slice(1) : raw
    if (grouping !== '') text = text.replaceAll(grouping, '')
    if (decimal !== '.') text = text.replace(decimal, '.')
    const amount = parseDecimal(text, scale)
    if (amount === undefined) {
      throw new RowError('invalid_amount', `${column} "${raw}" is no amount of ${code}/${scale}.`)
    }
    return amount
  }

  #isCredit(amount: bigint): boolean {
    if (amount === 0n) throw new RowError('invalid_amount', 'The amount is 0.')
    const rule = this.#map.direction
    if (rule.kind === 'sign') return amount > 0n
    if (amount < 0n) throw new RowError('invalid_amount', 'The amount is below 0.')
    if (rule.kind === 'always') return rule.direction === 'credit'
    const value = this.#value(rule.column)
    if (rule.credit.includes(value)) return true
    if (rule.debit.includes(value)) return false
    throw new RowError(
      'invalid_direction',
      `${rule.column} "${value}" is neither credit nor debit.`,
    )
  }

  #account(
    rules: readonly AccountRule[],
    asset: AssetName & { readonly text: string },
    side: string,
  ): CreateAccount {
    for (const rule of rules) {
      if (!this.#applies(rule)) continue
      const address = rule.address.fill(this.#value)
      if (address !== undefined) return this.#remembered(address, rule, asset)
    }
    throw new RowError('no_account', `No rule for its ${side} fits.`)
  }

  #applies({ when }: AccountRule): boolean {
    for (const [column, values] of when) if (!values.includes(this.#value(column))) return false
    return true
  }

  /** The first row that names an account says what it is. */
  #remembered(
    address: string,
    rule: AccountRule,
    asset: AssetName & { readonly text: string },
  ): CreateAccount {
    const key = `${address} ${asset.text}`
    const known = this.#accounts.get(key)
    if (known !== undefined) return known
    const whole = address === 'world' ? `world:${asset.text.replace('/', '-')}` : address
    if (parseAddress(whole) === undefined) {
      throw new RowError(
        'invalid_address',
        `"${whole}" is no address; {column|slug} makes one of any text.`,
      )
    }
    const limit = parseDecimal(rule.limit, asset.scale)
    if (limit === undefined || limit < 0n) {
      throw usageError(`The map: limit "${rule.limit}" is no amount of ${asset.text}.`)
    }
    const { code, flags } = rule
    const account = { address: whole, asset: asset.text, code, flags, limit }
    this.#accounts.set(key, account)
    return account
  }

  #expected(asset: AssetName): bigint | undefined {
    const column = this.#checkBalance
    if (column === undefined || this.#value(column) === '') return undefined
    return this.#decimal(column, asset)
  }

  #effectiveAt(): string | undefined {
    const { date } = this.#map
    if (date === undefined || this.#dates === undefined) return undefined
    const text = this.#value(date.column)
    const moment = this.#dates.read(text)
    if (moment === undefined) {
      throw new RowError(
        'invalid_date',
        `${date.column} "${text}" is no date of the form ${date.format}.`,
      )
    }
    return moment
  }

  #code(): number {
    const { column, values, default: otherwise } = this.#map.code
    return column === undefined ? otherwise : (values.get(this.#value(column)) ?? otherwise)
  }

  #metadata(): Record<string, string> | undefined {
    let metadata: Record<string, string> | undefined
    for (const [name, column] of this.#map.metadata) {
      const value = this.#value(column)
      if (value !== '') (metadata ??= {})[name] = value
    }
    return metadata
  }
}

function columnsOf(map: BookingMap, checkBalance: string | undefined): string[] {
  const { id, asset, account, counterparty, amount, direction, date, code, metadata } = map
  const rules = [...account, ...counterparty]
  return [
    ...id,
    ...asset.columns,
    ...rules.flatMap(({ address, when }) => [...address.columns, ...when.keys()]),
    ...(amount.kind === 'one' ? [amount.column] : [amount.credit, amount.debit]),
    ...(direction.kind === 'column' ? [direction.column] : []),
    ...(date === undefined ? [] : [date.column]),
    ...(code.column === undefined ? [] : [code.column]),
    ...metadata.values(),
    ...(checkBalance === undefined ? [] : [checkBalance]),
  ]
}
