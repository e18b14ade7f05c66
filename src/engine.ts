/**
 * Entry of the standalone executable, dist/gowarden: every program of gowarden in one file that needs no Node. bin/go and a
 * plan name a program by a first word, `=planner`, which no verb begins with; all else is the gowarden command.
 */
const programs: Record<string, () => Promise<unknown>> = {
  '=planner': () => import('./planner.ts'),
  '=bypass': () => import('./bypass.ts'),
  '=list-json': () => import('./list-json.ts'),
  // A file of its own in the executable, so that no other program starts later for it: the name is not for the bundler.
  '=send-traces': () => import(['.', 'send-traces.cjs'].join('/')),
}

// By these bin/go and bin/gowarden.sh told Bun when to compile; what is started from here is another program.
for (const name of ['BUN_JSC_thresholdForJITAfterWarmUp', 'BUN_JSC_thresholdForJITSoon'])
  delete process.env[name]

const named = programs[process.argv[2] ?? '']
if (named === undefined) void import('./cli.ts')
else {
  // A program reads its own words only.
  process.argv.splice(2, 1)
  void named()
}
