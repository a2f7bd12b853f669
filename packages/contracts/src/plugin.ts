import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { descriptionSchema, nameSchema, semanticVersionSchema, sha256Schema, uniqueArray } from './text.ts';

/** How a plugin runs: a list of rules, a script in a WebAssembly interpreter, or a process of its own. */
export const pluginRuntimeSchema = z.enum(['rules', 'wasm', 'process']);
export type PluginRuntime = z.infer<typeof pluginRuntimeSchema>;

/** Where a plugin stands. `pending` waits for an Admin's approval. */
export const pluginStateSchema = z.enum(['pending', 'enabled', 'disabled', 'rejected']);
export type PluginState = z.infer<typeof pluginStateSchema>;

/** What a plugin may be given or may do. Nothing that is not granted is handed over. */
export const pluginPermissionSchema = z.enum([
  'read_cookies',
  'read_storage',
  'read_requests',
  'read_pages',
  'classify_cookies',
  'raise_findings',
]);
export type PluginPermission = z.infer<typeof pluginPermissionSchema>;

/** What a plugin says about itself. */
export const pluginManifestSchema = z.strictObject({
  /** Unique on the platform: lower-case words with hyphens. */
  key: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'write lower-case words with hyphens')
    .max(64),
  name: nameSchema,
  version: semanticVersionSchema,
  description: descriptionSchema.default(''),
  runtime: pluginRuntimeSchema,
  /** File to begin with, relative to the plugin's folder and inside it. */
  entry: z
    .string()
    .max(200)
    .regex(/^(?!\.)[\w.-]+(?:\/(?!\.)[\w.-]+)*$/, 'is not the path of a file inside the plugin'),
  permissions: uniqueArray(pluginPermissionSchema),
});
export type PluginManifest = z.infer<typeof pluginManifestSchema>;

/** One version of a plugin in the registry. */
export const pluginSchema = z.object({
  id: idSchema,
  manifest: pluginManifestSchema,
  sourceSha256: sha256Schema,
  /** A part of what the manifest asks for. */
  permissionsGranted: z.array(pluginPermissionSchema),
  state: pluginStateSchema,
  /** Workspaces it runs for; null for all. */
  workspaceIds: z.array(idSchema).nullable(),
  ...rowTimes,
});
export type Plugin = z.infer<typeof pluginSchema>;
