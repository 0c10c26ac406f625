/** Schemas of the contract as tables of fields. */
import { type Html, html, prose } from './html.ts'

type Schema = Readonly<Record<string, unknown>>

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {}
}

/** undefined: there is nothing to show. */
export function fieldsTable(schema: unknown, heading: string): Html | undefined {
  const { properties, required } = asSchema(schema)
  const rows = Object.entries(asSchema(properties))
  if (rows.length === 0) return undefined
  const needed = Array.isArray(required) ? required : []
  return html`<table>
    <tr>
      <th>${heading}</th>
      <th>type</th>
      <th></th>
    </tr>
    ${rows.map(([name, field]) => fieldRow(name, asSchema(field), needed.includes(name)))}
  </table>`
}

function fieldRow(name: string, field: Schema, needed: boolean): Html {
  const { description, default: fallback } = field
  const about = typeof description === 'string' ? prose(description) : aboutOf(field)
  const otherwise =
    fallback === undefined ? '' : html` Default: <code>${JSON.stringify(fallback)}</code>.`
  const mark = needed ? html` <span class="needed">needed</span>` : ''
  return html`<tr>
    <td><code>${name}</code>${mark}</td>
    <td>${typeOf(field)}</td>
    <td>${about}${otherwise}</td>
  </tr>`
}

function aboutOf(field: Schema): Html | string {
  const inner = asSchema(Array.isArray(field['anyOf']) ? field['anyOf'][0] : field['items'])
  return typeof inner['description'] === 'string' ? prose(inner['description']) : ''
}

function typeOf(field: Schema): string {
  const { title, type, items, anyOf, const: only, enum: choices } = field
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(anyOf)) return anyOf.map((each) => typeOf(asSchema(each))).join(' | ')
  if (type === 'array') return `list of ${typeOf(asSchema(items))}`
  if (typeof title === 'string') return title
  return typeof type === 'string' ? type : 'any'
}
