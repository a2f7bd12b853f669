/** Properties that tell something of the browser or its machine, by interface. */
const READ_PROPERTIES: Readonly<Record<string, string>> = {
  Navigator:
    'userAgent appVersion appName appCodeName product productSub vendor vendorSub platform language languages ' +
    'hardwareConcurrency deviceMemory maxTouchPoints plugins mimeTypes pdfViewerEnabled cookieEnabled doNotTrack ' +
    'webdriver connection userAgentData globalPrivacyControl',
  NavigatorUAData: 'brands mobile platform',
  NetworkInformation: 'downlink rtt effectiveType saveData type',
  Screen:
    'width height availWidth availHeight availLeft availTop colorDepth pixelDepth orientation isExtended',
  BaseAudioContext: 'sampleRate',
  AudioContext: 'baseLatency outputLatency',
};

/** Methods that do so, by interface. */
const CALLED_METHODS: Readonly<Record<string, string>> = {
  Navigator: 'javaEnabled getBattery getGamepads requestMIDIAccess requestMediaKeySystemAccess',
  NavigatorUAData: 'getHighEntropyValues',
  MediaDevices: 'enumerateDevices',
  Permissions: 'query',
  RTCPeerConnection: 'createDataChannel createOffer setLocalDescription',
  StorageManager: 'estimate',
  SpeechSynthesis: 'getVoices',
  Keyboard: 'getLayoutMap',
  GPU: 'requestAdapter',
  HTMLMediaElement: 'canPlayType',
  Date: 'getTimezoneOffset',
  OfflineAudioContext: 'startRendering',
  BaseAudioContext: 'createOscillator createDynamicsCompressor createAnalyser createScriptProcessor',
  AudioBuffer: 'getChannelData copyFromChannel',
  AnalyserNode: 'getFloatFrequencyData getByteFrequencyData',
};

/** Part of the fingerprinting hook: counts what tells one browser or machine from another when it is read or called. */
export const COUNTING_HOOK = `
  wrapAll(${JSON.stringify(listed(READ_PROPERTIES))}, 'get');
  wrapAll(${JSON.stringify(listed(CALLED_METHODS))}, 'value');
  wrap(global.Intl.DateTimeFormat.prototype, 'resolvedOptions', 'value', counting('DateTimeFormat.resolvedOptions'));
  wrap(global, 'devicePixelRatio', 'get', counting('Window.devicePixelRatio'));
  wrap(global, 'matchMedia', 'value', counting('Window.matchMedia'));
  wrap(global, 'queryLocalFonts', 'value', counting('Window.queryLocalFonts'));
  wrap(global.MediaSource, 'isTypeSupported', 'value', counting('MediaSource.isTypeSupported'));
  wrap(global.Notification, 'permission', 'get', counting('Notification.permission'));
`;

function listed(names: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(names).map(([owner, list]) => [owner, list.split(' ')]));
}
