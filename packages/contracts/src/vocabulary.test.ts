import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import * as contracts from './index.ts';

const schemas = Object.entries<unknown>(contracts).flatMap(([name, value]): [string, z.ZodType][] =>
  value instanceof z.ZodType ? [[name, value]] : [],
);
const enums = schemas.flatMap(([name, schema]): [string, z.ZodEnum][] =>
  schema instanceof z.ZodEnum ? [[name, schema]] : [],
);
const inputs = schemas.filter(([name]) =>
  /(?:Create|Update|Change|Invite|Body|Preferences|Manifest|login)Schema$/.test(name),
);

/** Every object in a JSON Schema that would let an unknown key pass. */
function openObjects(schema: unknown, path = '#'): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const isOpen = 'properties' in schema && !('additionalProperties' in schema);
  const below = Object.entries(schema).flatMap(([key, value]) => openObjects(value, `${path}/${key}`));
  return isOpen ? [path, ...below] : below;
}

describe('the vocabulary', () => {
  it('has a model for every name that the platform was ordered with', () => {
    const models = [
      'ScanResult Cookie ScanParams ScanProgress ScanStatus ScanMode Schedule ScheduleFrequency ScheduleExecution',
      'Report ComplianceMetrics TrendData Anomaly ReportType ReportFormat Notification NotificationPreferences',
      'NotificationTemplate NotificationEvent NotificationChannel NotificationStatus User UserCreate UserUpdate ApiKey',
      'ApiKeyCreate Token TokenData UserRole ScanProfile ScanProfileCreate ScanProfileUpdate',
    ].flatMap((line) => line.split(' '));
    const names = new Set(schemas.map(([name]) => name));
    const schemaOf = (model: string) => `${model.charAt(0).toLowerCase()}${model.slice(1)}Schema`;
    expect(models.filter((model) => !names.has(schemaOf(model)))).toEqual([]);
  });

  it.each(enums)('has words without repetition that any language can hold: %s', (_name, { options }) => {
    expect(new Set(options).size).toBe(options.length);
    for (const word of options) expect(word).toMatch(/^[A-Za-z][A-Za-z0-9]*(?:[_:-][a-z]+)*$/);
  });

  it.each(schemas)('can be described as JSON Schema: %s', (_name, schema) => {
    expect(z.toJSONSchema(schema, { io: 'input' })).toBeInstanceOf(Object);
  });
});

describe('what comes from outside', () => {
  it('has bodies of its own', () => {
    expect(inputs.length).toBeGreaterThan(20);
  });

  it.each(inputs)('carries no unknown keys: %s', (_name, schema) => {
    const open = openObjects(z.toJSONSchema(schema, { io: 'input' }));
    // A recorded login is a file of another program, which adds keys of its own; those are dropped.
    expect(open.filter((path) => !path.includes('/properties/recording'))).toEqual([]);
  });
});
