import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const sdk = new URL('../../sdk/src/bitstream.ts', import.meta.url).pathname

export default defineConfig({
  base: '/assets/',
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@bitstream/sdk': sdk } },
  // The page's policy allows no script and no style but files of ours.
  build: {
    assetsDir: '',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: 'es2024',
    sourcemap: false,
  },
})
