/** The page at /docs: made from the contract when the server starts, complete in itself. */
import { errorsSection } from './errors.ts'
import { Html, html } from './html.ts'
import { routesNavigation, routesSections } from './routes.ts'
import { STYLE } from './style.ts'

/** @param base of the server as clients reach it; '' = this machine's default. */
export function docsPage(version: string, base: string): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Tallystick ${version}</title>
      <style>
        ${new Html(STYLE)}
      </style>
    </head>
    <body>
      <div class="page">
        <nav>
          <strong>Tallystick ${version}</strong>
          <a href="#start">Start</a><a href="#rules">Ground rules</a><a href="#errors">Errors</a>
          <a href="/openapi.json">OpenAPI 3.1</a>
          ${routesNavigation()}
        </nav>
        <main>${introduction(base)}${rules()}${routesSections()}${errorsSection()}</main>
      </div>
    </body>
  </html>`
  return `<!doctype html>\n${page.text}\n`
}

function introduction(base: string): Html {
  const url = `${base === '' ? 'http://127.0.0.1:7411' : base}/v1`
  return html`<h1>Tallystick</h1>
    <p class="soft">
      A money ledger: balances that stay right, a history that nobody can change unnoticed.
    </p>
    <h2 id="start">Start</h2>
    <p>Set these once; every example on this page uses them.</p>
    <pre><code>export KEY=$(cat keys/root.key) URL=${url}</code></pre>
    <p>Open a wallet, put money in, and see what is there:</p>
    <pre><code>curl -s $URL/accounts -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"address":"users:1042:wallet","asset":"EUR/2","code":100,"flags":["debits_must_not_exceed_credits"]}'
curl -s $URL/accounts -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"address":"merchants:books","asset":"EUR/2","code":200}'
curl -s $URL/accounts/users:1042:wallet/increments -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"amount":"10000","metadata":{"why":"top-up"}}'
curl -s $URL/accounts/users:1042:wallet -H "Authorization: Bearer $KEY"</code></pre>`
}

const RULES: readonly (readonly [string, string])[] = [
  [
    'Amounts',
    'are strings of integer minor units: "1050" of EUR/2 is 10.50 euro. Never numbers, never decimals.',
  ],
  [
    'Times',
    'are RFC 3339 in UTC. The ledger keeps nanoseconds, and no two events have the same time.',
  ],
  [
    'Doing it once',
    'Every write takes an Idempotency-Key header or a reference in the body. The same request again gets the first answer again, with Idempotent-Replayed: true, after a restart too, refusals included. Another request under the same name is refused.',
  ],
  ['Strictness', 'Unknown fields, a field twice and wrong types are refused, never ignored.'],
  [
    'Lists',
    'take limit and cursor and give data, has_more and next_cursor. A cursor carries its list’s filters.',
  ],
  [
    'Reading your writes',
    'Answers carry Ledger-Sequence; a read with that as Ledger-Min-Sequence waits for it, or answers 503.',
  ],
  [
    'Trying out',
    '?dry_run=true runs everything and records nothing; the answer is what it would have been.',
  ],
  [
    'Receipt first',
    'With Prefer: respond-async the answer is 202 and a receipt once the request is safe; GET /v1/requests/{id} has the result.',
  ],
  ['Priority', 'Priority: u=0 to u=3 goes first, u=4 to u=7 is bulk work that never delays it.'],
  [
    'World',
    'world stands for the world account of the asset, like world:EUR-2: where money enters and leaves. Worlds open by themselves.',
  ],
]

function rules(): Html {
  return html`<h2 id="rules">Ground rules</h2>
    <table>
      ${RULES.map(
        ([name, text]) =>
          html`<tr>
            <td>${name}</td>
            <td>${text}</td>
          </tr>`,
      )}
    </table>`
}
