import type { Event } from '@bitstream/sdk'
import type { Tone } from '../../ui/Badge.tsx'

/** What became of the telling of an event. */
export function deliveryText({
  deliveries: { pending, succeeded, failed },
}: Event): readonly [tone: Tone, text: string] {
  if (failed > 0) return ['bad', `${failed} failed`]
  if (pending > 0) return ['warn', `${pending} under way`]
  return succeeded > 0 ? ['good', `${succeeded} arrived`] : ['plain', 'Nobody asked']
}
