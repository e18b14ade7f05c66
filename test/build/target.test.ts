import * as assert from 'uvu/assert'
import {gorootOfCompiler} from '../../src/build/target.ts'
import {suite} from '../support/suite.ts'

const line = (compiler: string) =>
  `mkdir -p $WORK/b007/\ncd /x\n${compiler} -o $WORK/b007/_pkg_.a -trimpath "$WORK"\n`

const cases: [name: string, printed: string, goroot: string | undefined][] = [
  ['a compile command', line('/usr/local/go/pkg/tool/linux_amd64/compile'), '/usr/local/go'],
  ['a quoted one', line('"/opt/my go/pkg/tool/linux_amd64/compile"'), '/opt/my go'],
  ['no compile command', 'go: downloading x\n/usr/local/go/pkg/tool/linux_amd64/link -o x\n', undefined],
  ['a toolexec before it', line('garble /usr/local/go/pkg/tool/linux_amd64/compile'), undefined],
  ['nothing', '', undefined],
]

suite('build/target', test => {
  for (const [name, printed, goroot] of cases) test(name, () => assert.is(gorootOfCompiler(printed), goroot))
})
