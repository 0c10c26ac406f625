/** Growing columns in segments, so that growing moves nothing. */

/** Rows of one segment. */
export const SEGMENT_ROWS = 16_384

/** The segment of a row, made when the row is the first in it. */
export function segmentOf<Column>(segments: Column[], row: number, make: () => Column): Column {
  const index = Math.floor(row / SEGMENT_ROWS)
  const segment = segments[index] ?? make()
  if (index === segments.length) segments.push(segment)
  return segment
}
