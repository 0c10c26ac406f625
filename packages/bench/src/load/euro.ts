/** The asset of every load: euro, counted in cents. */
export const EURO = { number: 978, text: 'EUR/2' } as const
