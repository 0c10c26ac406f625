/** All assets in one page. */
import { AssetRegistry, parseAsset } from '@tallystick/money'

import { pageText } from './pages.ts'
import type { Read } from './reading.ts'

const BUILT_IN = AssetRegistry.iso
  .all()
  .map(({ code, scale, number }) => assetText(`${code}/${scale}`, number, true))

export const listAssets: Read = (service) => {
  const registered = service.ledger.reader
    .assets()
    .map(({ name, number }) => assetText(name, number, false))
  return pageText(service, 'assets', [...BUILT_IN, ...registered], undefined)
}

function assetText(name: string, number: number, builtIn: boolean): string {
  const scale = parseAsset(name)?.scale ?? 0
  return `{"object":"asset","asset":"${name}","number":${number},"scale":${scale},"built_in":${builtIn},"registered_at":null}`
}
