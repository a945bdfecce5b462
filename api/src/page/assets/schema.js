// What a write accepts, read from the server's own OpenAPI document: the forms here follow it and never lag behind.

import { read } from './api.js';

let document = null;

/** The JSON body of one operation as `[{name, kind, required, nullable, values, text}]`, or null where the document does not say. */
export async function bodyFields(method, path) {
  document ??= read('/openapi.json').catch(() => null);
  const api = await document;
  const body = api?.paths?.[path]?.[method]?.requestBody?.content?.['application/json']?.schema;
  const { properties, required = [] } = body ? resolve(api, body) : {};
  if (!properties) return null;
  return Object.entries(properties).map(([name, schema]) => field(api, name, schema, required.includes(name)));
}

/** Fields guessed from values alone, for a server whose document is silent. */
export function guessedFields(values) {
  return Object.entries(values).map(([name, value]) => ({ name, kind: kindOfValue(value), required: false, nullable: value === null }));
}

// `$ref`, `allOf` of objects and "X or null" come out as one plain schema.
function resolve(api, schema) {
  if (schema.$ref) {
    const target = schema.$ref.split('/').slice(1).reduce((node, key) => node?.[key], api) ?? {};
    return { ...resolve(api, target), ...(schema.description && { description: schema.description }) };
  }
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => resolve(api, part));
    return parts.reduce(
      (all, part) => ({ ...all, ...part, properties: { ...all.properties, ...part.properties }, required: [...(all.required ?? []), ...(part.required ?? [])] }),
      {},
    );
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    const real = choices.filter(({ type }) => type !== 'null').map((part) => resolve(api, part));
    const nullable = real.length < choices.length;
    return real.length === 1 ? { ...real[0], nullable } : { nullable, description: schema.description, mixed: true };
  }
  return schema;
}

function field(api, name, schema, required) {
  const plain = resolve(api, schema);
  const types = [plain.type].flat().filter(Boolean);
  const items = plain.items && resolve(api, plain.items);
  return {
    name,
    required,
    nullable: Boolean(plain.nullable) || types.includes('null'),
    kind: kindOf(plain, types.find((type) => type !== 'null'), items),
    values: plain.enum?.filter((value) => value !== null),
    text: plain.description,
    min: plain.minimum,
    max: plain.maximum,
    maxLength: plain.maxLength,
    readOnly: Boolean(plain.readOnly),
  };
}

function kindOf(plain, type, items) {
  if (plain.mixed || type === 'object') return 'json';
  if (plain.enum) return 'enum';
  if (type === 'integer' || type === 'number' || type === 'boolean') return type;
  if (type === 'array') return items && [items.type].flat().includes('string') ? 'list' : 'json';
  if (plain.format === 'date') return 'date';
  if (plain.format === 'date-time') return 'instant';
  if (plain.format === 'time' || /^\^?\(?\[?[01]/.test(plain.pattern ?? '')) return 'time';
  return type === 'string' ? 'string' : 'json';
}

/** What a value looks like. */
export function kindOfValue(value) {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? 'list' : 'json';
  if (value && typeof value === 'object') return 'json';
  if (/^\d{4}-\d\d-\d\dT/.test(value ?? '')) return 'instant';
  if (/^\d{4}-\d\d-\d\d$/.test(value ?? '')) return 'date';
  return /^\d\d:\d\d(:\d\d)?$/.test(value ?? '') ? 'time' : 'string';
}
