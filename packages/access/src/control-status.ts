/** Answers to control commands. In order of precedence; numbers are never given twice. */
export const ControlStatus = {
  changed: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  /** In a chain: what follows would be decided under rights that may be taken back. */
  mustStandAlone: 4,
  /** Its bytes are no command, or not in the one form that it has. */
  malformedControl: 5,
  alreadyExists: 6,
  principalNotFound: 7,
  keyNotFound: 8,
  roleNotFound: 9,
  grantNotFound: 10,
  keyRevoked: 11,
  roleBuiltIn: 12,
  roleInUse: 13,
  tooMany: 14,
  /** Nobody would be left who can give rights. */
  lastAdministrator: 15,
  ceilingNotFound: 16,
} as const
export type ControlStatus = (typeof ControlStatus)[keyof typeof ControlStatus]
