import { BIG_JSON, freshHash, type TableCase } from './table-case.test.fixture.ts';

const LATER = '2100-01-01';

/** What is thought of a scan, by rules and by people. */
export const JUDGEMENT_TABLES: readonly TableCase[] = [
  {
    table: 'findings',
    good: async (make) => ({
      scan_id: await make.scan(),
      workspace_id: await make.workspace(),
      scanned_at: new Date(),
      rule: 'cookie-before-consent',
      fingerprint: freshHash(),
      severity: 'high',
      title: 'A cookie came before consent',
    }),
    breaks: [
      ['of a rule that is a sentence', { rule: 'Cookie before consent' }, 'rule_format'],
      ['of an endless rule', { rule: 'x'.repeat(101) }, 'rule_format'],
      ['without a fingerprint', { fingerprint: 'x' }, 'fingerprint_format'],
      ['without a title', { title: '' }, 'title_length'],
      ['with details that are a list', { detail: '[]' }, 'detail_is_small_object'],
      ['with endless details', { detail: BIG_JSON }, 'detail_is_small_object'],
      ['accepted at no time', { state: 'accepted' }, 'decided_is_whole'],
      ['decided by somebody at no time', { decided_by: 'user' }, 'decider_means_decided'],
      ['decided with an empty note', { decision_note: '' }, 'decision_note_length'],
    ],
  },
  {
    table: 'anomalies',
    good: async (make) => ({
      workspace_id: await make.workspace(),
      scan_id: await make.scan(),
      domain: 'shop.example',
      kind: 'new_tracker',
      severity: 'medium',
    }),
    breaks: [
      ['of a domain in capitals', { domain: 'Shop.example' }, 'domain_format'],
      ['with endless details', { detail: BIG_JSON }, 'detail_is_small_object'],
    ],
  },
  {
    table: 'baselines',
    good: async (make) => ({ workspace_id: await make.workspace(), domain: 'shop.example', content: '{}' }),
    breaks: [
      ['of a domain in capitals', { domain: 'Shop.example' }, 'domain_format'],
      ['that is a list', { content: '[]' }, 'content_is_object'],
      ['with an endless note', { note: 'x'.repeat(10_001) }, 'note_length'],
      ['retired at no time', { state: 'retired' }, 'retired_has_time'],
      ['active with an end', { retired_at: LATER }, 'retired_has_time'],
    ],
  },
  {
    table: 'baseline_approvals',
    good: async (make) => {
      const workspaceId = await make.workspace();
      const site = { workspace_id: workspaceId, domain: 'shop.example', content: '{}' };
      return {
        workspace_id: workspaceId,
        baseline_id: (await make.insert('baselines', site))['id'],
        subject_hash: freshHash(),
        subject: '["_fbp","shop.example","/",null]',
        owner: 'Web team',
        reason: 'A test until Christmas',
      };
    },
    breaks: [
      ['without a hash', { subject_hash: 'x' }, 'subject_hash_format'],
      ['of nothing', { subject: '' }, 'subject_length'],
      ['that nobody answers for', { owner: '' }, 'owner_length'],
      ['of an endless owner', { owner: 'x'.repeat(321) }, 'owner_length'],
      ['without a reason', { reason: '' }, 'reason_length'],
    ],
  },
  {
    table: 'category_overrides',
    good: async (make) => ({
      workspace_id: await make.workspace(),
      name: '_ga',
      category: 'necessary',
      reason: 'Counts visitors without telling them apart',
    }),
    breaks: [
      ['of cookies without a name', { name: '' }, 'name_length'],
      ['of an endless name', { name: 'x'.repeat(501) }, 'name_length'],
      ['for a domain in capitals', { domain: 'Shop.example' }, 'domain_format'],
      ['for a domain with a leading dot', { domain: '.shop.example' }, 'domain_format'],
      ['that says nothing', { category: 'unclassified' }, 'says_something'],
      ['without a reason', { reason: '' }, 'reason_length'],
    ],
  },
  {
    table: 'annotations',
    good: async (make) => ({
      workspace_id: await make.workspace(),
      target: 'scan',
      scan_id: await make.scan(),
      body: 'Ask the vendor',
    }),
    breaks: [
      ['on nothing', { scan_id: null }, 'hangs_on_its_target'],
      ['on another thing than it says', { target: 'report' }, 'hangs_on_its_target'],
      ['on a cookie that it does not name', { target: 'cookie' }, 'hangs_on_its_target'],
      ['on a cookie that has no identity', { target: 'cookie', subject: 'session' }, 'subject_format'],
      ['that is endless', { body: 'x'.repeat(20_001) }, 'body_length'],
      ['that says nothing', { body: '' }, 'says_something'],
      ['of a gene that it does not name', { kind: 'gene' }, 'says_something'],
      ['of a gene without a name', { kind: 'gene', reference: '' }, 'reference_length'],
      ['with endless details', { detail: BIG_JSON }, 'detail_is_small_object'],
    ],
  },
];
