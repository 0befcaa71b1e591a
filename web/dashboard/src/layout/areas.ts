import type { LinkProps } from '@tanstack/react-router'
import {
  Code,
  CreditCard,
  Droplets,
  FileText,
  House,
  Link2,
  type LucideIcon,
  Package,
  Percent,
  RefreshCw,
  Settings,
  TicketPercent,
  Users,
  Wallet,
} from 'lucide-react'

/** A place in the navigation; `isTestOnly` ones are not there where real money moves. */
type Area = { to: LinkProps['to'] & string; text: string; Icon: LucideIcon; isTestOnly?: true }

/** The navigation, in groups. */
export const AREAS: readonly { title: string | null; links: readonly Area[] }[] = [
  {
    title: null,
    links: [
      { to: '/', text: 'Home', Icon: House },
      { to: '/payments', text: 'Payments', Icon: CreditCard },
      { to: '/balances', text: 'Balances', Icon: Wallet },
    ],
  },
  {
    title: 'Selling',
    links: [
      { to: '/payment-links', text: 'Payment links', Icon: Link2 },
      { to: '/products', text: 'Products', Icon: Package },
      { to: '/customers', text: 'Customers', Icon: Users },
      { to: '/invoices', text: 'Invoices', Icon: FileText },
      { to: '/subscriptions', text: 'Subscriptions', Icon: RefreshCw },
      { to: '/coupons', text: 'Coupons', Icon: TicketPercent },
      { to: '/tax-rates', text: 'Tax rates', Icon: Percent },
    ],
  },
  {
    title: 'Building',
    links: [
      { to: '/developers', text: 'Developers', Icon: Code },
      { to: '/faucet', text: 'Faucet', Icon: Droplets, isTestOnly: true },
    ],
  },
  { title: 'Account', links: [{ to: '/settings', text: 'Settings', Icon: Settings }] },
]
