// dist/custom-elements.json (https://github.com/webcomponents/custom-elements-manifest): what editors and documentation tools know of the elements.
// Read off the sources, so that it can't say anything else than they do: members and attributes from the classes, parts, slots and custom
// properties from the templates and styles. What each is for stands beside the styles, as `@csspart name - what it is`.

import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { mediaEvents } from '../components/p2p-live-events.ts';
import { propertyTable } from './property-table.ts';
import { stylingFace } from './styling-face.ts';

/** An element that the package defines. */
interface ElementSource {
  readonly tag: string;
  readonly module: string;
  readonly className: string;
  /** Where its templates and styles are; folders are not looked into. */
  readonly folders: readonly string[];
  /** The interface that types its own events. */
  readonly events?: string;
  /** It fires HTMLMediaElement's events, too. */
  readonly isMedia?: boolean;
  /** What to import; `index` if not given. */
  readonly entry?: string;
}

const ELEMENTS: readonly ElementSource[] = [
  {
    tag: 'p2p-live',
    module: 'components/p2p-live.ts',
    className: 'P2pLive',
    folders: ['components', 'components/controls'],
    events: 'components/p2p-live-events.ts',
    isMedia: true,
  },
  { tag: 'p2p-stats', module: 'components/stats/p2p-stats.ts', className: 'P2pStats', folders: ['components/stats'] },
  {
    tag: 'p2p-publish',
    module: 'components/publish/p2p-publish.ts',
    className: 'P2pPublish',
    folders: ['components/publish'],
    events: 'components/publish/p2p-publish-events.ts',
    entry: 'publish',
  },
  {
    tag: 'p2p-room',
    module: 'components/room/p2p-room.ts',
    className: 'P2pRoom',
    folders: ['components/room'],
    events: 'components/room/p2p-room-events.ts',
    entry: 'room',
  },
];

/** The manifest of the sources in `root`. */
export function customElementsManifest(root: string): object {
  const elements = ELEMENTS.filter(({ module }) => existsSync(join(root, module)));
  const files = elements.flatMap(({ module, events }) => [module, ...(events ? [events] : [])]);
  const options = { ...compilerOptions(root), noEmit: true };
  const program = ts.createProgram(
    files.map(file => join(root, file)),
    options,
  );
  const modules = elements.map(element => ({
    kind: 'javascript-module',
    path: `dist/${element.entry ?? 'index'}.js`,
    declarations: [declarationOf(element, program, root)],
    exports: [
      {
        kind: 'js',
        name: element.className,
        declaration: { name: element.className, module: `dist/${element.entry ?? 'index'}.js` },
      },
      { kind: 'custom-element-definition', name: element.tag, declaration: { name: element.className } },
    ],
  }));
  return { schemaVersion: '2.1.0', readme: 'README.md', modules };
}

function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

function declarationOf(element: ElementSource, program: ts.Program, root: string): object {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(root, element.module));
  const found = file?.statements.find(
    (one): one is ts.ClassDeclaration => ts.isClassDeclaration(one) && one.name?.text === element.className,
  );
  if (!found) throw new Error(`${element.module} has no class ${element.className}`);
  const symbol = checker.getSymbolAtLocation(found.name!)!; // a class with a name has a symbol
  const files = program.getSourceFiles().filter(({ fileName }) => {
    const path = relative(root, fileName);
    return element.folders.includes(dirname(path));
  });
  const face = stylingFace(files, new RegExp(`^--(?:p2p-live|${element.tag})-`), checker);
  const properties = propertyTable(found, checker);
  return {
    kind: 'class',
    customElement: true,
    name: element.className,
    tagName: element.tag,
    superclass: { name: 'LitElement', package: 'lit' },
    description: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    attributes: properties
      .filter(({ attribute }) => attribute)
      .map(({ property, attribute }) => ({ name: attribute, fieldName: property })),
    members: membersOf(found, checker, properties),
    events: element.events ? eventsOf(element, program.getSourceFile(join(root, element.events)), checker) : [],
    slots: face.slot,
    cssParts: face.csspart,
    cssProperties: face.cssprop,
  };
}

function membersOf(
  declaration: ts.ClassDeclaration,
  checker: ts.TypeChecker,
  properties: ReturnType<typeof propertyTable>,
): object[] {
  const attributes = new Map(properties.map(({ property, attribute }) => [property, attribute]));
  return checker
    .getTypeAtLocation(declaration)
    .getProperties()
    .flatMap(symbol => {
      const own = symbol.declarations?.find(one => /\/components\//.test(one.getSourceFile().fileName));
      const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
      if (!own || symbol.name.startsWith('#') || ts.getCombinedModifierFlags(own) & hidden) return [];
      const lifecycle = /^(connected|disconnected|attributeChanged|adopted)Callback$/.test(symbol.name);
      if (lifecycle) return [];
      const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
      const description = ts.displayPartsToString(symbol.getDocumentationComment(checker));
      const attribute = attributes.get(symbol.name);
      const isReadonly =
        symbol.flags & ts.SymbolFlags.Accessor
          ? !(symbol.flags & ts.SymbolFlags.SetAccessor)
          : Boolean(ts.getCombinedModifierFlags(own) & ts.ModifierFlags.Readonly);
      const text = (one: ts.Type) => ({ text: checker.typeToString(one, undefined, ts.TypeFormatFlags.NoTruncation) });
      const named = { name: symbol.name, ...(description && { description }) };
      const [signature] = type.getCallSignatures();
      if (signature && symbol.flags & ts.SymbolFlags.Method) {
        const parameters = signature
          .getParameters()
          .map(one => ({ name: one.name, type: text(checker.getTypeOfSymbolAtLocation(one, declaration)) }));
        return { kind: 'method', ...named, parameters, return: { type: text(signature.getReturnType()) } };
      }
      return {
        kind: 'field',
        ...named,
        type: text(type),
        ...(isReadonly && { readonly: true }),
        ...(attribute && { attribute }),
      };
    });
}

function eventsOf({ isMedia }: ElementSource, file: ts.SourceFile | undefined, checker: ts.TypeChecker): object[] {
  const own = [...(file?.statements ?? [])]
    .filter(one => ts.isInterfaceDeclaration(one))
    .flatMap(({ members }) => members)
    .filter(one => ts.isPropertySignature(one))
    .map(member => ({
      name: member.name.getText(),
      type: { text: member.type?.getText() ?? 'Event' },
      description: ts.displayPartsToString(checker.getSymbolAtLocation(member.name)?.getDocumentationComment(checker)),
    }));
  return [...own, ...Object.values(isMedia ? mediaEvents : {}).map(name => ({ name, type: { text: 'Event' } }))];
}

if (process.argv[1]?.endsWith('custom-elements.ts'))
  writeFileSync('dist/custom-elements.json', `${JSON.stringify(customElementsManifest(process.cwd()), null, 2)}\n`);
