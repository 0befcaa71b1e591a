import type { EmailBrand } from './renderEmail.ts'

/** Markup; whoever makes it has escaped what is not ours. */
export type Html = { readonly html: string }

/** Says of `html` that it is markup. */
export function raw(html: string): Html {
  return { html }
}

/** `text` as it can stand in markup and in a quoted attribute; control characters but line feeds are left out. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}--\n]/gv, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** The parts of a card, one below the other. */
export function cardOf(parts: readonly Html[]): Html {
  return raw(parts.map(({ html }) => html).join('\n'))
}

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Helvetica,Arial,sans-serif"

// Mail clients know tables and attributes best; what of this they drop is decoration. Colours stand in the elements for the light, and
// in the sheet for the dark.
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0}
@media (prefers-color-scheme:dark){.ground{background:#0f1217 !important}.card{background:#181c23 !important;border-color:#2b313c !important}.ink{color:#edf0f5 !important}.muted{color:#a3adbe !important}.line{border-color:#2b313c !important}.link{color:#93a4ff !important}}
@media (max-width:480px){.pad{padding:24px 20px !important}}`

/** A whole document with one card. Blanks after the preview keep clients from showing what follows it. */
export function pageOf(parts: {
  title: string
  preview: string
  brand: EmailBrand
  card: Html
  reason: string
}): string {
  const { title, preview, brand, card, reason } = parts
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escapeHtml(title)}</title>
<style>
${STYLE}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f5f6f8">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}${'&#847;&zwnj;&nbsp;'.repeat(40)}</div>
<table class="ground" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f5f6f8" style="background:#f5f6f8"><tr><td align="center" style="padding:24px 12px 32px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;font:16px/1.5 ${FONT}">
<tr><td style="padding:0 8px 16px">${brandOf(brand)}</td></tr>
<tr><td class="card pad" bgcolor="#ffffff" style="padding:32px;border:1px solid #e4e7ed;border-radius:16px;background:#ffffff">
${card.html}
</td></tr>
<tr><td class="muted" style="padding:16px 8px 0;font-size:13px;color:#5a6376;overflow-wrap:anywhere">${escapeHtml(brand.name)}<br>${escapeHtml(reason)}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`
}

function brandOf({ name, logoUrl }: EmailBrand): string {
  const logo =
    logoUrl === null
      ? ''
      : `<td style="padding-right:12px"><img src="${escapeHtml(logoUrl)}" alt="" width="36" height="36" style="display:block;width:36px;height:36px;border-radius:9px;object-fit:cover"></td>`
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>${logo}<td class="ink" style="font-weight:600;color:#161a23;overflow-wrap:anywhere">${escapeHtml(name)}</td></tr></table>`
}
