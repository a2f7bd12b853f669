import type { ConsentPurpose } from '@cookie-scanner/contracts';
import { plainLabel } from './label-purpose.ts';

/**
 * What is written on the buttons of banners, by purpose. Phrases are separated by commas and count at the
 * beginning of a word; one that ends in `_` counts as whole words only. `is` lists labels that count only when nothing
 * else stands on the button.
 */
interface ConsentWords {
  readonly purpose: ConsentPurpose;
  readonly has: readonly string[];
  readonly is: readonly string[];
}

/**
 * In the order in which they are tried: the first purpose that fits is what a label means. Refusals come before
 * agreements, because "accept only what is necessary" speaks of accepting and does not mean it.
 *
 * Languages: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish, Norwegian,
 * Finnish, Czech, Slovak, Hungarian, Romanian, Bulgarian, Greek, Croatian, Slovene, Turkish, Estonian, Latvian,
 * Lithuanian, Ukrainian, Russian.
 */
const WORDS: readonly ConsentWords[] = [
  {
    purpose: 'pay',
    has: [
      'subscribe, reject and pay, pay and reject, reject and subscribe, pay to reject, go ad free',
      'abonnieren, abo abschliessen, zum abo, pur abo, pur abonnement, mit werbefreiem, jetzt kaufen',
      's abonner, abonnez vous, je m abonne, refuser et payer, continuer pour_, suscrib, rechazar y pagar',
      'pagar_, abbonati, abbonarsi, rifiuta e abbonati, rifiuta e paga, assinar, assine',
      'abonneren, neem een abonnement, subskrybuj, wykup, zaplac, prenumerera, abonner, tilaa_',
      'predplatit, predplatne, elofizet',
    ],
    is: ['pay, abo, pur'],
  },
  {
    purpose: 'withdraw',
    has: [
      'withdraw, revoke, opt out of all, widerruf, einwilligung zuruckziehen, zustimmung zuruckziehen',
      'retirer mon consentement, retirer votre consentement, retirer le consentement, revoquer, revocar',
      'retirar consentimiento, retirar el consentimiento, retirar mi consentimiento, revoca, ritira',
      'retirar consentimento, retirar o consentimento, revogar, toestemming intrekken, intrekken',
      'wycofaj, cofnij zgod, aterkalla, dra tillbaka, traek samtykke, traek dit samtykke, tilbagekald',
      'trekk tilbake, trekk samtykke, peruuta suostumu, peru suostumu, odvolat, odvolat suhlas',
      'visszavon, retrag, оттегл, ανακλησ, povuci, preklici, umakni, geri cek, onay geri',
      'tuhista nousolek, atsaukt, atsaukti, відкликати, отозвать',
    ],
    is: [],
  },
  {
    purpose: 'reject',
    has: [
      'reject, decline, refuse, deny, disagree, opt out, disallow, no thanks, i do not_, i don t_',
      'do not accept, don t accept, do not allow, don t allow, do not agree, not agree, not accept',
      'do not consent, without accepting, without agreeing, without consent, only necessary, necessary only',
      'only essential, essential only, essentials only, essential cookies only, only the essential',
      'necessary cookies only, strictly necessary, only required, required only, required cookies only',
      'accept only, allow only, agree only, accept all necessary, accept all essential, only use necessary',
      'use necessary, accept necessary, accept essential, allow necessary, allow essential',
      'just necessary, just essential, only functional, functional only, disable all, block all, turn off all',
      'ablehn, lehne ab, verweiger, nicht akzeptieren, nicht zustimmen, nicht einverstanden, nicht annehmen',
      'nur notwendig, nur die notwendig, nur erforderlich, nur essenziell, nur essentiell, nur technisch',
      'nur funktional, nur unbedingt, notwendige akzeptieren, nur notige, ohne zustimmung, ohne einwilligung',
      'ohne zu akzeptieren, notwendige cookies akzeptieren, nur ausgewahlte nicht, auf notwendige, nein danke',
      'alle abwahlen, nur das notig, mit notwendig, weiter ohne, nicht zulassen, nicht erlauben, nur noetig',
      'erforderliche cookies akzeptieren, essenzielle cookies akzeptieren',
      'refus, sans accepter, ne pas accepter, n accepte pas, je n accepte, non merci, continuer sans',
      'tout interdire, n accepter que, uniquement les necessaires, necessaires uniquement',
      'strictement necessaire, je decline',
      'accepter les cookies necessaires, cookies essentiels uniquement, uniquement les cookies, interdire tous',
      'rechaz, no acept, no acepto, denegar, denega, solo necesari, solo las necesari, solo lo necesari',
      'solo cookies, solo las cookies, unicamente necesari, solo esencial, continuar sin, no gracias',
      'desactivar todas, solo tecnicas, aceptar necesarias, aceptar solo, aceptar las necesarias, no permitir',
      'rifiut, non accett, nega_, solo necessari, solo i necessari, solo quelli necessari, solo tecnici',
      'solo i cookie, solo cookie, continua senza, prosegui senza, senza accettare, accetta solo, no grazie',
      'accetta necessari, accetta i necessari, usa solo, disattiva tutt',
      'rejeit, recus, nao aceit, nao permitir, apenas necessari, apenas os necessari, so necessari, nao obrigad',
      'apenas essencia, somente necessari, somente os necessari, somente essencia, negar, continuar sem',
      'aceitar apenas, apenas cookies, aceitar necessari, aceitar somente',
      'weiger, afwijz, niet accepteren, niet akkoord, alleen noodzakelijk, alleen functione, alleen essentie',
      'enkel noodzakelijk, enkel functione, zonder accepteren, zonder te accepteren, doorgaan zonder',
      'nee bedankt',
      'alleen de noodzakelijk, alleen strikt, noodzakelijke accepteren, noodzakelijke cookies accepteren',
      'niet toestaan',
      'odrzuc, odmow, odmawiam, nie zgadzam, nie wyrazam, nie akcept, tylko niezbedn, tylko konieczn',
      'tylko wymagan, bez akcept, bez zgody, akceptuj niezbedne, zaakceptuj niezbedne, akceptuj tylko',
      'nie dziekuje',
      'akceptuje tylko, zaakceptuj tylko, zezwol tylko, tylko podstawowe',
      'avvisa, avboj, neka_, neka alla, acceptera inte, godkann inte, endast nodvandig, bara nodvandig',
      'endast nodvandiga, fortsatt utan, utan att acceptera, acceptera nodvandiga, acceptera endast',
      'godkann endast',
      'tillat endast, godkann nodvandiga, nej tack, jag godkanner inte, jag samtycker inte, endast strikt',
      'afvis, naegt, kun nodvendig, kun de nodvendig, accepter ikke, accepter kun, tillad kun, nej tak',
      'accepter nodvendige, fortsaet uden, uden at acceptere, jeg accepterer ikke, brug kun nodvendige',
      'kun tekniske',
      'avvis, nekt, avsla, ikke godta, godta ikke, godta kun, kun strengt, bare nodvendig, tillat kun',
      'fortsett uten, uten a godta, godta bare, tillat bare, nei takk, godta nodvendige',
      'hylkaa, hylka, kiella, kielta, en hyvaksy, ala hyvaksy, vain valttamatt, vain pakolli, ei kiitos',
      'hyvaksy vain, salli vain, hyvaksymatta, vain tarpeelli, vain toiminnalliset',
      'odmitn, odmitam, zamitn, nesouhlas, neprijm, pouze nezbytn, jen nezbytn, pouze nutn, jen nutn',
      'povolit pouze, povolit jen, prijmout pouze, prijmout jen, pouze technick, bez souhlasu, prijmout nezbytn',
      'odmietn, odmietam, zamietn, nesuhlas, iba nevyhnutn, len nevyhnutn, iba potrebn, prijat iba',
      'prijat len, povolit iba, povolit len, bez suhlasu, prijat nevyhnutn',
      'elutasit, nem fogad, nem jarul, csak a szukseg, csak szukseg, csak az elengedhet, csak a feltetlen',
      'nem engedely, csak a mukodes, visszautasit, szuksegesek elfogad, csak az alapvet',
      'resping, refuz, nu accept, nu sunt de acord, doar necesar, doar cele necesar, numai necesar',
      'doar esential',
      'accepta doar, accept doar, numai cele, doar cookie, strict necesar, continua fara',
      'отхвър, отказ, не приема, само необходим, само задължит, не съм съглас, приемам само',
      'απορριψ, απορριπτ, αρνηση, αρνουμαι, δεν αποδεχ, δεν συμφων, μονο απαραιτ, μονο τα απαραιτ',
      'μονο τα αναγκ',
      'αποδοχη μονο, αποδοχη απαραιτ, χωρις αποδοχη',
      'odbij, odbac, ne prihvac, ne slazem, samo nuzn, samo neophodn, samo obavezn, prihvati samo',
      'prihvati nuzn',
      'zavrni, zavrac, ne sprejm, ne strinjam, samo nujn, sprejmi samo, samo potrebn, dovoli samo',
      'reddet, reddedi, kabul etme, kabul etmiyorum, sadece gerekli, yalnizca gerekli, yalnizca zorunlu',
      'sadece zorunlu, izin verme, onaylamiyorum',
      'keeldu, lukka tagasi, ei noustu, ainult vajalik, ainult hadavajalik, noustu ainult, luba ainult',
      'noraid, nepiekrit, tikai nepieciesam, tikai obligat, atteikt, atteikties',
      'atmest, nesutink, tik butin, tik reikaling, atsisak, priimti tik, leisti tik',
      'відхил, відмов, не погодж, не прийма, лише необхідн, тільки необхідн, прийняти лише',
      'отклон, не соглас, не принима, только необходим, только обязател, принять только, запретить',
    ],
    is: [
      'no, nein, non, nee, nie, nej, nei, ei, ne, nem, nu, не, οχι, hayir, nao, kun nodvendige',
      'necessary, essential, notwendige, essenzielle, erforderliche, necesarias, nodvandiga, opt out',
    ],
  },
  {
    purpose: 'save',
    has: [
      'save, confirm, submit, apply, accept selected, accept selection, allow selected, allow selection',
      'accept my, agree to selected, accept these, accept current, accept choices, update my',
      'update preferences',
      'speicher, auswahl_, ausgewahlte, bestatig, ubernehmen, einstellungen akzeptieren, auswahl akzept',
      'enregistr, sauvegard, valider, confirmer, accepter la selection, autoriser la selection, appliquer',
      'guardar, confirmar, aceptar seleccion, permitir la seleccion, permitir seleccion, aceptar mi, aplicar',
      'aceptar la seleccion, salva, conferma, accetta selezion, accetta la selezion, accetta i selezion',
      'applica',
      'consenti selezion, gravar, salvar, aceitar selec, permitir selec, aceitar a selec',
      'opslaan, bewaar, bevestig, selectie, voorkeuren bevestigen, keuze toestaan, toepassen',
      'zapisz, potwierdz, zatwierdz, akceptuj wybran, zezwol na wybor, zaakceptuj wybran, zastosuj',
      'spara, bekrafta, godkann val, tillat val, acceptera val, gem_, bekraeft, tillad valgte, accepter valgte',
      'lagre, bekreft, godta valgte, tillat valgte, tallenna, vahvista, hyvaksy valitut, salli valinta',
      'salli valitut',
      'ulozit, ulozi, potvrdit, potvrdi, povolit vybran, prijmout vybran, prijat vybran, povolit vyber',
      'mentes, megerosit, kijeloltek, kivalasztottak, salvati, salveaza, salvare, confirma, accepta selec',
      'запаз, потвърд, αποθηκ, επιβεβαι, spremi, sacuvaj, shrani, kaydet, onayla secim, secimi',
      'salvesta, kinnita, saglabat, apstiprin, issaugo, patvirtin, зберегти, підтверд, сохран, подтверд',
    ],
    is: ['done, fertig, ok speichern'],
  },
  {
    purpose: 'settings',
    has: [
      'setting, preferenc, manage, custom, configur, personali, personnalis, options, more option, choose',
      'let me choose',
      'my choices, purposes, show purpose, cookie choices, do not sell, your privacy choices, privacy choices',
      'adjust, review choices, show details, view details, consent choices, change consent, change your consent',
      'einstell, anpass, verwalt, individuell, zwecke, optionen, auswahlen, details anzeigen, praferenz',
      'konfigurier, selbst entscheiden, mehr optionen, parametr, gerer, gestion, choisir, je choisis, reglage',
      'voir les finalites, plus d options, afficher les finalites, ajust, gestionar, opciones, elegir',
      'preferencias',
      'mas opciones, mostrar detalles, imposta, gestisci, scegli, opzioni, mostra dettagli, preferenze',
      'scopri di piu e',
      'defini, gerir, gerenciar, opcoes, escolher, instell, aanpass, beheer, voorkeur, opties, zelf',
      'ustawien, dostosuj, zarzadzaj, opcj, wybierz, szczegoly, installning, anpassa, hantera, alternativ',
      'valj_, visa detaljer, indstilling, tilpas, administrer, vaelg, vis detaljer, innstilling, velg, tilpass',
      'asetuks, mukauta, hallitse, valitse, muokkaa, nayta tiedot, nastaven, prizpusob, spravovat, upravit',
      'podrobn, prisposob, vlastne, beallit, testreszab, kezeles, reszletek, tovabbi lehet, setari, personaliz',
      'gestiona, optiuni, настройк, персонал, управл, ρυθμισ, προσαρμογ, διαχειρ, επιλογ, postavk, prilagod',
      'upravljaj, nastavitv, ayar, ozellestir, yonet, tercih, seaded, kohanda, halda, iestatijum, pielagot',
      'parvaldit, nustatym, tvarky, pritaiky, налаштув, керува, параметр, настроить',
    ],
    is: ['details, customize, customise, cookies details'],
  },
  {
    purpose: 'accept',
    has: [
      'accept, agree, allow, consent, i consent, enable all, opt in, yes_, that s ok, that s fine, sounds good',
      'okay with, ok with, ist ok, c est ok, enable cookies, continue with all',
      'akzept, zustimm, annehm, einverstanden, erlaub, zulassen, einwillig, alle auswahlen, stimme zu',
      'aktivieren',
      'j accept, d accord, tout autoriser, autoriser, acept, permitir, de acuerdo, consentir, estoy de acuerdo',
      'accett, acconsent, consenti, permetti, sono d accordo, aceit, concord, autorizar, consinto',
      'accepteer, accepteren, akkoord, toestaan, sta toe, ik ga akkoord, alles toestaan, instemmen',
      'akcept, zaakcept, zgadzam, zgoda, wyrazam zgod, zezwol, zezwalam, przyjmuj, przejdz do serwisu',
      'godkann, tillat, jag samtycker, samtyck, tillad, godkend, godta, aksept, samtykke, enig',
      'hyvaksy, salli, suostu, prijm, souhlas, povolit, prijat, prijim, suhlas, elfogad, engedely, hozzajarul',
      'egyetert, sunt de acord, permite, de acord, приема, съгласен, разреш, αποδοχ, αποδεχ, συμφων, επιτρεπ',
      'prihvac, prihvati, slazem, dopusti, dozvoli, sprejm, strinjam, dovoli, kabul, izin ver, onayla',
      'onayliyorum',
      'noustu, luba_, noustun, piekrit, atlaut, apstiprinat visu, sutink, priimti, leisti, прийня, погодж',
      'дозвол',
      'принять, принима, соглас, разрешить',
    ],
    is: ['yes, ja, oui, si, sim, tak, kylla, ano, igen, da, да, ναι, evet, jah, taip, так'],
  },
  {
    purpose: 'acknowledge',
    has: [
      'got it, i understand, understood, ok got, okay got, verstanden, alles klar, compris, j ai compris',
      'entendido, lo entiendo, ho capito, percebi, entendi, begrepen, ik begrijp, rozumiem, forstatt',
      'jag forstar',
      'forstaet, jeg forstar, forstatt, ymmarran, selva, rozumim, rozumiem, ertem, rendben, am inteles, inteleg',
      'разбрах, разбирам, καταλαβ, εντaξει, εντάξει, razumijem, razumem, anladim, tamam, sain aru, supratau',
      'зрозуміло, понятно',
    ],
    is: [
      'ok, okay, okey, o k, k, continue, weiter, continuer, continuar, continua, doorgaan, fortsatt, fine',
      'dismiss, ок, oke, vale, εντaξει',
    ],
  },
  {
    purpose: 'close',
    has: [
      'close, schliess, fermer, cerrar, chiudi, fechar, sluit, zamkn, stang, luk_, lukk, sulje, zavrit, zatvor',
      'bezar, inchide, затвор, κλεισ, kapat, закры, закри',
    ],
    is: ['x, luk, hide'],
  },
];

/** The same phrases as `plainLabel` leaves labels. */
export const CONSENT_WORDS: readonly ConsentWords[] = WORDS.map(({ purpose, has, is }) => ({
  purpose,
  has: phrases(has).map((phrase) => plainLabel(phrase) + (phrase.endsWith('_') ? ' ' : '')),
  is: phrases(is).map(plainLabel),
}));

function phrases(lists: readonly string[]): string[] {
  return lists.flatMap((list) => list.split(', '));
}

/** Tells a text about consent from any other, in the same languages; tried on text in small letters. */
export const CONSENT_VOCABULARY =
  /cookie|gdpr|dsgvo|rgpd|ccpa|consent|datenschutz|einwilligung|privatsph|privacy|tracker|tracking|traceur|vie privée|confidentialit|privacidad|consentimi|riservatezza|consenso|privacidade|toestemming|persoonsgegevens|ciastecz|prywatno|zgod[ayęą]|integritet|samtyck|kakor|personvern|samtykke|informasjonskaps|eväste|suostumu|tietosuoj|yksityisyy|soukrom|souhlas|súhlas|súkrom|süti|adatvédel|adatkezel|hozzájárul|confidențialit|consimțăm|бисквит|поверителност|съгласие|απόρρητο|απορρήτου|συγκατάθεσ|kolačić|privatnost|piškotk|zasebnost|çerez|gizlilik|kişisel veri|küpsis|sīkdat|slapuk|privātum|privatum|куки|персональн|конфіденц|конфиденц|згод[аиу]/;

/** Labels of what a visitor cannot refuse. */
export const NECESSARY_WORDS =
  /necess|necesar|essen[tz]|esenc|erforderlich|notwendig|requis|required|mandatory|obligat|always (on|active)|niezb|wymagan|konieczn|nezbytn|nutn|nevyhnutn|nödvändig|nødvendig|välttämät|szükség|noodzakelijk|необходим|απαραίτητ|nužn|zorunlu|vajalik|nepieciešam|būtin|strict|technisch|technique|técnic|tecnic/;
