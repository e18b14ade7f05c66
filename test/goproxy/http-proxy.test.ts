import * as assert from 'uvu/assert'
import {routeTo} from '../../src/goproxy/http-proxy.ts'
import {suite} from '../support/suite.ts'

const proxies = {HTTPS_PROXY: 'http://secure.example:3128', http_proxy: 'plain.example'}

function shown(url: string, env: Record<string, string>): string {
  const route = routeTo(new URL(url), env)
  return route.kind === 'through' ? route.proxy.href : route.kind === 'broken' ? route.reason : 'straight'
}

suite('goproxy/http-proxy', test => {
  const routes: [url: string, env: Record<string, string>, route: string][] = [
    ['https://proxy.golang.org/x', proxies, 'http://secure.example:3128/'],
    ['http://proxy.golang.org/x', proxies, 'http://plain.example/'],
    ['https://proxy.golang.org/x', {}, 'straight'],
    ['https://localhost/x', proxies, 'straight'],
    ['https://127.0.0.1:8080/x', proxies, 'straight'],
    ['https://[::1]/x', proxies, 'straight'],
    ['https://a.corp.example/x', {...proxies, NO_PROXY: 'corp.example'}, 'straight'],
    ['https://corp.example/x', {...proxies, no_proxy: 'corp.example'}, 'straight'],
    ['https://corp.example/x', {...proxies, NO_PROXY: '.corp.example'}, 'http://secure.example:3128/'],
    ['https://notcorp.example/x', {...proxies, NO_PROXY: 'corp.example'}, 'http://secure.example:3128/'],
    [
      'https://corp.example:8443/x',
      {...proxies, NO_PROXY: 'corp.example:443'},
      'http://secure.example:3128/',
    ],
    ['https://corp.example/x', {...proxies, NO_PROXY: 'a, corp.example:443'}, 'straight'],
    ['https://10.1.2.3/x', {...proxies, NO_PROXY: '10.0.0.0/8'}, 'straight'],
    ['https://11.1.2.3/x', {...proxies, NO_PROXY: '10.0.0.0/8'}, 'http://secure.example:3128/'],
    ['https://a.example/x', {...proxies, NO_PROXY: '*'}, 'straight'],
    ['https://a.example/x', {...proxies, NO_PROXY: 'b.example,*'}, 'straight'],
    ['https://a.corp.example/x', {...proxies, NO_PROXY: '*.corp.example'}, 'straight'],
    ['https://corp.example/x', {...proxies, NO_PROXY: '*.corp.example'}, 'http://secure.example:3128/'],
    ['https://A.Corp.Example/x', {...proxies, NO_PROXY: '.CORP.example'}, 'straight'],
    ['http://a.corp.example:8080/x', {...proxies, NO_PROXY: '.corp.example:8080'}, 'straight'],
    ['http://a.corp.example/x', {...proxies, NO_PROXY: '.corp.example:8080'}, 'http://plain.example/'],
    ['https://10.1.2.3:8443/x', {...proxies, NO_PROXY: '10.1.2.3:8443'}, 'straight'],
    ['https://10.1.2.3/x', {...proxies, NO_PROXY: '10.1.2.3:8443'}, 'http://secure.example:3128/'],
    ['https://110.1.2.3/x', {...proxies, NO_PROXY: '10.1.2.3'}, 'http://secure.example:3128/'],
    ['https://[2001:db8::1]/x', {...proxies, NO_PROXY: '2001:db8:0:0::1'}, 'straight'],
    ['https://[2001:db8::1]:8443/x', {...proxies, NO_PROXY: '[2001:db8::1]:8443'}, 'straight'],
    ['https://[2001:db8::1]/x', {...proxies, NO_PROXY: '[2001:db8::1]:8443'}, 'http://secure.example:3128/'],
    ['https://[2001:db8::1]/x', {...proxies, NO_PROXY: '2001:db8::/32'}, 'straight'],
    ['https://a.example/x', {...proxies, NO_PROXY: ',:443, ,.'}, 'http://secure.example:3128/'],
    [
      'https://a.example/x',
      {HTTPS_PROXY: 'socks5://s.example'},
      'HTTPS_PROXY names a proxy of socks5://, and only http and https are known',
    ],
  ]
  for (const [url, env, route] of routes)
    test(`${url} ${env['NO_PROXY'] ?? ''}`, () => assert.is(shown(url, env), route))
})
