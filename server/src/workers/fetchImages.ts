import { IMAGE_BYTES_MAX } from '../actions/encodeImage.ts'
import { nextImage, recordImage, recordOwnImage } from '../actions/recordImage.ts'
import type { Context } from '../context.ts'
import { unlessStopped } from './deliverWebhook.ts'

/**
 * Fetches the pictures that an organization's products name, one after the other, and keeps a copy of each or the reason why there
 * is none. Payers' browsers then ask our own origin alone. Throws `StoppedError` when `signal` fires.
 */
export async function fetchImages(ctx: Context, organizationId: string, signal: AbortSignal): Promise<void> {
  let image = await nextImage(ctx, organizationId, null)
  while (image !== null) {
    if (!(await recordOwnImage(ctx, image))) {
      await recordImage(ctx, image, await unlessStopped(ctx.sender.fetch(image.url, IMAGE_BYTES_MAX), signal))
    }
    image = await nextImage(ctx, organizationId, image.url)
  }
}
