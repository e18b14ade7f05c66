/** The files that `gowarden init` makes whole. */

/** Where the schema lies for editors, in a repository without gowarden in node_modules. */
export const schemaPath = '.gowarden/schema.json'

/** .gowardenrc.yaml with every choice as a comment: what is in force is the default until somebody chooses. */
export function policyText(hasSchemaInNodeModules: boolean): string {
  const schema = hasSchemaInNodeModules ? './node_modules/gowarden/config/schema.json' : `./${schemaPath}`
  return `# yaml-language-server: $schema=${schema}
# What gowarden requires in this repository. Nothing in this file is run. All keys: gowarden policy --schema
# Uncomment what you want.

# A build cache that another GOROOT populated: refuse (default), isolate (one cache for each toolchain), share
# cache: isolate

# The toolchain's hash in every binary: on (default), required (refuse what cannot carry it), off
# stamp: required

# The toolchain that may compile: as go.mod says, a release or a range; proven: only what Go's checksum database knows
# toolchain:
#   version: go.mod             # or ">=go1.25.3 <go1.27"
#   proven: true

# Flags and variables to refuse, whether on the command line, in GOFLAGS, in the environment or by go env -w
# flags:
#   deny: [-mod=mod, -toolexec, -overlay]
# env:
#   deny: [GONOSUMDB, GOSUMDB=off]

# The oldest gowarden that may judge this repository; an older one refuses, and names the command that updates it
# gowarden: ">=0.1"

# Bypassing gowarden with GOWARDEN=off: free (default), reason (needs GOWARDEN_REASON, and is recorded)
# bypass: reason

# Findings of gowarden verify that are warnings here and may be raised: gowarden explain CODE
# levels:
#   SUM_SURPLUS: error

# verify:
#   toolchainLine: forbidden    # or required: the toolchain line of go.mod
#   modFiles: [tools.mod]       # files for go's -modfile, proven with their .sum
#   exclude: [templates]        # directories that hold no modules of this repository
#   vendorExtra: ["**/BUILD.bazel"]  # what other tools write beside vendored files
`
}

/** .github/workflows/gowarden.yml, with the action under the name that the caller gave: `OWNER/gowarden@REV`. */
export function workflowText(action: string): string {
  return `# Proves go.sum and vendor/ of every commit of a push or pull request.
name: gowarden
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  verify:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          fetch-depth: 0
      - uses: actions/setup-go@v6
        with:
          go-version: stable
      - uses: ${action}
`
}

/** Whether a text is what workflowText makes, with whatever action. */
export function isWorkflowText(text: string): boolean {
  const action = text.match(/^ {6}- uses: (\S+)\n$(?![\s\S])/m)?.[1]
  return action !== undefined && workflowText(action) === text
}
