import { KNOWN_MAX } from './hook-basics.ts';

/** Part of the fingerprinting hook: what WebGL is asked about the machine that draws. */
export const WEBGL_HOOK = `
  // WebGL: what it is asked about the machine that draws.
  const parameters = dictionary();
  let parameterCount = 0;
  const noteParameter = (key) => {
    if (parameters[key] || parameterCount >= ${KNOWN_MAX}) return;
    parameters[key] = true;
    parameterCount += 1;
    newParameters += 1;
  };
  const watchWebgl = (prototype) => {
    wrap(prototype, 'getParameter', 'value', (native, self, args) => {
      const result = apply(native, self, args);
      const parameter = args[0];
      note(parameter === 37446 || parameter === 37445
        ? 'WebGLRenderingContext.getParameter(unmasked)' : 'WebGLRenderingContext.getParameter');
      if (typeof parameter === 'number') noteParameter(parameter);
      return result;
    });
    wrap(prototype, 'getExtension', 'value', (native, self, args) => {
      const result = apply(native, self, args);
      note('WebGLRenderingContext.getExtension');
      if (typeof args[0] === 'string') noteParameter(args[0]);
      return result;
    });
    for (const name of ['getSupportedExtensions', 'getShaderPrecisionFormat', 'getContextAttributes', 'readPixels'])
      wrap(prototype, name, 'value', counting('WebGLRenderingContext.' + name));
  };
  watchWebgl(global.WebGLRenderingContext?.prototype);
  watchWebgl(global.WebGL2RenderingContext?.prototype);
`;
