import type { Product } from '@bitstream/sdk'
import { shownImages } from '../../data/shownImages.ts'
import { type Typed, textOf } from '../../data/typed.ts'
import { ImageField } from '../../ui/ImageField.tsx'

/** As many as the API takes. */
const NAMES = Array.from({ length: 8 }, (_, index) => `images[${index}]`)

/** The pictures of a product, always with room for one more. */
export function Pictures({ typed, product }: { typed: Typed; product: Product | null }) {
  const images = product?.images ?? []
  const last = NAMES.findLastIndex(name => textOf(typed[name]) !== null)
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      {NAMES.slice(0, Math.max(last + 2, images.length + 1)).map((name, index) => (
        <ImageField
          key={name}
          label={index === 0 ? 'Picture (optional)' : `Picture ${index + 1} (optional)`}
          name={name}
          of="product_image"
          first={{ url: images[index] ?? null, shown: pictureAt(product, index) }}
        />
      ))}
    </div>
  )
}

/** The addresses of the pictures that the form holds. */
export function imagesOf(typed: Typed): string[] {
  return NAMES.flatMap(name => textOf(typed[name]) ?? [])
}

/** Where the picture at `index` of a product is that the page may show; null where that is not known yet. */
export function pictureAt(product: Product | null, index: number): string | null {
  const url = product?.images[index]
  if (product === null || url === undefined) return null
  const copy = product.publicImages.length === product.images.length ? product.publicImages[index] : undefined
  return shownImages([url], copy === undefined ? [] : [copy])[0] ?? null
}
