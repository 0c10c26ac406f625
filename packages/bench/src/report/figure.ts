/** Numbers as people read them: enough digits to compare, no more. */

/** 1,234,567; 123; 12.3; 1.23; 0.123. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size === 0) return '0'
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** The same for counts: 10,000. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** 1.50 GiB, 12.0 MiB, 3.00 KiB. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let size = value
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return unit === 0 ? `${count(size)} B` : `${figure(size)} ${units[unit] ?? ''}`
}
