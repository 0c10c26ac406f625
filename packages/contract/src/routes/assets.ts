/** Routes of assets. */
import { Asset, AssetList, RegisterAsset } from '../assets.ts'
import { read, received, shows, write, wrote } from './define.ts'

export const assetRoutes = {
  listAssets: read({
    number: 10,
    method: 'GET',
    path: '/v1/assets',
    resource: 'assets',
    summary: 'List all assets',
    description: 'Those of ISO 4217, then the registered ones in order of registration; one page.',
    example: { path: '/assets' },
    scope: 'assets:read',
    reach: 'anywhere',
    lane: 'interactive',
    answers: { 200: shows(AssetList, 'All assets.') },
  }),
  registerAsset: write({
    number: 11,
    method: 'POST',
    path: '/v1/assets',
    resource: 'assets',
    summary: 'Register an asset',
    description:
      'Anything that can be counted: points, credits, shares. Its scale is part of its name and never changes.',
    example: { path: '/assets', body: { asset: 'PTS/0' } },
    scope: 'assets:register',
    lane: 'interactive',
    body: RegisterAsset,
    answers: {
      200: wrote(Asset, 'It was registered before.'),
      201: wrote(Asset, 'Registered.'),
      202: received,
    },
  }),
} as const
