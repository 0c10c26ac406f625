/** Routes of the audit. */
import { AuditList, AuditParams, AuditQuery } from '../audit.ts'
import { MediaType } from '../media-types.ts'
import { strict } from '../schema.ts'
import { read, shows } from './define.ts'

export const auditRoutes = {
  listAudit: read({
    number: 211,
    method: 'GET',
    path: '/v1/audit',
    resource: 'access',
    summary: 'List who did or tried what',
    description:
      'Changes of rights, accepted or not, and attempts that were turned away, counted by the minute; newest first. A page can be short, even empty, and have a next one.',
    example: { path: '/audit?result=forbidden&from=2026-11-01T00:00:00Z' },
    scope: 'audit:read',
    lane: 'bulk',
    query: AuditQuery,
    answers: { 200: shows(AuditList, 'Audit records.') },
  }),
  getAuditReceipt: read({
    number: 212,
    method: 'GET',
    path: '/v1/audit/{sequence}/receipt',
    resource: 'access',
    summary: 'Proof that an audit record is in the log',
    description:
      'A C2SP tlog-proof with the opened leaf: anyone checks it offline, with `tally-verify receipt`. Waits a few seconds for the checkpoint that covers it.',
    example: { path: '/audit/7/receipt' },
    headers: strict({}),
    scope: 'audit:read',
    lane: 'interactive',
    params: AuditParams,
    answers: { 200: { description: 'A receipt.', content: { [MediaType.text]: undefined } } },
    problems: [400, 401, 403, 404, 503],
  }),
} as const
