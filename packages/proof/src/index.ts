/** The making of proofs: tree, tiles, checkpoints, receipts, witnesses. */
export { toBase64 } from '@tallystick/verify'
