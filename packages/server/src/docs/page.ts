/** The page at /docs. */
export function docsPage(version: string): string {
  return `<!doctype html><title>Tallystick ${version}</title>`
}
