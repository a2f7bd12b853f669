import { describe, expect, it } from '@jest/globals';
import { callStack, stackUrls } from './call-stack.ts';

const at = (scriptId: string, url: string) => ({
  functionName: '',
  scriptId,
  url,
  lineNumber: 0,
  columnNumber: 0,
});

describe('callStack', () => {
  it('joins the stacks that scheduled the code, innermost first', () => {
    const stack = {
      callFrames: [at('1', 'https://a.test/1.js'), at('2', '')],
      parent: {
        callFrames: [at('3', 'https://a.test/3.js')],
        parent: { callFrames: [at('4', 'https://a.test/')] },
      },
    };
    expect(callStack(stack)).toEqual({
      frames: [
        { scriptId: '1', url: 'https://a.test/1.js' },
        { scriptId: '2', url: '' },
        { scriptId: '3', url: 'https://a.test/3.js' },
        { scriptId: '4', url: 'https://a.test/' },
      ],
      parentId: null,
    });
  });

  it('says where the browser keeps the rest of a stack', () => {
    const parentId = { id: '7', debuggerId: 'd' };
    expect(callStack({ callFrames: [], parentId })).toEqual({ frames: [], parentId });
    expect(callStack({ callFrames: [], parent: { callFrames: [], parentId } }).parentId).toEqual(parentId);
  });

  it('of nothing is empty', () => {
    expect(callStack(undefined)).toEqual({ frames: [], parentId: null });
  });
});

describe('stackUrls', () => {
  it('names every script once, innermost first, and leaves out code without a name', () => {
    const stack = {
      callFrames: [at('1', 'https://a.test/tag.js'), at('2', ''), at('1', 'https://a.test/tag.js')],
      parent: { callFrames: [at('3', 'https://a.test/'), at('1', 'https://a.test/tag.js')] },
    };
    expect(stackUrls(stack)).toEqual(['https://a.test/tag.js', 'https://a.test/']);
  });

  it('of nothing is empty', () => {
    expect(stackUrls(undefined)).toEqual([]);
  });
});
