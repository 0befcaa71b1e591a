import type { Chain } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { gasQuery } from '../../data/gas.ts'
import { networksQuery } from '../../data/networks.ts'
import { amountText } from '../../ui/amount.ts'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { countText } from '../../ui/countText.ts'

const COIN_DECIMALS = 18

/** Who pays the gas of sweeps on a network, and for how long it will do. */
export function GasLine({ chain }: { chain: Chain }) {
  const { data } = useQuery(gasQuery)
  const { data: networks } = useQuery(networksQuery)
  const network = networks?.find(({ chainId }) => chainId === chain.id)
  const account = data?.find(({ chainId }) => chainId === chain.id)
  if (data === undefined || network === undefined) return null
  if (!network.hasGasAccount) {
    return (
      <p className="text-muted">Your own wallet sends sweeps and pays their gas: the server has no gas account here.</p>
    )
  }
  if (account === undefined)
    return <p className="text-muted">What the server’s gas account has, the network does not say now.</p>
  const { address, balanceRaw, daysLeft, isLow } = account
  const left =
    daysLeft === null ? '' : `, enough for ${daysLeft === 1 ? 'about a day' : `about ${countText(daysLeft)} days`}`
  return (
    <p className={isLow ? 'text-warn' : 'text-muted'}>
      The server’s gas account <CopyText text={address} shown={shortened(address)} label="gas account" /> has{' '}
      {amountText(balanceRaw, chain.currency, COIN_DECIMALS)}
      {left}. {isLow && 'That is too little: send it coin, or nothing is swept.'}
    </p>
  )
}
