/** Readings that are each reported; after that at powers of two. */
const READS_MAX = 40;
/** Texts of one canvas that are looked at closely, and characters of each. */
const TEXTS_MAX = 64;
const CHARACTERS_MAX = 200;

/** Part of the fingerprinting hook: what was drawn on canvases, told when somebody reads it back. */
export const CANVAS_HOOK = `
  // Canvases: what was drawn, until somebody reads it back.
  const canvases = new WeakMap();
  const drawingOn = (canvas) => {
    let drawing = call(mapGet, canvases, canvas);
    if (!drawing) {
      drawing = { __proto__: null, texts: 0, characters: 0, colours: 0, known: dictionary(), savesState: false };
      call(mapSet, canvases, canvas, drawing);
    }
    return drawing;
  };
  const countCharacters = (text) => {
    const known = dictionary();
    let count = 0;
    for (let i = 0; i < text.length && i < ${CHARACTERS_MAX}; i += 1) {
      const unit = text[i];
      // The first half of a pair says little: pictograms share it.
      if (known[unit] || (unit >= '\\ud800' && unit <= '\\udbff')) continue;
      known[unit] = true;
      count += 1;
    }
    return count;
  };
  const noteText = (drawing, text, colour) => {
    drawing.texts += 1;
    if (drawing.texts > ${TEXTS_MAX}) return;
    const characters = countCharacters(text);
    if (characters > drawing.characters) drawing.characters = characters;
    const key = typeof colour === 'string' ? colour : 'pattern';
    if (drawing.known[key]) return;
    drawing.known[key] = true;
    drawing.colours += 1;
  };
  const isConnected = nativeOf(global.Node?.prototype, 'isConnected', 'get');
  let reads = 0;
  const reading = (api, canvasOf, sizeOf) => (native, self, args) => {
    const result = apply(native, self, args);
    reads += 1;
    if (!isSampled(reads, ${READS_MAX})) return result;
    try {
      const canvas = canvasOf(self);
      const drawing = drawingOn(canvas);
      const { width, height } = sizeOf(canvas);
      const isPart = api === 'getImageData';
      let isInDocument = false;
      try {
        isInDocument = call(isConnected, canvas);
      } catch {}
      report(token, 'read', api, width, height, isPart ? +args[2] : width, isPart ? +args[3] : height, drawing.texts,
        drawing.characters, drawing.colours, drawing.savesState, isInDocument);
    } catch {}
    return result;
  };
  const watchCanvas = (canvasClass, contextClass, exports) => {
    const canvasPrototype = global[canvasClass]?.prototype;
    const context = global[contextClass]?.prototype;
    if (!canvasPrototype || !context) return;
    const canvasGetter = nativeOf(context, 'canvas', 'get');
    const widthGetter = nativeOf(canvasPrototype, 'width', 'get');
    const heightGetter = nativeOf(canvasPrototype, 'height', 'get');
    const canvasOf = (self) => call(canvasGetter, self);
    const sizeOf = (canvas) => ({
      __proto__: null, width: call(widthGetter, canvas), height: call(heightGetter, canvas),
    });
    for (let i = 0; i < exports.length; i += 1)
      wrap(canvasPrototype, exports[i], 'value', reading(exports[i], (self) => self, sizeOf));
    wrap(context, 'getImageData', 'value', reading('getImageData', canvasOf, sizeOf));
    const drawsText = (name, colourName) => {
      const colourGetter = nativeOf(context, colourName, 'get');
      wrap(context, name, 'value', (native, self, args) => {
        // Turned into text here, so that it is turned only once.
        if (args.length > 2 && typeof args[0] !== 'string') args[0] = \`\${args[0]}\`;
        const result = apply(native, self, args);
        noteText(drawingOn(canvasOf(self)), args[0], call(colourGetter, self));
        return result;
      });
    };
    drawsText('fillText', 'fillStyle');
    drawsText('strokeText', 'strokeStyle');
    const savesState = (native, self, args) => {
      const result = apply(native, self, args);
      drawingOn(canvasOf(self)).savesState = true;
      return result;
    };
    wrap(context, 'save', 'value', savesState);
    wrap(context, 'restore', 'value', savesState);
    wrap(context, 'drawImage', 'value', (native, self, args) => {
      const result = apply(native, self, args);
      const source = typeof args[0] === 'object' ? call(mapGet, canvases, args[0]) : null;
      if (source) {
        const drawing = drawingOn(canvasOf(self));
        drawing.texts += source.texts;
        drawing.characters = drawing.characters > source.characters ? drawing.characters : source.characters;
        drawing.colours = drawing.colours > source.colours ? drawing.colours : source.colours;
        drawing.savesState ||= source.savesState;
      }
      return result;
    });
    wrap(context, 'font', 'set', (native, self, args) => {
      const result = apply(native, self, args);
      if (typeof args[0] === 'string') noteFont(args[0], 'CanvasRenderingContext2D.font');
      return result;
    });
    wrap(context, 'measureText', 'value', counting('CanvasRenderingContext2D.measureText'));
    wrap(canvasPrototype, 'getContext', 'value', (native, self, args) => {
      const result = apply(native, self, args);
      const kind = args[0];
      if (kind === 'webgl' || kind === 'webgl2' || kind === 'experimental-webgl') note('HTMLCanvasElement.getContext(webgl)');
      return result;
    });
  };
  watchCanvas('HTMLCanvasElement', 'CanvasRenderingContext2D', ['toDataURL', 'toBlob']);
  watchCanvas('OffscreenCanvas', 'OffscreenCanvasRenderingContext2D', ['convertToBlob', 'transferToImageBitmap']);
`;
