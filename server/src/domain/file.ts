/** What pictures are for. */
export const FILE_KINDS = ['brand_logo', 'product_image', 'payment_link_image', 'profile_picture'] as const

export type FileKind = (typeof FILE_KINDS)[number]

/** Where our own origin serves the picture `id`. */
export function filePath(id: string): string {
  return `/files/${id}`
}

/** The whole address of the picture `id`; a path where the deployment has no address of its own. */
export function fileUrl(publicUrl: string | null, id: string): string {
  return (publicUrl ?? '') + filePath(id)
}

/** The id of the picture of ours that `url` is the address of, or null. */
export function ownFileId(publicUrl: string | null, url: string): string | null {
  const base = fileUrl(publicUrl, '')
  const id = url.startsWith(base) ? url.slice(base.length) : ''
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : null
}
