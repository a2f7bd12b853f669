// Code that runs inside documents, before any of theirs. It is text, because it must not share anything with ours.

/**
 * Script that gives a document of the headless browser what the same browser has when it has a window: the `chrome`
 * object, and the viewer for PDF files among its plugins. Scripts that set cookies for people only ask for these.
 * Where the browser has them itself nothing changes.
 */
export const ORDINARY_BROWSER_SOURCE = `(() => {
  'use strict';
  const { apply, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
  const { create } = Object;
  const ProxyConstructor = Proxy;
  const { now, timing } = performance;
  const clock = performance;

  // A proxy of a function shows as native code, as the browser's own do.
  const native = (work) => new ProxyConstructor(work, { __proto__: null });
  const value = (object, name, value, enumerable) =>
    defineProperty(object, name, { __proto__: null, value, enumerable, writable: true, configurable: true });

  if (!('chrome' in globalThis)) {
    const seconds = () => (timing.navigationStart + apply(now, clock, [])) / 1000;
    const startedAt = seconds();
    const chrome = {};
    value(chrome, 'loadTimes', native(() => ({
      requestTime: startedAt, startLoadTime: startedAt, commitLoadTime: startedAt, finishDocumentLoadTime: seconds(),
      finishLoadTime: seconds(), firstPaintTime: seconds(), firstPaintAfterLoadTime: 0, navigationType: 'Other',
      wasFetchedViaSpdy: true, wasNpnNegotiated: true, npnNegotiatedProtocol: 'h2', wasAlternateProtocolAvailable: false,
      connectionInfo: 'h2',
    })), true);
    value(chrome, 'csi', native(() => ({
      startE: timing.navigationStart, onloadT: timing.domContentLoadedEventEnd,
      pageT: apply(now, clock, []), tran: 15,
    })), true);
    value(chrome, 'app', { isInstalled: false }, true);
    value(globalThis, 'chrome', chrome, true);
  }

  const permission = globalThis.Notification && getOwnPropertyDescriptor(Notification, 'permission');
  if (permission?.get) {
    const isOwnPage = () => {
      try {
        return globalThis.top.origin === globalThis.origin;
      } catch {
        return false;
      }
    };
    const handler = {
      __proto__: null,
      // Nobody was asked yet; frames of other sites have no say in any browser.
      apply: (getter, self) => {
        const given = apply(getter, self, []);
        return given === 'denied' && isSecureContext && isOwnPage() ? 'default' : given;
      },
    };
    defineProperty(Notification, 'permission', { ...permission, get: new ProxyConstructor(permission.get, handler) });
  }

  const navigatorType = globalThis.Navigator?.prototype;
  const pluginsGetter = navigatorType && getOwnPropertyDescriptor(navigatorType, 'plugins');
  if (!pluginsGetter?.get || apply(pluginsGetter.get, navigator, []).length > 0) return;

  const list = (type, items, nameOf) => {
    const made = create(type.prototype);
    let index = 0;
    for (const item of items) {
      value(made, index, item, true);
      value(made, nameOf(item), item, false);
      index += 1;
    }
    value(made, 'length', index, false);
    value(made, 'item', native((at) => made[at >>> 0] ?? null), false);
    value(made, 'namedItem', native((name) => (ownKeys(made).includes(name) ? made[name] : null)), false);
    return made;
  };
  const viewer = (name) => {
    const plugin = create(Plugin.prototype);
    value(plugin, 'name', name, false);
    value(plugin, 'filename', 'internal-pdf-viewer', false);
    value(plugin, 'description', 'Portable Document Format', false);
    return plugin;
  };
  const mimeType = (type, plugin) => {
    const made = create(MimeType.prototype);
    value(made, 'type', type, false);
    value(made, 'suffixes', 'pdf', false);
    value(made, 'description', 'Portable Document Format', false);
    value(made, 'enabledPlugin', plugin, false);
    return made;
  };
  let pdf;
  const pdfViewer = () => {
    if (pdf) return pdf;
    const viewers = ['PDF Viewer', 'Chrome PDF Viewer', 'Chromium PDF Viewer', 'Microsoft Edge PDF Viewer',
      'WebKit built-in PDF'].map(viewer);
    const types = ['application/pdf', 'text/pdf'].map((type) => mimeType(type, viewers[0]));
    for (const plugin of viewers) {
      value(plugin, 'length', types.length, false);
      types.forEach((type, index) => value(plugin, index, type, true));
    }
    pdf = {
      plugins: list(PluginArray, viewers, ({ name }) => name),
      mimeTypes: list(MimeTypeArray, types, ({ type }) => type),
    };
    value(pdf.plugins, 'refresh', native(() => undefined), false);
    return pdf;
  };
  const answer = (name, answerOf) => {
    const descriptor = getOwnPropertyDescriptor(navigatorType, name);
    if (!descriptor?.get) return;
    const handler = {
      __proto__: null,
      // Asking the browser first keeps its error for anything that is no navigator.
      apply: (getter, self) => (apply(getter, self, []), answerOf()),
    };
    defineProperty(navigatorType, name, { ...descriptor, get: new ProxyConstructor(descriptor.get, handler) });
  };
  answer('plugins', () => pdfViewer().plugins);
  answer('mimeTypes', () => pdfViewer().mimeTypes);
  answer('pdfViewerEnabled', () => true);
})();`;
