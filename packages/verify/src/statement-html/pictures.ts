/** Drawings of a statement's page, as SVG inside of it. */

/** Four notches and a stroke across. */
export const BRAND =
  '<svg viewBox="0 0 28 24" width="28" height="24" aria-hidden="true"><path d="M5 3v18M11 3v18M17 3v18M23 3v18M1 17 27 7" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg>'

const SHAPES = [
  ['proved', 'M15 25.5l6.5 6.5L34 18.5'],
  ['wrong', 'M17 17l14 14M31 17 17 31'],
  ['open', 'M24 15v11M24 32.5v.5'],
] as const

/** One for each verdict; the style shows the one that counts. */
export const SEALS = SHAPES.map(
  ([name, path]) =>
    `<svg class="seal ${name}" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true"><circle cx="24" cy="24" r="22.5" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="24" cy="24" r="18.5" fill="currentColor"/><path d="${path}" fill="none" stroke="var(--seal)" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
).join('')
