import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tracer } from '../../sim/tracer.ts';

describe('Tracer', () => {
  it('follows a chunk back to the relay, with what was said meanwhile', () => {
    const tracer = new Tracer(1);
    tracer.arrived(5, 40, { at: 1_300, from: 3 });
    tracer.arrived(3, 40, { at: 1_100, from: -1 });
    tracer.note(5, 1_200, 'to 3: want 40');
    tracer.note(3, 50_000, 'much later');
    const story = tracer.explain(5, 40, 1_000)!;
    assert.match(story, /viewer 5: \+300 ms from viewer 3/);
    assert.match(story, /viewer 3: \+100 ms from the relay/);
    assert.match(story, / 200 {2}to 3: want 40/);
    assert.doesNotMatch(story, /much later/);
    assert.equal(tracer.explain(5, 40, 1_000), undefined);
  });

  it('tells of a chunk that never came, and of one that went in a circle', () => {
    const tracer = new Tracer(2);
    assert.match(tracer.explain(1, 7, 1_000)!, /viewer 1: never/);
    tracer.arrived(1, 8, { at: 1_200, from: 2 });
    tracer.arrived(2, 8, { at: 1_100, from: 1 });
    assert.match(tracer.explain(1, 8, 1_000)!, /viewer 2: \+100 ms from viewer 1/);
  });
});
