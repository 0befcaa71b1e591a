/** Small pictures as a fact; their first line begins where a text's would, at which the name of the fact stands. */
export function Thumbnails({ images }: { images: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-2 before:-me-2 before:content-['\200b']">
      {images.map(image => (
        <img key={image} src={image} alt="" className="size-16 rounded-md border border-line object-cover" />
      ))}
    </span>
  )
}
