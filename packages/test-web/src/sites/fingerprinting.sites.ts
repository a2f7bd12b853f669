import { html, inlineScript, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { truth } from '../truth-builders.ts';

const PROBE = 'https://canvas-probe-cdn.test/probe.js';

/** A handmade probe, as trackers carry it in their own code: one canvas, never shown. */
const canvasProbe: Site = {
  name: 'canvas-probe',
  url: 'https://canvas-probe.test/',
  summary: 'A third party draws a sentence in two colours on a canvas that nobody sees, and reads it back',
  routes: {
    'canvas-probe.test/': html(`<h1>Shop</h1><script src="${PROBE}"></script>`),
    'canvas-probe-cdn.test/probe.js': script(`
      const canvas = document.createElement('canvas');
      canvas.width = 240;
      canvas.height = 60;
      const pen = canvas.getContext('2d');
      pen.textBaseline = 'alphabetic';
      pen.fillStyle = '#f60';
      pen.fillRect(100, 1, 62, 20);
      pen.fillStyle = '#069';
      pen.font = '11pt no-real-font-123';
      pen.fillText('Cwm fjordbank glyphs vext quiz, \\u{1F603}', 2, 15);
      pen.fillStyle = 'rgba(102, 204, 0, 0.2)';
      pen.font = '18pt Arial';
      pen.fillText('Cwm fjordbank glyphs vext quiz, \\u{1F603}', 4, 45);
      globalThis.print = canvas.toDataURL();`),
  },
  truth: truth('https://canvas-probe.test/', { fingerprinters: [PROBE] }),
};

/** What test for a font with pictograms does, on a canvas of ten by ten. */
const emojiTest: Site = {
  name: 'emoji-test',
  url: 'https://emoji-test.test/',
  summary: 'A feature test draws one pictogram on a canvas of 10 by 10 and looks whether anything is there',
  routes: {
    'emoji-test.test/': inlineScript(`
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 10;
      const pen = canvas.getContext('2d');
      pen.textBaseline = 'top';
      pen.font = '8px sans-serif';
      pen.fillText('\\u{1F603}', 0, 0);
      const [, , , alpha] = pen.getImageData(5, 5, 1, 1).data;
      document.title = canvas.toDataURL().length + ' ' + alpha;
      const flags = document.createElement('canvas').getContext('2d');
      flags.font = '600 32px Arial';
      flags.fillText('\\u{1F3F4}\\u{E0067}\\u{E0062}\\u{E0065}\\u{E006E}\\u{E0067}\\u{E007F}', 0, 0);
      flags.getImageData(0, 0, 300, 150);`),
  },
  truth: truth('https://emoji-test.test/'),
};

/** A chart with labels, which the page also offers as a picture. */
const canvasChart: Site = {
  name: 'canvas-chart',
  url: 'https://canvas-chart.test/',
  summary:
    'A chart is drawn on a canvas with labels in several colours, and offered as a picture to download',
  routes: {
    'canvas-chart.test/': inlineScript(`
      const canvas = document.createElement('canvas');
      canvas.width = 640;
      canvas.height = 320;
      document.body.append(canvas);
      const pen = canvas.getContext('2d');
      const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'];
      months.forEach((month, index) => {
        pen.save();
        pen.fillStyle = 'hsl(' + index * 40 + ' 60% 50%)';
        pen.fillRect(20 + index * 65, 280 - index * 25, 40, index * 25);
        pen.font = '12px sans-serif';
        pen.fillText(month, 20 + index * 65, 300, pen.measureText(month).width);
        pen.restore();
      });
      const link = document.createElement('a');
      link.href = canvas.toDataURL('image/png');
      link.textContent = 'Save as picture, ' + navigator.language;
      document.body.append(link);`),
  },
  truth: truth('https://canvas-chart.test/'),
};

const HIDDEN_PROBE = `
  const canvas = new OffscreenCanvas(240, 60);
  const pen = canvas.getContext('2d');
  pen.font = '18px serif';
  pen.fillText('How quickly daft jumping zebras vex', 2, 30);
  canvas.convertToBlob().then((blob) => blob.arrayBuffer());`;

/** Probes where they are easily missed. */
const hiddenProbes: Site = {
  name: 'hidden-probes',
  url: 'https://hidden-probes.test/',
  summary:
    'Canvases are read in a worker, in a frame of another site, and by a page that replaces built-ins first',
  routes: {
    'hidden-probes.test/': html(
      `<h1>Hidden</h1>
       <script>
         new Worker('/worker.js');
         JSON.stringify = Array.prototype.push = Array.prototype.join = () => '';
         WeakMap.prototype.get = WeakMap.prototype.set = () => {};
         console.debug = () => {};
         globalThis.Error = globalThis.Reflect = globalThis.Proxy = undefined;
         Object.defineProperty(Object.prototype, 'texts', { get: () => 0, set: () => {} });
       </script>
       <script src="/probe.js"></script><iframe src="https://hidden-probes-partner.test/"></iframe>`,
    ),
    'hidden-probes.test/worker.js': script(HIDDEN_PROBE),
    'hidden-probes.test/probe.js': script(HIDDEN_PROBE),
    'hidden-probes-partner.test/': html('<script src="/probe.js"></script>'),
    'hidden-probes-partner.test/probe.js': script(HIDDEN_PROBE),
  },
  truth: truth('https://hidden-probes.test/', {
    fingerprinters: [
      'https://hidden-probes.test/worker.js',
      'https://hidden-probes.test/probe.js',
      'https://hidden-probes-partner.test/probe.js',
    ],
  }),
};

/** Sites that fingerprint, and sites that only look like it. */
export const fingerprinting: readonly Site[] = [canvasProbe, emojiTest, canvasChart, hiddenProbes];
