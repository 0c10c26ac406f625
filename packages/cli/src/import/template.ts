/** Texts with columns in them: `customers:{account_id}`, `shops:{name|slug}`. */
import { usageError } from '../failure.ts'

interface Part {
  readonly text: string
  readonly column: string | undefined
  readonly slug: boolean
}

const PLACE = /\{([^{}|]+)(?:\|([^{}|]*))?\}/g

export class Template {
  readonly text: string
  readonly #parts: readonly Part[]

  private constructor(text: string, parts: readonly Part[]) {
    this.text = text
    this.#parts = parts
  }

  /** @param where the field, for the sentence when it is malformed. @throws CommandError */
  static parse(text: string, where: string): Template {
    const parts: Part[] = []
    let from = 0
    const plain = (part: string): void => {
      if (/[{}]/.test(part))
        throw usageError(`${where}: "${text}" has a brace without its other half.`)
      if (part !== '') parts.push({ text: part, column: undefined, slug: false })
    }
    for (const match of text.matchAll(PLACE)) {
      const [whole, column = '', filter] = match
      if (filter !== undefined && filter !== 'slug') {
        throw usageError(`${where}: "|${filter}" is unknown; there is |slug alone.`)
      }
      plain(text.slice(from, match.index))
      parts.push({ text: '', column, slug: filter === 'slug' })
      from = match.index + whole.length
    }
    plain(text.slice(from))
    return new Template(text, parts)
  }

  get columns(): string[] {
    return this.#parts.flatMap(({ column }) => column ?? [])
  }

  /** undefined: a column that it needs is empty. */
  fill(value: (column: string) => string): string | undefined {
    let text = ''
    for (const part of this.#parts) {
      if (part.column === undefined) {
        text += part.text
        continue
      }
      const filled = part.slug ? slug(value(part.column)) : value(part.column)
      if (filled === '') return undefined
      text += filled
    }
    return text
  }
}

/** ASCII for an address segment: `Café du Nord` is `cafe-du-nord`. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)
}
