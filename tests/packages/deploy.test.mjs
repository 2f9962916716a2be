// The compose file and the manifests for Kubernetes: held against the published schemas, and
// against the service itself.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { payments_program, root } from '../../scripts/platform.mjs';
import { said } from './packaged.mjs';
import { wrong_in_compose, wrong_in_manifest } from './schemas.mjs';

const deploy = join(root, 'deploy');
const text_of = (name) => readFile(join(deploy, name), 'utf8');
const manifests_of = async (name) =>
  parseAllDocuments(await text_of(`kubernetes/${name}`)).map((document) => {
    assert.deepEqual(document.errors, [], name);
    return document.toJS();
  });

let settings, manifests, compose;
before(async () => {
  settings = new Set();
  for (const line of (await said(payments_program, ['settings'])).split('\n')) {
    const [name] = line.match(/^PAYMENTS_\w+/) ?? [];
    if (!name) continue;
    settings.add(name);
    if (line.includes('(secret')) settings.add(`${name}_FILE`);
  }
  manifests = [];
  for (const name of ['settings.yaml', 'migrate.yaml', 'payments.yaml'])
    manifests.push(...await manifests_of(name));
  compose = parse(await text_of('compose.yaml'), { merge: true });
});

// Debian's Prometheus cannot look for pods, so that it is given a fixed address in their place.
async function is_read_by_prometheus({ kubernetes_sd_configs: [{ role }], ...job }) {
  assert.equal(role, 'pod');
  const place = await mkdtemp(join(tmpdir(), 'ozora-prometheus-'));
  const static_configs = [{ targets: ['127.0.0.1:8080'] }];
  const file = join(place, 'prometheus.yml');
  await writeFile(file, stringify({ scrape_configs: [{ ...job, static_configs }] }));
  await said('promtool', ['check', 'config', file]);
  await rm(place, { recursive: true });
}

const of_kind = (kind) => manifests.find((each) => each.kind === kind);
const pods = () => [of_kind('Deployment'), of_kind('Job')].map(({ spec }) => spec.template.spec);

describe('the manifests for Kubernetes', () => {
  it('are what the schemas of Kubernetes allow, and have no member beside them', async () => {
    assert.deepEqual(manifests.map(({ kind }) => kind), [
      'Namespace', 'ConfigMap', 'Secret', 'Job', 'Deployment', 'Service', 'PodDisruptionBudget',
      'HorizontalPodAutoscaler',
    ]);
    for (const manifest of manifests)
      assert.deepEqual(await wrong_in_manifest(manifest), [], manifest.kind);
  });

  it('are not, with a member misspelt, a wrong type or one that is missing', async () => {
    const spoilt = (kind, spoil) => {
      const manifest = structuredClone(of_kind(kind));
      spoil(manifest.spec);
      return wrong_in_manifest(manifest);
    };
    const container = (spec) => spec.template.spec.containers[0];
    const found = [
      await spoilt('Deployment', (spec) => { container(spec).readyProbe = {}; }),
      await spoilt('Deployment', (spec) => { container(spec).securityContext.readOnly = true; }),
      await spoilt('Job', (spec) => { spec.backoffLimit = 'three'; }),
      await spoilt('HorizontalPodAutoscaler', (spec) => { delete spec.maxReplicas; }),
    ];
    for (const wrong of found) assert.notDeepEqual(wrong, []);
  });

  it('pass the restricted pod security standard', () => {
    for (const pod of pods()) {
      assert.equal(pod.securityContext.runAsNonRoot, true);
      assert.deepEqual(pod.securityContext.seccompProfile, { type: 'RuntimeDefault' });
      assert.ok(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC);
      for (const { securityContext } of pod.containers) {
        assert.equal(securityContext.allowPrivilegeEscalation, false);
        assert.equal(securityContext.readOnlyRootFilesystem, true);
        assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] });
      }
      for (const volume of pod.volumes) assert.ok(volume.secret || volume.emptyDir);
    }
  });

  it('run as the user of the image', async () => {
    const file = await readFile(join(root, 'packaging/Containerfile'), 'utf8');
    const [, user, group] = file.match(/^USER (\d+):(\d+)$/m).map(Number);
    for (const { securityContext: { runAsUser, runAsGroup } } of pods())
      assert.deepEqual([runAsUser, runAsGroup], [user, group]);
    assert.equal(compose.services.payments.user, `${user}:${group}`);
  });

  it('find one another by their labels and names', () => {
    const deployment = of_kind('Deployment');
    const labels = deployment.spec.template.metadata.labels;
    assert.deepEqual(deployment.spec.selector.matchLabels, labels);
    assert.deepEqual(of_kind('Service').spec.selector, labels);
    assert.deepEqual(of_kind('PodDisruptionBudget').spec.selector.matchLabels, labels);
    assert.notDeepEqual(of_kind('Job').spec.template.metadata.labels, labels);
    const target = of_kind('HorizontalPodAutoscaler').spec.scaleTargetRef;
    assert.deepEqual([target.kind, target.name], ['Deployment', deployment.metadata.name]);
    const [{ name, containerPort }] = deployment.spec.template.spec.containers[0].ports;
    assert.equal(of_kind('Service').spec.ports[0].targetPort, name);
    assert.equal(containerPort, Number(of_kind('ConfigMap').data.PAYMENTS_LISTEN.split(':')[1]));
    const files = Object.keys(of_kind('Secret').stringData);
    for (const pod of pods()) {
      const [{ envFrom: [{ configMapRef }], volumeMounts: [{ mountPath }] }] = pod.containers;
      assert.equal(configMapRef.name, of_kind('ConfigMap').metadata.name);
      assert.equal(pod.volumes[0].secret.secretName, of_kind('Secret').metadata.name);
      for (const value of Object.values(of_kind('ConfigMap').data))
        if (value.startsWith(`${mountPath}/`))
          assert.ok(files.includes(value.slice(mountPath.length + 1)), value);
    }
  });

  it('ask for what the service answers, and give it the time it takes', async () => {
    const contract = parse(await readFile(join(root, 'openapi.yaml'), 'utf8'));
    const [pod] = pods();
    const [container] = pod.containers;
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      assert.ok(contract.paths[container[probe].httpGet.path].get, probe);
    const listed = await said(payments_program, ['settings']);
    const drain = listed.match(/PAYMENTS_DRAIN_MS[^;]*; default (\d+)/);
    const slept_s = container.lifecycle.preStop.sleep.seconds;
    assert.ok(pod.terminationGracePeriodSeconds > slept_s + Number(drain[1]) / 1000);
  });

  it('scale by a metric that the service has, as Prometheus and the adapter name it', async () => {
    const [{ pods: { metric } }] = of_kind('HorizontalPodAutoscaler').spec.metrics;
    const [{ rules: [rule] }] = await manifests_of('prometheus-adapter.yaml');
    assert.equal(rule.name.as, metric.name);
    const [series] = rule.seriesQuery.split('{');
    const operations = await readFile(join(root, 'docs/operations.md'), 'utf8');
    assert.match(operations, new RegExp(`\\| \`${series}\` \\| \`operation\``));
    const [{ scrape_configs: [job] }] = await manifests_of('prometheus.yaml');
    await is_read_by_prometheus(job);
    const rules = await text_of('prometheus/rules.yml');
    assert.ok(rules.includes(`job="${job.job_name}"`));
    const given = job.relabel_configs.map(({ target_label }) => target_label).filter(Boolean);
    assert.deepEqual(given, Object.keys(rule.resources.overrides));
  });
});

describe('the compose file', () => {
  it('is what the schema of Compose allows, and nothing else would be', async () => {
    assert.deepEqual(await wrong_in_compose(compose), []);
    const spoilt = structuredClone(compose);
    spoilt.services.payments.readonly = true;
    assert.notDeepEqual(await wrong_in_compose(spoilt), []);
  });

  it('has the schema migrated before the service starts, which nobody can write into', () => {
    const { payments, migrate } = compose.services;
    assert.equal(payments.depends_on.migrate.condition, 'service_completed_successfully');
    assert.equal(migrate.depends_on.postgres.condition, 'service_healthy');
    assert.deepEqual([payments.read_only, payments.cap_drop], [true, ['ALL']]);
    for (const name of payments.secrets) assert.ok(compose.secrets[name], name);
  });
});

describe('settings', () => {
  it('that are set exist', () => {
    const named = [
      ...Object.keys(of_kind('ConfigMap').data),
      ...of_kind('Deployment').spec.template.spec.containers[0].env.map(({ name }) => name),
      ...Object.keys(compose.services.payments.environment),
    ];
    assert.ok(named.length > 20);
    for (const name of named) assert.ok(settings.has(name), name);
  });
});
