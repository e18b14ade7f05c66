/** `gowarden policy`: what is in force here, and where it comes from. */
import type {Command} from 'commander'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'

export function registerPolicy(program: Command, {system}: VerbContext): void {
  program
    .command('policy')
    .option('--schema', 'print the JSON Schema of policy files, for editors')
    .option('--bypasses', 'show who bypassed gowarden and why, where policy requires a reason')
    .option('--json', 'print JSON')
    .description('show the policy in force here, and which line of which file set each value')
    .action(async (options: {schema?: true; bypasses?: true; json?: true}) => {
      if (options.schema) {
        const {packageFolder} = await import('../system/package-folder.ts')
        const {readSchema} = await import('../policy/schema.ts')
        system.stdout(readSchema(system, packageFolder))
        return
      }
      if (options.bypasses) {
        const {bypassesHere} = await import('../policy/in-force.ts')
        const {bypassesText} = await import('../policy/text.ts')
        const bypasses = bypassesHere(system)
        system.stdout(options.json ? jsonText(bypasses) : bypassesText(bypasses))
        return
      }
      const {policyInForce} = await import('../policy/in-force.ts')
      const {policyText} = await import('../policy/text.ts')
      const policy = await policyInForce(system)
      system.stdout(options.json ? jsonText(policy) : policyText(policy))
    })
}
