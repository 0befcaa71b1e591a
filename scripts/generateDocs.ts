/**
 * Writes what in docs/ comes from the code: docs/errors.md, docs/matrix.md, and the example chain in docs/operations.md. With
 * `--check` it writes nothing, and exits 1 when a committed file differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { STATUS_CODES } from 'node:http'
import { depositFactoryAddress } from '../contracts/abi/depositFactory.ts'
import { depositProxyInitCodeHash } from '../contracts/abi/depositProxy.ts'
import { ERROR_HELP } from '../server/src/domain/errorHelp.ts'
import { ERRORS, type ErrorCode } from '../server/src/domain/errors.ts'
import { matrixPage } from '../server/test/matrix/matrix.ts'

const DOCS = new URL('../docs/', import.meta.url)
const BEGIN = '<!-- chains file: written by npm run generate -->\n'
const END = '<!-- end of chains file -->'

function errorsPage(): string {
  const sections = (Object.keys(ERRORS) as ErrorCode[]).map(code => {
    const { status, type } = ERRORS[code]
    return `## ${code}\n\n${status} ${STATUS_CODES[status]}, \`${type}\`. ${plain(ERROR_HELP[code])}\n`
  })
  return `# Error codes

Every error of the API has a \`code\` of this list, with its HTTP status and type. \`message\` says what to do, \`param\` names
the field, \`docUrl\` leads to the code at \`/docs/errors\` of the server. A 400 lists everything wrong with the request in
\`errors\`. Decide by \`code\`: the words of a message may change.

This file is written by \`npm run generate\` from \`server/src/domain/errors.ts\` and \`errorHelp.ts\`.

${sections.join('\n')}`
}

/** Text as Markdown shows it unchanged. */
function plain(text: string): string {
  return text.replace(/[_*[\]]/g, '\\$&')
}

function operationsPage(current: string): string {
  const chain = {
    id: 8453,
    name: 'Base',
    icon: '',
    currency: 'eth',
    blockExplorerTransactionUrl: 'https://basescan.org/tx/',
    blockExplorerName: 'BaseScan',
    isTestnet: false,
    confirmations: 30,
    finality: [
      { belowUsd: 100, wait: 5 },
      { belowUsd: 1000, wait: 'safe' },
      { wait: 'finalized', witness: 'all' },
    ],
    providers: [
      { name: 'own', rpcUrl: 'https://base-node.example.com', isOwn: true },
      { name: 'second', rpcUrl: 'https://base.example.net/v1/a-key' },
    ],
    publicRpcUrls: ['https://mainnet.base.org'],
    pollMs: 2000,
    blockTimeMs: 2000,
    factory: depositFactoryAddress,
    initCodeHash: depositProxyInitCodeHash,
    assets: [
      { currency: 'eth', symbol: 'ETH', name: 'Ether', decimals: 18 },
      {
        address: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
        currency: 'usdc',
        symbol: 'USDC',
        name: 'USD Coin',
        decimals: 6,
        coingeckoId: 'usd-coin',
      },
    ],
  }
  const [before, rest] = current.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined)
    throw new Error(`docs/operations.md has lost its lines ${BEGIN}${END}`)
  return `${before}${BEGIN}\`\`\`json\n${JSON.stringify([chain], null, 2)}\n\`\`\`\n${END}${after}`
}

const pages: Record<string, (current: string) => string> = {
  'errors.md': errorsPage,
  'matrix.md': matrixPage,
  'operations.md': operationsPage,
}

const isCheck = process.argv.includes('--check')
for (const [name, write] of Object.entries(pages)) {
  const path = new URL(name, DOCS)
  const current = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const wanted = write(current)
  if (current === wanted) continue
  if (isCheck) {
    console.error(`docs/${name} differs from the code: run npm run generate`)
    process.exitCode = 1
  } else writeFileSync(path, wanted)
}
