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
  policyNotFound: 17,
  approvalNotFound: 18,
  /** Approved or refused before. */
  approvalDecided: 19,
  approvalExpired: 20,
  /** Not the one to decide it: who asked himself, a program, somebody without the right. */
  mayNotDecide: 21,
  /** The digest or what follows it is not what was asked for. */
  approvalDiffers: 22,
  /** A policy needs two persons who can decide everywhere. */
  tooFewDeciders: 23,
} as const
export type ControlStatus = (typeof ControlStatus)[keyof typeof ControlStatus]
