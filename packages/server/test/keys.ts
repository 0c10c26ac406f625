/** Callers for tests: principals with a grant and a key, made by the root key or by an administrator. */
import { type Call, callerOf, type TestServer } from './harness.ts'

export interface Grantee {
  readonly call: Call
  readonly keyId: string
  readonly secret: string
  readonly grantId: string
}

/** @param given role, scopes and addresses of its grant. */
export async function grantee(
  { url, call }: Pick<TestServer, 'url' | 'call'>,
  principal: string,
  given: { role?: string; scopes?: string[]; addresses: string[] },
): Promise<Grantee> {
  await call('POST', '/v1/principals', { principal, kind: 'service' })
  const grant = await call('POST', '/v1/grants', { principal, ...given })
  const key = await call('POST', '/v1/keys', { principal })
  if (key.status !== 201 || grant.status !== 201) throw new Error(`${grant.text}\n${key.text}`)
  const { secret, id: keyId } = key.json
  return { call: callerOf(url, secret), keyId, secret, grantId: grant.json.id }
}
