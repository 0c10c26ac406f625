/** The part of the page that explains every error, under the anchor that its `type` names. */
import { PROBLEMS, type ProblemCode } from '@tallystick/contract'

import { type Html, html, prose } from './html.ts'

export function errorsSection(): Html {
  const codes = Object.keys(PROBLEMS) as ProblemCode[]
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort((a, b) => a - b)
  return html`<h2 id="errors">Errors</h2>
    <p>
      Every error is <code>application/problem+json</code> (RFC 9457). Programs go by
      <code>code</code>, people by <code>detail</code>; <code>param</code> names the field,
      <code>request_id</code> the request. What the ledger itself refused is remembered: the same
      request again gets the same refusal. What never reached it (400, 401, 403, 404, 413, 415, 429,
      503) is not.
    </p>
    ${statuses.map(
      (status) =>
        html`<h3>${status}</h3>
          <dl>${codes.filter((code) => PROBLEMS[code].status === status).map(errorEntry)}</dl>`,
    )}`
}

function errorEntry(code: ProblemCode): Html {
  const { title, about, next } = PROBLEMS[code]
  return html`<dt id="${code}"><code>${code}</code> ${title}</dt>
    <dd>${prose(about)} <span class="soft">${prose(next)}</span></dd>`
}
