import type { Event } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

/** What became of the telling of an event. */
export function deliveryStatus({ deliveries: { pending, succeeded, failed } }: Event): Status {
  if (failed > 0) return ['bad', `${failed} failed`]
  if (pending > 0) return ['warn', `${pending} under way`]
  return succeeded > 0 ? ['good', `${succeeded} arrived`] : ['plain', 'Nobody asked']
}
