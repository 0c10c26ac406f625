/** The erasure of a subject: no command of the ledger, since the log cannot forget; its key is destroyed. */
import type { SubjectParams } from '@tallystick/contract'

import { type Handler, paramsOf } from './handler.ts'

export const eraseSubject: Handler = (exchange) => {
  const { service, principal } = exchange
  const { subject } = paramsOf(exchange) as SubjectParams
  const owner = principal?.name ?? ''
  service.privacy.erase(owner, subject)
  service.log.info('a subject was erased', {
    request: exchange.requestIdText,
    principal: owner,
    key_id: principal?.keyId ?? '',
    subject: service.privacy.logNameOf(owner, subject),
  })
  exchange.answerJson(200, `{"object":"subject","subject":"${subject}","status":"erased"}`)
}
