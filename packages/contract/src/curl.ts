/** A route's example as a command line that works as it stands, with `KEY` and `URL` set as the first five minutes do. */
import type { Route } from './route.ts'

/** undefined: the route has no example. `URL` ends in `/v1`. */
export function curlExample(route: Route): string | undefined {
  const { example } = route
  if (example === undefined) return undefined
  const method = route.method === 'GET' || route.method === 'POST' ? '' : ` -X ${route.method}`
  const lines = [`curl -s${method} "$URL${example.path}" -H "Authorization: Bearer $KEY"`]
  if (route.writes && example.body !== undefined) {
    lines.push(`-H 'Content-Type: application/json'`)
    // A quote inside single quotes ends them, stands escaped, and begins them again.
    lines.push(`-d '${JSON.stringify(example.body).replaceAll("'", String.raw`'\''`)}'`)
  }
  return lines.join(' \\\n  ')
}
