import * as names from '@opentelemetry/semantic-conventions/incubating'
import * as assert from 'uvu/assert'
import {pipelineAttributes} from '../../src/traces/pipeline.ts'
import {suite} from '../support/suite.ts'

const gitHub = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_WORKFLOW: 'build',
  GITHUB_RUN_ID: '17',
  GITHUB_JOB: 'test',
  GITHUB_REF: 'refs/pull/12/merge',
  GITHUB_REF_NAME: '12/merge',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_BASE_REF: 'main',
  GITHUB_SHA: 'abc',
  RUNNER_NAME: 'r1',
}

const gitLab = {
  GITLAB_CI: 'true',
  CI_PIPELINE_NAME: 'build',
  CI_PIPELINE_ID: '17',
  CI_PIPELINE_URL: 'https://gitlab.example/acme/shop/-/pipelines/17',
  CI_JOB_NAME: 'test',
  CI_JOB_ID: '18',
  CI_JOB_URL: 'https://gitlab.example/acme/shop/-/jobs/18',
  CI_RUNNER_ID: '3',
  CI_RUNNER_DESCRIPTION: 'r1',
  CI_PROJECT_NAMESPACE: 'acme',
  CI_PROJECT_NAME: 'shop',
  CI_PROJECT_URL: 'https://gitlab.example/acme/shop',
  CI_COMMIT_REF_NAME: 'v1',
  CI_COMMIT_TAG: 'v1',
  CI_COMMIT_SHA: 'abc',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  CI_MERGE_REQUEST_IID: '12',
  CI_JOB_TOKEN: 'secret',
}

const buildkite = {
  BUILDKITE: 'true',
  BUILDKITE_PIPELINE_SLUG: 'shop',
  BUILDKITE_BUILD_ID: '17',
  BUILDKITE_BUILD_URL: 'https://buildkite.example/17',
  BUILDKITE_LABEL: 'test',
  BUILDKITE_JOB_ID: '18',
  BUILDKITE_AGENT_NAME: 'r1',
  BUILDKITE_REPO: 'git@github.com:acme/shop',
  BUILDKITE_BRANCH: 'main',
  BUILDKITE_COMMIT: 'abc',
  BUILDKITE_PULL_REQUEST: 'false',
}

const jenkins = {
  JENKINS_URL: 'https://jenkins.example/',
  JOB_NAME: 'shop/main',
  BUILD_ID: '17',
  BUILD_URL: 'https://jenkins.example/job/shop/17/',
  STAGE_NAME: 'test',
  NODE_NAME: 'r1',
  GIT_URL: 'https://bot:secret@git.example/acme/shop.git',
  GIT_BRANCH: 'origin/main',
  GIT_COMMIT: 'abc',
  CHANGE_TARGET: 'main',
  CHANGE_ID: '12',
}

const known = new Set<string>(Object.values(names).filter(value => typeof value === 'string'))

suite('traces/pipeline', test => {
  test('outside of CI there is nothing to say', () => {
    assert.equal(pipelineAttributes({JOB_NAME: 'x', GIT_URL: 'x', GITHUB_ACTIONS: 'false'}), {})
  })

  test('a pull request of GitHub', () => {
    assert.equal(pipelineAttributes(gitHub), {
      'cicd.pipeline.name': 'build',
      'cicd.pipeline.run.id': '17',
      'cicd.pipeline.run.url.full': 'https://github.com/acme/shop/actions/runs/17',
      'cicd.pipeline.task.name': 'test',
      'cicd.worker.name': 'r1',
      'vcs.provider.name': 'github',
      'vcs.owner.name': 'acme',
      'vcs.repository.name': 'shop',
      'vcs.repository.url.full': 'https://github.com/acme/shop',
      'vcs.ref.head.name': '12/merge',
      'vcs.ref.head.type': 'branch',
      'vcs.ref.head.revision': 'abc',
      'vcs.ref.base.name': 'main',
      'vcs.change.id': '12',
    })
  })

  for (const [name, env, revision] of [
    ['GitLab', gitLab, 'abc'],
    ['Buildkite', buildkite, 'abc'],
    ['Jenkins', jenkins, 'abc'],
  ] as const) {
    test(`${name}: the job, the revision, and no secret`, () => {
      const attributes = pipelineAttributes(env)
      assert.is(attributes['cicd.pipeline.run.id'], '17')
      assert.is(attributes['cicd.pipeline.task.name'], 'test')
      assert.is(attributes['cicd.worker.name'], 'r1')
      assert.is(attributes['vcs.ref.head.revision'], revision)
      assert.not.match(JSON.stringify(attributes), 'secret')
    })
  }

  test('what is missing or empty is left out, and what is long is cut', () => {
    const attributes = pipelineAttributes({
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKFLOW: 'x'.repeat(300),
      GITHUB_JOB: '',
    })
    assert.equal(attributes, {'cicd.pipeline.name': 'x'.repeat(255), 'vcs.provider.name': 'github'})
  })

  test('every name is one of the semantic conventions', () => {
    const used = [gitHub, gitLab, buildkite, jenkins].flatMap(env => Object.keys(pipelineAttributes(env)))
    assert.ok(used.length > 40)
    assert.equal(
      used.filter(name => !known.has(name)),
      [],
    )
  })
})
