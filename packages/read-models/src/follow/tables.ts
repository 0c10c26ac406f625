/** Tables that are made from the journal. */
export const READ_MODEL_TABLES = [
  'assets',
  'accounts',
  'movements',
  'holds',
  'requests',
  'turnover',
] as const
