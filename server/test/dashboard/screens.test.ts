// Every screen without a row, with one and with ten thousand: everybody can use it. Pictures of them are what `npm run gallery` makes.
import { test } from 'node:test'
import { checkScreen, openDashboard } from './dashboard.ts'
import { fillShop } from './everyScreen.ts'

for (const shop of ['none', 'one', 'many'] as const) {
  test(`every screen of a shop with ${shop}`, async t => {
    const dashboard = await openDashboard({ until: t })
    const asked = new RegExp(process.env.SCREENS ?? '')
    for (const { name, path } of (await fillShop(dashboard, shop)).filter(screen => asked.test(screen.name))) {
      await dashboard.visit(path)
      await checkScreen(dashboard.page, name)
    }
  })
}
