/**
 * Which job of CI this is, as attributes: opentelemetry.io/docs/specs/semconv/registry/attributes/cicd and …/vcs. From the variables that
 * GitHub Actions, GitLab, Jenkins and Buildkite set; elsewhere there are none.
 */
import {withoutSecrets} from '../text/secrets.ts'
import type {Environment} from './settings.ts'

/** An attribute takes so many characters of a variable. */
const mostCharacters = 255

export function pipelineAttributes(env: Environment): Record<string, string> {
  const attributes = Object.entries(attributesOf(env)).flatMap(([name, value = '']) => {
    const text = withoutSecrets(value).slice(0, mostCharacters)
    return text === '' ? [] : [[name, text] as const]
  })
  return Object.fromEntries(attributes)
}

function attributesOf(env: Environment): Record<string, string | undefined> {
  if (env['GITHUB_ACTIONS'] === 'true') return ofGitHub(env)
  if (env['GITLAB_CI'] === 'true') return ofGitLab(env)
  if (env['BUILDKITE'] === 'true') return ofBuildkite(env)
  return env['JENKINS_URL'] ? ofJenkins(env) : {}
}

/** docs.github.com/actions/reference/variables-reference. In a pull request ref and revision are those of the merge that is built. */
function ofGitHub(env: Environment): Record<string, string | undefined> {
  const {GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = ''} = env
  const [owner, name] = repository.split('/')
  const url = server === '' || repository === '' ? undefined : `${server}/${repository}`
  const run = env['GITHUB_RUN_ID']
  return {
    'cicd.pipeline.name': env['GITHUB_WORKFLOW'],
    'cicd.pipeline.run.id': run,
    'cicd.pipeline.run.url.full': url === undefined || !run ? undefined : `${url}/actions/runs/${run}`,
    'cicd.pipeline.task.name': env['GITHUB_JOB'],
    'cicd.worker.name': env['RUNNER_NAME'],
    'vcs.provider.name': 'github',
    'vcs.owner.name': owner,
    'vcs.repository.name': name,
    'vcs.repository.url.full': url,
    'vcs.ref.head.name': env['GITHUB_REF_NAME'],
    'vcs.ref.head.type': env['GITHUB_REF_TYPE'],
    'vcs.ref.head.revision': env['GITHUB_SHA'],
    'vcs.ref.base.name': env['GITHUB_BASE_REF'],
    'vcs.change.id': /^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '')?.[1],
  }
}

/** docs.gitlab.com/ci/variables/predefined_variables */
function ofGitLab(env: Environment): Record<string, string | undefined> {
  return {
    'cicd.pipeline.name': env['CI_PIPELINE_NAME'],
    'cicd.pipeline.run.id': env['CI_PIPELINE_ID'],
    'cicd.pipeline.run.url.full': env['CI_PIPELINE_URL'],
    'cicd.pipeline.task.name': env['CI_JOB_NAME'],
    'cicd.pipeline.task.run.id': env['CI_JOB_ID'],
    'cicd.pipeline.task.run.url.full': env['CI_JOB_URL'],
    'cicd.worker.id': env['CI_RUNNER_ID'],
    'cicd.worker.name': env['CI_RUNNER_DESCRIPTION'],
    'vcs.provider.name': 'gitlab',
    'vcs.owner.name': env['CI_PROJECT_NAMESPACE'],
    'vcs.repository.name': env['CI_PROJECT_NAME'],
    'vcs.repository.url.full': env['CI_PROJECT_URL'],
    'vcs.ref.head.name': env['CI_COMMIT_REF_NAME'],
    'vcs.ref.head.type': env['CI_COMMIT_TAG'] ? 'tag' : 'branch',
    'vcs.ref.head.revision': env['CI_COMMIT_SHA'],
    'vcs.ref.base.name': env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'],
    'vcs.change.id': env['CI_MERGE_REQUEST_IID'],
  }
}

/** buildkite.com/docs/pipelines/configure/environment-variables */
function ofBuildkite(env: Environment): Record<string, string | undefined> {
  return {
    'cicd.pipeline.name': env['BUILDKITE_PIPELINE_SLUG'],
    'cicd.pipeline.run.id': env['BUILDKITE_BUILD_ID'],
    'cicd.pipeline.run.url.full': env['BUILDKITE_BUILD_URL'],
    'cicd.pipeline.task.name': env['BUILDKITE_STEP_KEY'] || env['BUILDKITE_LABEL'],
    'cicd.pipeline.task.run.id': env['BUILDKITE_JOB_ID'],
    'cicd.worker.name': env['BUILDKITE_AGENT_NAME'],
    'vcs.repository.url.full': env['BUILDKITE_REPO'],
    'vcs.ref.head.name': env['BUILDKITE_TAG'] || env['BUILDKITE_BRANCH'],
    'vcs.ref.head.type': env['BUILDKITE_TAG'] ? 'tag' : 'branch',
    'vcs.ref.head.revision': env['BUILDKITE_COMMIT'],
    'vcs.change.id': /^\d+$/.exec(env['BUILDKITE_PULL_REQUEST'] ?? '')?.[0],
  }
}

/** jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables, and the Git plugin's. */
function ofJenkins(env: Environment): Record<string, string | undefined> {
  return {
    'cicd.pipeline.name': env['JOB_NAME'],
    'cicd.pipeline.run.id': env['BUILD_ID'],
    'cicd.pipeline.run.url.full': env['BUILD_URL'],
    'cicd.pipeline.task.name': env['STAGE_NAME'],
    'cicd.worker.name': env['NODE_NAME'],
    'vcs.repository.url.full': env['GIT_URL'],
    'vcs.ref.head.name': env['BRANCH_NAME'] || env['GIT_BRANCH'],
    'vcs.ref.head.revision': env['GIT_COMMIT'],
    'vcs.ref.base.name': env['CHANGE_TARGET'],
    'vcs.change.id': env['CHANGE_ID'],
  }
}
