/** What may be asked of the state of access by those who only read it. */
import type { AccessState } from './access-state.ts'

export type AccessReader = Pick<
  AccessState,
  | 'version'
  | 'hasAdministrator'
  | 'principal'
  | 'key'
  | 'keyOfHash'
  | 'grant'
  | 'scopesOfRole'
  | 'rightsOf'
  | 'principals'
  | 'keys'
  | 'roles'
  | 'grants'
  | 'ceilings'
  | 'approvals'
  | 'identities'
>
