/** The part of the page that shows every operation, by resource. */
import {
  MediaType,
  OPERATION_IDS,
  type OperationId,
  type Resource,
  type Route,
  ROUTES,
} from '@tallystick/contract'

import { fieldsTable } from './fields.ts'
import { type Html, html, prose } from './html.ts'

const RESOURCES: readonly (readonly [Resource, string])[] = [
  ['accounts', 'Accounts'],
  ['transfers', 'Transfers'],
  ['transactions', 'Transactions'],
  ['holds', 'Holds'],
  ['batches', 'Batches'],
  ['balances', 'Balances'],
  ['entries', 'Entries and statements'],
  ['assets', 'Assets'],
  ['books', 'Books'],
  ['requests', 'Saved requests'],
  ['operations', 'Operations'],
]

const idsOf = (resource: Resource): OperationId[] =>
  OPERATION_IDS.filter((id) => ROUTES[id].resource === resource)

export function routesNavigation(): Html {
  return html`${RESOURCES.map(
    ([resource, title]) =>
      html`<strong>${title}</strong>
        ${idsOf(resource).map((id) => html`<a href="#${id}">${ROUTES[id].summary}</a>`)}`,
  )}`
}

export function routesSections(): Html {
  return html`${RESOURCES.map(
    ([resource, title]) =>
      html`<h2 id="${resource}">${title}</h2>
        ${idsOf(resource).map(routeSection)}`,
  )}`
}

function routeSection(id: OperationId): Html {
  const route: Route = ROUTES[id]
  const { method, path, summary, description, example } = route
  return html`<section id="${id}">
    <h3>${summary}</h3>
    <p class="route"><span class="method">${method}</span> ${path}</p>
    <p>${prose(description)}</p>
    ${fieldsTable(route.params, 'in the path')} ${fieldsTable(route.query, 'in the query')}
    ${fieldsTable(route.body, 'in the body')}
    ${example === undefined ? '' : html`<pre><code>${curl(route)}</code></pre>`} ${answers(route)}
  </section>`
}

/** As a shell takes it; `KEY` and `URL` are set at the top of the page. */
function curl({ method, example, scope }: Route): string {
  if (example === undefined) return ''
  const lines = [`curl -s "$URL${example.path}"`]
  if (scope !== null) lines.push('-H "Authorization: Bearer $KEY"')
  if (method !== 'GET' && (method !== 'POST' || example.body === undefined)) {
    lines.splice(1, 0, `-X ${method}`)
  }
  if (example.body !== undefined) {
    lines.push(`-H 'Content-Type: ${MediaType.json}'`)
    lines.push(`-d '${JSON.stringify(example.body).replaceAll("'", String.raw`'\''`)}'`)
  }
  return lines.join(' \\\n  ')
}

function answers({ answers: good }: Route): Html {
  const rows = Object.entries(good).map(([status, { description, content }]) => {
    const schema = content[MediaType.json]
    const table = schema === undefined ? undefined : fieldsTable(schema, `${status}: fields`)
    return table === undefined
      ? html`<p class="soft">${status}: ${prose(description)}</p>`
      : html`<details>
          <summary>${status}: ${prose(description)}</summary>
          ${table}
        </details>`
  })
  return html`${rows}`
}
