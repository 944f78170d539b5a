import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { layoutTiles } from '../../../../components/room/tile-layout.ts';

const grid = (count: number, width: number, height: number) => {
  const { columns, rows } = layoutTiles(count, { width, height, gap: 8 });
  return `${columns}x${rows}`;
};

describe('layoutTiles', () => {
  it('fills a desktop, a phone held upright and a phone held across', () => {
    const counts = [1, 2, 3, 4, 5, 6, 9, 12];
    const layouts = (width: number, height: number) => counts.map(count => grid(count, width, height)).join(' ');
    assert.equal(layouts(1280, 720), '1x1 2x1 2x2 2x2 3x2 3x2 3x3 4x3');
    assert.equal(layouts(390, 700), '1x1 1x2 1x3 2x2 2x3 2x3 3x3 3x4');
    assert.equal(layouts(780, 300), '1x1 2x1 3x1 2x2 3x2 3x2 5x2 4x3');
  });

  it('uses proportions in which faces fill the tile', () => {
    const size = (count: number, width: number, height: number) => {
      const layout = layoutTiles(count, { width, height, gap: 8 });
      return `${layout.width}x${layout.height}`;
    };
    assert.equal(size(2, 1280, 720), '636x636', 'wide cameras are not cut to half');
    assert.equal(size(1, 1280, 720), '1280x720');
    assert.equal(size(4, 390, 700), '191x254', 'upright cameras are not cut at all');
  });

  it('keeps within the box and within the proportions of a picture, whatever the box', () => {
    const plan = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      width: fc.integer({ min: 200, max: 4_000 }),
      height: fc.integer({ min: 150, max: 3_000 }),
      gap: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(plan, ({ count, ...box }) => {
        const { columns, rows, width, height } = layoutTiles(count, box);
        assert.ok(columns * rows >= count && columns * (rows - 1) < count, `${columns}x${rows} for ${count}`);
        assert.ok(columns * width + (columns - 1) * box.gap <= box.width, 'not too wide');
        assert.ok(rows * height + (rows - 1) * box.gap <= box.height, 'not too high');
        assert.ok(width / height > 0.7 && width / height < 1.85, `${width}x${height}`);
      }),
    );
  });

  it('gives a box without room the smallest tiles there are, and refuses to lay out nobody', () => {
    const { width, height } = layoutTiles(12, { width: 0, height: 0, gap: 8 });
    assert.deepEqual([width, height], [1, 1]);
    assert.throws(() => layoutTiles(0, { width: 100, height: 100, gap: 8 }), RangeError);
  });
});
