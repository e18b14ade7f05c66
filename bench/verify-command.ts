/** `gowarden verify` and nothing else, bundled by bench/verify.ts into dist/. */
import {Command} from 'commander'
import {registerVerify} from '../src/commands/verify-cli.ts'
import {nodeSystem} from '../src/system.ts'

const program = new Command('gowarden')
registerVerify(program, nodeSystem(), {
  version: 'bench',
  policy: () => ({levels: {}}),
  exit: code => {
    process.exitCode = code
  },
})
await program.parseAsync()
