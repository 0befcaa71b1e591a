import type { LinkProps } from '@tanstack/react-router'
import { House, Link2, type LucideIcon, Package, Settings } from 'lucide-react'

/** A place in the navigation; `isTestOnly` ones are not there where real money moves. */
export type Area = { to: LinkProps['to'] & string; text: string; Icon: LucideIcon; isTestOnly?: true }

/** The navigation, in groups. */
export const AREAS: readonly { title: string | null; links: readonly Area[] }[] = [
  { title: null, links: [{ to: '/', text: 'Home', Icon: House }] },
  {
    title: 'Selling',
    links: [
      { to: '/payment-links', text: 'Payment links', Icon: Link2 },
      { to: '/products', text: 'Products', Icon: Package },
    ],
  },
  { title: 'Account', links: [{ to: '/settings', text: 'Settings', Icon: Settings }] },
]
