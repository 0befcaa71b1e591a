import { useState } from 'react'
import { ask } from '../../data/account.ts'
import { amountText } from '../../ui/amount.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { countText } from '../../ui/countText.ts'
import { messageOf } from '../../ui/messageOf.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'

type Coin = { id: string; symbol: string; decimals: number }

type Proof = {
  block: { number: string; hash: string; time: string }
  looked: number
  of: number
  sums: { asset: Coin; ledger: string; onChain: string }[]
  differing: number
  differences: { address: string; asset: Coin; ledger: string; onChain: string | null }[]
}

type State = { kind: 'still' | 'busy' } | { kind: 'failed'; message: string } | { kind: 'done'; proof: Proof | null }

/** Compares the ledger with the network itself when asked to, address by address, and tells what came of it. */
export function LedgerProof({ chainId }: { chainId: number }) {
  const [state, setState] = useState<State>({ kind: 'still' })
  const prove = async () => {
    setState({ kind: 'busy' })
    try {
      const { proof } = await ask<{ proof: Proof | null }>('POST', '/balance-proofs', { chainId })
      setState({ kind: 'done', proof })
    } catch (error) {
      setState({ kind: 'failed', message: messageOf(error) })
    }
  }
  return (
    <div className="flex flex-col gap-3" aria-live="polite">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button isBusy={state.kind === 'busy'} onClick={() => void prove()}>
          Compare with the network
        </Button>
        <span className="text-muted">Asks the network what lies at each deposit address.</span>
      </div>
      {state.kind === 'failed' && (
        <Notice tone="bad" title="This could not be compared">
          {state.message}
        </Notice>
      )}
      {state.kind === 'done' && <Outcome proof={state.proof} />}
    </div>
  )
}

function Outcome({ proof }: { proof: Proof | null }) {
  if (proof === null) return <Notice tone="info" title="Nothing was ever paid here" />
  const { block, looked, of, sums, differing, differences } = proof
  const number = countText(BigInt(block.number))
  const where = (
    <>
      {countText(looked)} {looked === 1 ? 'balance was' : 'balances were'} looked at
      {looked < of && ` of ${countText(of)}: those that hold something, and the newest others`}. Time of the block:{' '}
      <Time at={block.time} />.
    </>
  )
  if (differing === 0) {
    return (
      <Notice tone="good" title={`Exact at block ${number}`}>
        The network had {sums.map(({ asset, onChain }) => amountText(onChain, asset.symbol, asset.decimals)).join(', ')}{' '}
        on your deposit addresses, to the last unit what the ledger said. {where}
      </Notice>
    )
  }
  return (
    <Notice
      tone="bad"
      title={`${countText(differing)} ${differing === 1 ? 'balance differs' : 'balances differ'} at block ${number}`}
    >
      <p>Do not sweep before somebody has looked: whoever runs the server sees more with “bitstream prove”. {where}</p>
      <ul className="mt-2 flex flex-col gap-1">
        {differences.map(({ address, asset, ledger, onChain }) => (
          <li key={`${address} ${asset.id}`}>
            <CopyText text={address} shown={shortened(address)} label="address" />: the ledger had{' '}
            {amountText(ledger, asset.symbol, asset.decimals)}, the network{' '}
            {onChain === null ? 'did not say' : amountText(onChain, asset.symbol, asset.decimals)}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
