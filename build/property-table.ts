// Reads the table of reactive properties off a Lit element's class: `static properties`, written out or in a constant.

import ts from 'typescript';

/** A reactive property, and the attribute that sets it, if any. */
export interface TableEntry {
  readonly property: string;
  readonly attribute: string | undefined;
}

/** The table, in its order; empty when the class has none. */
export function propertyTable(declaration: ts.ClassDeclaration, checker: ts.TypeChecker): readonly TableEntry[] {
  const table = declaration.members.find(
    (member): member is ts.PropertyDeclaration =>
      ts.isPropertyDeclaration(member) && member.name.getText() === 'properties',
  );
  return assignments(table?.initializer, checker).map(({ name, initializer }) => {
    const property = name.getText();
    const attribute = assignments(initializer, checker).findLast(({ name }) => name.getText() === 'attribute');
    const { initializer: word } = attribute ?? {};
    if (word?.kind === ts.SyntaxKind.FalseKeyword) return { property, attribute: undefined };
    return { property, attribute: word && ts.isStringLiteral(word) ? word.text : property.toLowerCase() };
  });
}

/** What an object literal, or the constant that holds one, says; what it spreads comes in its place. */
function assignments(expression: ts.Expression | undefined, checker: ts.TypeChecker): ts.PropertyAssignment[] {
  if (!expression) return [];
  if (ts.isIdentifier(expression)) {
    const symbol = checker.getSymbolAtLocation(expression);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const value = target?.valueDeclaration;
    return assignments(value && ts.isVariableDeclaration(value) ? value.initializer : undefined, checker);
  }
  if (!ts.isObjectLiteralExpression(expression)) return [];
  return expression.properties.flatMap(one => {
    if (ts.isSpreadAssignment(one)) return assignments(one.expression, checker);
    return ts.isPropertyAssignment(one) ? [one] : [];
  });
}
