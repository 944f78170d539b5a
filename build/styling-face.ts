// What pages may style of an element and put into it: names read off its templates and styles, descriptions off the comments beside them.

import ts from 'typescript';

/** A slot, a part or a custom property, as the manifest has it. */
export interface Face {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
}

type Kind = 'slot' | 'csspart' | 'cssprop';

/**
 * The faces of an element, by the JSDoc tag (`@csspart name - what it is`, `@cssprop [--name=default] - what it changes`, `@slot`) that describes
 * them on whatever stands at the top level of `files`. `properties`: which custom properties are of interest. Throws where something is there and not
 * described, or described and not there.
 */
export function stylingFace(
  files: readonly ts.SourceFile[],
  properties: RegExp,
  checker: ts.TypeChecker,
): Readonly<Record<Kind, readonly Face[]>> {
  const found: Record<Kind, Set<string>> = { slot: new Set(), csspart: new Set(), cssprop: new Set() };
  for (const file of files) {
    const visit = (node: ts.Node): void => {
      for (const part of partsIn(node, checker)) found.csspart.add(part);
      if (ts.isTemplateLiteralToken(node)) {
        for (const [, name = ''] of node.text.matchAll(/<slot(?: name="([\w-]+)")?/g)) found.slot.add(name);
        for (const [, name = ''] of node.text.matchAll(/\bvar\((--[\w-]+)/g))
          if (properties.test(name)) found.cssprop.add(name);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  const described = files.flatMap(({ statements }) => statements.flatMap(one => ts.getJSDocTags(one)));
  const facesOf = (kind: Kind) => match(kind, found[kind], described);
  return { slot: facesOf('slot'), csspart: facesOf('csspart'), cssprop: facesOf('cssprop') };
}

function match(kind: Kind, found: ReadonlySet<string>, tags: readonly ts.JSDocTag[]): readonly Face[] {
  const faces = tags.filter(({ tagName }) => tagName.text === kind).map(({ comment }) => faceOf(comment));
  const names = faces.map(({ name }) => name);
  const faults = [
    ...[...found].filter(name => !names.includes(name)).map(name => `${name} has no @${kind}`),
    ...names.filter(name => !found.has(name)).map(name => `@${kind} ${name} is nowhere to be found`),
    ...names.filter((name, i) => names.indexOf(name) < i).map(name => `@${kind} ${name} is there twice`),
    ...faces.filter(({ description }) => !description).map(({ name }) => `@${kind} ${name} says nothing`),
  ];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return faces.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function faceOf(comment: ts.JSDocTag['comment']): Face {
  const text = ts.getTextOfJSDocComment(comment) ?? '';
  const [, bracketed, value, plain, description = ''] =
    /^(?:\[([^=\]]+)(?:=([^\]]*))?\]|(\S+))\s*-?\s*([\s\S]*)$/.exec(text) ?? [];
  return { name: bracketed ?? plain ?? '', description, ...(value && { default: value }) };
}

/** The parts that a template gives to what is in it, a control is to have (`part: 'play-button'`), or an element gets (`part.add('video')`). */
function partsIn(node: ts.Node, checker: ts.TypeChecker): readonly string[] {
  const values: (readonly string[] | undefined)[] = [];
  if (ts.isTaggedTemplateExpression(node)) values.push(...attributeValues(node.template, checker));
  else if (ts.isPropertyAssignment(node) && node.name.getText() === 'part')
    values.push(wordings(node.initializer, checker));
  else if (ts.isCallExpression(node) && /\.part\.add$/.test(node.expression.getText()))
    values.push(...node.arguments.map(one => wordings(one, checker)));
  return values.flatMap(each => each ?? []).flatMap(value => value.split(' ').filter(Boolean));
}

/** What each word of the `part`s of a template may be. */
function attributeValues(template: ts.TemplateLiteral, checker: ts.TypeChecker): (readonly string[] | undefined)[] {
  const spans = ts.isTemplateExpression(template) ? [...template.templateSpans] : [];
  const first = ts.isTemplateExpression(template) ? template.head.text : template.text;
  const text = first + spans.map(({ literal }, i) => `{${i}}${literal.text}`).join('');
  return [...text.matchAll(/\bpart="([^"]*)"/g)].flatMap(([, value = '']) =>
    value.split(' ').map(word => {
      const [before = '', ...rest] = word.split('{');
      let all: readonly string[] | undefined = [before];
      for (const one of rest) {
        const [index, after = ''] = one.split('}');
        const choices = wordings(spans[Number(index)]!.expression, checker); // the index is from above
        // A word of its own is told by whoever gives it.
        if (!choices && word !== `{${index}}`)
          throw new Error(`part="${value}" in ${template.getText()} may be anything`);
        all = choices && product(all, choices, after);
      }
      return all;
    }),
  );
}

/** All that an expression can come to; undefined where that may be anything. */
function wordings(expression: ts.Expression, checker: ts.TypeChecker): readonly string[] | undefined {
  if (ts.isTemplateExpression(expression)) {
    let all: readonly string[] | undefined = [expression.head.text];
    for (const { expression: inner, literal } of expression.templateSpans)
      all = product(all, wordings(inner, checker), literal.text);
    return all;
  }
  const type = checker.getTypeAtLocation(expression);
  const types = type.isUnion() ? type.types : [type];
  return types.every(one => one.isStringLiteral()) ? types.map(({ value }) => value) : undefined;
}

function product(
  starts: readonly string[] | undefined,
  choices: readonly string[] | undefined,
  end: string,
): readonly string[] | undefined {
  return starts && choices && starts.flatMap(start => choices.map(choice => start + choice + end));
}
