import { problemSchema, type Problem } from '@cookie-scanner/contracts';
import { PROBLEM_TYPE } from '../http/problem.ts';
import type { RawAnswer } from './raw-http.ts';

/** The problem that an answer carries; throws when it is not a well-formed one. */
export function problemBody(text: string): Problem {
  return problemSchema.strict().parse(JSON.parse(text));
}

/** The problem of an answer; throws when the answer is not wholly one, or shows something of our insides. */
export function expectProblem({ status, headers, body }: RawAnswer): Problem {
  const problem = problemBody(body);
  const isWhole = headers['content-type'] === PROBLEM_TYPE && problem.status === status;
  if (!isWhole || /node_modules|\.ts:\d| {4}at /.test(body)) throw new Error(`not a proper problem: ${body}`);
  return problem;
}
