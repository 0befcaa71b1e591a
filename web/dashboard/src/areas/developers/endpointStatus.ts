import type { WebhookEndpoint } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

/** Whether an endpoint is told what happens. */
export function endpointStatus({ isDisabled }: WebhookEndpoint): Status {
  return isDisabled ? ['plain', 'Off'] : ['good', 'On']
}
