import type { PaymentLink } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink, Mail, QrCode } from 'lucide-react'
import { useState } from 'react'
import { accountNow, ask } from '../../data/account.ts'
import { Button, buttonClasses } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { toast } from '../../ui/Toasts.tsx'

/** Large enough to be printed on a poster. */
const PNG_PX = 1200

/** The address of a link with the ways to pass it on. */
export function ShareCard({ link }: { link: PaymentLink }) {
  const [isShown, setShown] = useState(false)
  const { title, url, isActive } = link
  const from = accountNow().signIn?.organization.name ?? ''
  const mail = new URLSearchParams({ subject: `${title} – ${from}`, body: `${title}\n\nYou can pay here: ${url}\n` })
  return (
    <Card title="Link to share">
      <div className="flex flex-wrap items-center gap-2 max-sm:*:grow">
        <CopyText
          text={url}
          label="link"
          className="min-h-9 min-w-0 rounded-md border border-line px-3 pointer-coarse:min-h-11"
        />
        <a href={url} target="_blank" rel="noreferrer" className={buttonClasses()}>
          <ExternalLink aria-hidden className="size-4" />
          Open the page
        </a>
        <Button onClick={() => setShown(true)}>
          <QrCode aria-hidden className="size-4" />
          QR code
        </Button>
        {/* A mail program reads a plus as one, and no blank. */}
        <a href={`mailto:?${mail.toString().replaceAll('+', '%20')}`} className={buttonClasses()}>
          <Mail aria-hidden className="size-4" />
          E-mail
        </a>
      </div>
      {!isActive && <p className="mt-3 text-muted">Whoever opens it now reads that it takes no payments.</p>}
      {isShown && <QrDialog link={link} onClose={() => setShown(false)} />}
    </Card>
  )
}

function QrDialog({ link: { id, title }, onClose }: { link: PaymentLink; onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: ['payment_link', 'qr', id],
    queryFn: () => ask<{ qr: string }>('GET', `/payment-links/${id}/qr`),
  })
  const image = data === undefined ? null : `data:image/svg+xml;utf8,${encodeURIComponent(data.qr)}`
  // Not every system can write other letters into the name of a file.
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '')
  const file = `${plain.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'payment-link'}-qr`
  const savePng = async () => {
    try {
      saveFile(await pngOf(image ?? ''), `${file}.png`)
    } catch {
      toast('This was not done', 'The browser could not draw the picture: take the SVG.')
    }
  }
  return (
    <Dialog isOpen onClose={onClose} title="QR code" description="Print it or show it: whoever scans it can pay.">
      <div className="flex flex-col items-center gap-4">
        {error !== null && (
          <Notice tone="bad" title="The code could not be read">
            {error.message}
          </Notice>
        )}
        {image === null ? (
          <Skeleton className="size-60" />
        ) : (
          <img src={image} alt={`QR code of ${title}`} width={240} height={240} className="rounded-md bg-white p-2" />
        )}
        <div className="flex flex-wrap justify-center gap-2">
          <Button look="primary" disabled={image === null} onClick={savePng}>
            Download as PNG
          </Button>
          <a href={image ?? undefined} download={`${file}.svg`} className={buttonClasses()}>
            Download as SVG
          </a>
        </div>
      </div>
    </Dialog>
  )
}

async function pngOf(svg: string): Promise<string> {
  const image = new Image(PNG_PX, PNG_PX)
  image.src = svg
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = PNG_PX
  canvas.height = PNG_PX
  canvas.getContext('2d')?.drawImage(image, 0, 0, PNG_PX, PNG_PX)
  return canvas.toDataURL('image/png')
}
