/**
 * Where the pictures of an object are that the page may show: our own copies, and until a job has made them those that were uploaded
 * here. Pictures of other hosts are not asked for.
 */
export function shownImages(images: readonly string[], copies: readonly string[]): readonly string[] {
  return copies.length === images.length ? copies : images.filter(url => url.startsWith(`${location.origin}/`))
}
