/** What the address index asks of the engine: the bytes of an account's address, without making a string. */

export interface AddressSource {
  /**
   * Copies the ASCII bytes of the account's address to the beginning of `into`, which has room for the longest.
   * @returns their number; 0 for accounts that have no address.
   */
  readAddress(slot: number, into: Uint8Array): number
}
