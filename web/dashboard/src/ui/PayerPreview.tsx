import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { bitstream } from '../data/bitstream.ts'

type Props = {
  title: string
  /** The sum as payers read it; null while they are to choose it. */
  total: string | null
  description?: string | null
  image?: string | null
  button: string
  children?: ReactNode
}

/** The payer's page in small, with the merchant's brand: what it is for, the sum, and the one button. Nothing of it can be pressed. */
export function PayerPreview({ title, total, description, image, button, children }: Props) {
  const { data: organization } = useQuery({
    queryKey: ['organization', 'get'],
    queryFn: () => bitstream.organization.get(),
  })
  const { name = '', brandLogo = null, brandColor = '#1f6feb' } = organization ?? {}
  return (
    <div className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-5 shadow-lg">
      <p className="flex items-center gap-3 font-semibold">
        {brandLogo === null ? (
          <span
            aria-hidden
            className="flex size-9 items-center justify-center rounded-md bg-ink font-semibold text-surface"
          >
            {name.slice(0, 1)}
          </span>
        ) : (
          <img src={brandLogo} alt="" className="size-9 rounded-md object-contain" />
        )}
        {name}
      </p>
      {image ? <img src={image} alt="" className="max-h-44 w-full rounded-md object-cover" /> : null}
      <div className="break-words">
        <p className="text-lg font-semibold">{title === '' ? <span className="text-muted">Its title</span> : title}</p>
        {total !== null && <p className="text-2xl font-bold tabular-nums">{total}</p>}
      </div>
      {description ? <p className="break-words whitespace-pre-line text-muted">{description}</p> : null}
      {children}
      {/* The brand's colour is the merchant's, not one of ours. */}
      <p
        style={{ backgroundColor: brandColor, color: isLight(brandColor) ? '#000000' : '#ffffff' }}
        className="rounded-lg px-4 py-3 text-center text-base font-semibold"
      >
        {button}
      </p>
    </div>
  )
}

/** Whether white cannot be read on the colour: a contrast below 4.5 to 1 (WCAG 2.2, 1.4.3). */
function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) < 4.5
}
