/** placeholder */
import type { Workload } from '../workload.ts'
export const growth: Workload = {
  name: 'growth',
  about: '',
  quickSeconds: undefined,
  run: async () => [],
}
