/** Routes of saved requests, closed books and operations. */
import { Books, CloseBooks } from '../books.ts'
import { MediaType } from '../media-types.ts'
import { Health, Readiness } from '../operations.ts'
import { RequestList, RequestParams, RequestsQuery, SavedRequest } from '../requests.ts'
import { strict } from '../schema.ts'
import { ErasedSubject, SubjectParams } from '../subjects.ts'
import { read, received, shows, write, wrote } from './define.ts'

const open = {
  scope: null,
  reach: 'anywhere',
  lane: 'interactive',
  headers: strict({}),
  problems: [],
} as const

export const administrationRoutes = {
  getRequest: read({
    number: 80,
    method: 'GET',
    path: '/v1/requests/{id}',
    resource: 'requests',
    summary: 'Show a saved request',
    description:
      'What was asked, by whom, what was answered, and all that it caused. Kept as long as the book.',
    example: { path: '/requests/req_01KAHWAZ9EFH0SP3HZD99DG701' },
    scope: 'requests:read',
    reach: 'found',
    lane: 'interactive',
    params: RequestParams,
    answers: { 200: shows(SavedRequest, 'The request.') },
    problems: [400, 401, 403, 404, 503],
  }),
  listRequests: read({
    number: 81,
    method: 'GET',
    path: '/v1/requests',
    resource: 'requests',
    summary: 'Find saved requests',
    description:
      'Newest first; filters can be combined. A transfer, an account or a period is found at once; a source, a principal or a key is looked for backwards from the newest request or from `to`, a stretch at a time, and `searched_back_to` says how far a page came.',
    example: { path: '/requests?account=users:1042:wallet&from=2026-11-01T00:00:00Z' },
    scope: 'requests:read',
    lane: 'interactive',
    query: RequestsQuery,
    answers: { 200: shows(RequestList, 'Requests that fit.') },
  }),
  eraseSubject: read({
    number: 82,
    method: 'DELETE',
    path: '/v1/subjects/{subject}',
    resource: 'subjects',
    summary: 'Erase the private data of a subject',
    description:
      'Destroys the subject’s key: what was encrypted under it can be read by nobody any more, in backups of the data neither, and shows as `erased`. Proofs and answers stay what they are. What is written of the subject later gets a new key. Cannot be taken back.',
    example: { path: '/subjects/customer-17' },
    scope: 'subjects:erase',
    lane: 'interactive',
    headers: strict({}),
    params: SubjectParams,
    answers: {
      200: { description: 'Erased.', content: { [MediaType.json]: ErasedSubject } },
    },
  }),
  closeBooks: write({
    number: 90,
    method: 'PUT',
    path: '/v1/books',
    resource: 'books',
    summary: 'Close the books up to a moment',
    description:
      'Of an asset or of an account’s subtree. Setting it back, or to null, opens them again, and is logged like everything.',
    example: {
      path: '/books',
      body: { asset: 'EUR/2', closed_until: '2026-10-31T23:59:59.999999999Z' },
    },
    scope: 'books:close',
    lane: 'interactive',
    body: CloseBooks,
    answers: { 200: wrote(Books, 'Set.'), 202: received },
  }),
  getHealth: read({
    ...open,
    number: 100,
    method: 'GET',
    path: '/healthz',
    resource: 'operations',
    summary: 'Is the process alive',
    description: 'Needs no key. Answers as long as the process can answer.',
    answers: { 200: { description: 'Alive.', content: { [MediaType.json]: Health } } },
  }),
  getReadiness: read({
    ...open,
    number: 101,
    method: 'GET',
    path: '/readyz',
    resource: 'operations',
    summary: 'Does it take writes',
    description: 'Needs no key.',
    answers: {
      200: { description: 'Ready.', content: { [MediaType.json]: Readiness } },
      503: {
        description: 'Not ready; why is in `status`.',
        content: { [MediaType.json]: Readiness },
      },
    },
  }),
  getMetrics: read({
    number: 102,
    method: 'GET',
    path: '/metrics',
    resource: 'operations',
    summary: 'Figures for Prometheus',
    description: 'Text format 0.0.4.',
    headers: strict({}),
    scope: 'metrics:read',
    lane: 'interactive',
    answers: { 200: { description: 'Figures.', content: { [MediaType.metrics]: undefined } } },
    // 404: it was put on the other listener.
    problems: [401, 403, 404],
  }),
  getOpenapi: read({
    ...open,
    number: 103,
    method: 'GET',
    path: '/openapi.json',
    resource: 'operations',
    summary: 'This interface as OpenAPI 3.1',
    description: 'Needs no key.',
    answers: { 200: { description: 'The document.', content: { [MediaType.json]: undefined } } },
  }),
  getDocs: read({
    ...open,
    number: 104,
    method: 'GET',
    path: '/docs',
    resource: 'operations',
    summary: 'This interface for people',
    description: 'Needs no key; loads nothing from another host.',
    answers: { 200: { description: 'A page.', content: { [MediaType.html]: undefined } } },
  }),
} as const
