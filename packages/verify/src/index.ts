/** What an outsider needs to check a Tallystick without trusting it. */
export { concatBytes, equalBytes, fromBase64, toBase64 } from './bytes.ts'
