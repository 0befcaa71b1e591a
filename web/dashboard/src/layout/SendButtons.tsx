import { useQuery } from '@tanstack/react-query'
import { networksQuery } from '../data/networks.ts'
import { sendWith, type WalletCall } from '../data/wallets.ts'
import { WalletButtons } from './WalletButtons.tsx'

type Props = {
  call: WalletCall
  /** Is given the hash of the transaction. */
  onSent: (hash: string) => unknown
  /** What to do where no wallet is found. */
  otherwise: string
}

/** A button for each wallet of the browser that sends the call; nothing where its network is not known. */
export function SendButtons({ call, onSent, otherwise }: Props) {
  const { data: networks } = useQuery(networksQuery)
  const network = networks?.find(({ chainId }) => chainId === call.chainId)?.network
  if (network === undefined) return null
  return (
    <WalletButtons
      verb="Send with"
      run={async wallet => await onSent(await sendWith(wallet, network, call))}
      otherwise={otherwise}
    />
  )
}
