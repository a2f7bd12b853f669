import { describe, expect, it } from '@jest/globals';
import { CONSENT_WORDS } from './consent-words.ts';
import { labelPurpose, plainLabel } from './label-purpose.ts';

const LABELS = {
  reject: [
    ...[
      'Reject all',
      'Decline',
      'Only necessary',
      'Accept only necessary',
      'Accept essential cookies',
      'I do not accept',
    ],
    ...[
      'Continue without accepting',
      'Don’t allow',
      'No, thanks',
      'Use necessary cookies only',
      'Refuse non-essential cookies',
    ],
    ...[
      'Alle ablehnen',
      'Nur notwendige Cookies akzeptieren',
      'Ich lehne ab',
      'Nicht zustimmen',
      'Ohne Einwilligung fortfahren',
    ],
    ...['Tout refuser', 'Continuer sans accepter →', 'Je n’accepte pas', 'N’accepter que les nécessaires'],
    ...['Rechazar todo', 'No acepto', 'Solo necesarias', 'Aceptar solo las necesarias'],
    ...[
      'Rifiuta tutti',
      'Continua senza accettare',
      'Accetta solo i necessari',
      'Rejeitar',
      'Apenas os necessários',
      'Não aceitar',
    ],
    ...[
      'Alles weigeren',
      'Alleen noodzakelijke cookies',
      'Niet akkoord',
      'Odrzuć wszystkie',
      'Nie zgadzam się',
      'Tylko niezbędne',
    ],
    ...[
      'Avvisa alla',
      'Endast nödvändiga',
      'Neka alla',
      'Afvis alle',
      'Kun nødvendige',
      'Avslå alle',
      'Bare nødvendige',
    ],
    ...[
      'Hylkää kaikki',
      'Vain välttämättömät',
      'Odmítnout vše',
      'Pouze nezbytné',
      'Odmietnuť',
      'Elutasítom',
      'Csak a szükségesek',
    ],
    ...[
      'Refuz toate',
      'Doar cele necesare',
      'Отхвърляне',
      'Само необходимите',
      'Απόρριψη όλων',
      'Μόνο απαραίτητα',
    ],
    ...[
      'Odbij sve',
      'Zavrni vse',
      'Reddet',
      'Keeldun',
      'Noraidīt',
      'Atmesti visus',
      'Відхилити',
      'Отклонить все',
    ],
  ],
  accept: [
    ...[
      'Accept all',
      'Accept & close',
      'I agree',
      'Allow all cookies',
      'Yes, I agree',
      "That's ok",
      '✅ Accept',
    ],
    ...[
      'Alle akzeptieren',
      'Zustimmen und weiter',
      'Einverstanden',
      'Tout accepter',
      'J’accepte',
      'OK, d’accord',
      'Aceptar todo',
    ],
    ...[
      'Accetta tutti',
      'Acconsento',
      'Aceitar todos',
      'Alles accepteren',
      'Akkoord',
      'Zgadzam się',
      'Akceptuję',
      'Godkänn alla',
    ],
    ...[
      'Tillad alle',
      'Godta alle',
      'Hyväksy kaikki',
      'Přijmout vše',
      'Souhlasím',
      'Prijať všetko',
      'Elfogadom',
      'Acceptă toate',
    ],
    ...[
      'Приемам всички',
      'Αποδοχή όλων',
      'Prihvati sve',
      'Sprejmi vse',
      'Kabul et',
      'Nõustun',
      'Piekrītu',
      'Sutinku',
      'Прийняти всі',
      'Принять все',
    ],
  ],
  withdraw: [
    'Withdraw consent',
    'Einwilligung widerrufen',
    'Widerrufen',
    'Retirer mon consentement',
    'Revocar consentimiento',
    'Wycofaj zgodę',
  ],
  settings: [
    'Cookie settings',
    'Manage preferences',
    'Customize',
    'Einstellungen',
    'Paramétrer',
    'Personnaliser',
    'Configurar',
    'Gestisci opzioni',
    'Ustawienia',
    'Inställningar',
    'Tilpas',
    'Nastavení',
  ],
  save: [
    'Save settings',
    'Confirm my choices',
    'Allow selection',
    'Auswahl bestätigen',
    'Einstellungen speichern',
    'Enregistrer mes choix',
    'Guardar preferencias',
    'Zapisz',
    'Spara val',
  ],
  acknowledge: ['OK', 'Ok!', 'Got it', 'I understand', 'Verstanden', 'Entendido', 'Rozumiem', 'Jag förstår'],
  pay: [
    'Subscribe now',
    'Reject and subscribe',
    'Jetzt Abo abschließen',
    'S’abonner',
    'Rifiuta e abbonati',
    'Suscribirse',
  ],
  close: ['×', '✕', 'Close', 'Schließen', 'Fermer'],
} as const;

describe.each(Object.entries(LABELS))('labels that mean %s', (purpose, labels) => {
  it.each(labels)('%s', (label) => expect(labelPurpose(label, CONSENT_WORDS)).toBe(purpose));
});

describe('other labels', () => {
  it.each([
    '',
    '→',
    'Privacy policy',
    'Impressum',
    'Shop',
    'Our 1,234 partners',
    'Datenschutzerklärung',
    '🍪',
  ])('mean nothing: %s', (label) => expect(labelPurpose(label, CONSENT_WORDS)).toBeNull());

  it('mean nothing when they are sentences', () => {
    const sentence =
      'By pressing this you accept that we and our many partners keep cookies on your device for years to come.';
    expect(labelPurpose(sentence, CONSENT_WORDS)).toBeNull();
  });

  it('are compared without case, accents, emoji, soft hyphens and odd spaces', () => {
    expect(plainLabel('  Alle\u00a0ak\u00adzep\u200btieren\n✅ ')).toBe('alle akzeptieren');
    expect(plainLabel('Łatwo, Ødegård & STRASSE straße')).toBe('latwo odegard strasse strasse');
  });
});
